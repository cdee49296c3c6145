import type { Clock } from '#libs/platform/clock.js';
import type { Bus } from './bus.js';
import { controlCall, type ControlReply } from './control-call.js';

/** How long an answer is waited for in all, and when and how often it is asked for again. */
export interface Repetition {
  readonly withinMs: number;
  readonly againMs: number;
  readonly asksMax: number;
}

/**
 * A control call that is sent again while its answer stays out: a member of a queue that has
 * stopped still gets its share of the calls, and the next one may reach somebody who lives. Only
 * for calls that have one effect however often they arrive: reads, and those with a key of their
 * own.
 *
 * RC1  What was asked before stays asked, and the first answer counts: who is slow but lives is not
 *      given up for being slow.
 * RC2  "It never ran" is said only when that is true of every time it was sent.
 */
export function repeatedCall<Body>(
  { bus, clock }: { readonly bus: Bus; readonly clock: Clock },
  subject: string,
  body: unknown,
  { withinMs, againMs, asksMax }: Repetition,
): Promise<ControlReply<Body>> {
  return new Promise((resolve) => {
    const untilMs = clock.monotonicMs() + withinMs;
    let [asked, open, mayHaveRun] = [0, 0, false];
    let cancel = (): void => undefined;
    const heard = (reply: ControlReply<Body>): void => {
      open -= 1;
      if (reply.kind === 'timeout') mayHaveRun = true;
      const final = reply.kind === 'ok' || reply.kind === 'error';
      if (!final && open > 0) return;
      cancel();
      resolve(final || !mayHaveRun ? reply : { kind: 'timeout' });
    };
    const ask = (): void => {
      asked += 1;
      open += 1;
      if (asked < asksMax) cancel = clock.after(againMs, ask);
      void controlCall<Body>(bus, subject, body, untilMs - clock.monotonicMs()).then(heard);
    };
    ask();
  });
}
