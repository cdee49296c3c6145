import type { Line, OpenLine } from './live-connection.js';

/**
 * Tries the best kind of line first and another one where it never gets through: a WebSocket, then
 * an event stream for networks that let none pass.
 *
 * FB1  A kind is given up for the next one after two openings in a row on which nothing was heard,
 *      or one that took too long: a proxy that swallows an upgrade does not answer at all.
 * FB2  After the last kind comes the first again, so that a network that was down costs nobody the
 *      better kind for good. A kind that was heard in this life is preferred to one that never was.
 */
export interface FallbackPorts {
  /** Runs `callback` once after `delayMs`; returns the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

const failuresMax = 2;
const openingMsDefault = 6_000;

export function withFallback(
  kinds: readonly OpenLine[],
  ports: FallbackPorts,
  openingMs = openingMsDefault,
): OpenLine {
  const heard = kinds.map(() => false);
  let kind = 0;
  let failures = 0;

  const failed = (count: number): void => {
    failures += count;
    if (failures < failuresMax) return;
    kind = (kind + 1) % kinds.length;
    failures = 0;
  };
  const succeeded = (mine: number): void => {
    heard[mine] = true;
    failures = 0;
    // The best of those that get through.
    kind = heard.indexOf(true);
  };

  return (opening, ears) => {
    const mine = kind;
    let settled = false;
    const settle = (then: () => void): void => {
      if (settled) return;
      settled = true;
      cancel();
      then();
    };
    let cancel = (): void => undefined;
    const line: { current: Line | null } = { current: null };
    cancel = ports.after(openingMs, () => {
      settle(() => failed(failuresMax));
      line.current?.end();
      ears.closed('it did not open in time');
    });
    line.current = kinds[mine](opening, {
      frame: (text) => {
        settle(() => succeeded(mine));
        ears.frame(text);
      },
      refused: (error) => {
        settle(() => succeeded(mine));
        ears.refused(error);
      },
      closed: (why) => {
        settle(() => failed(1));
        ears.closed(why);
      },
    });
    const { send, end } = line.current;
    const over = (): void => {
      settle(() => undefined);
      end();
    };
    return send === undefined ? { end: over } : { send, end: over };
  };
}
