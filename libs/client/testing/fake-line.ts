import type { ErrorCode } from '#libs/contracts/errors.js';
import type { LineEars } from '../live-connection.js';

/** One line that the client opened, as the gateway sees it. */
export class FakeLine {
  readonly said: string[] = [];
  open = true;

  constructor(
    readonly path: string,
    readonly token: string | null,
    private readonly ears: LineEars,
  ) {}

  frame(frame: object): void {
    this.ears.frame(JSON.stringify(frame));
  }

  snapshot(version: number, statuses: string): void {
    const more = { sale_status: 'open', layout_hash: 'plan', areas: [] };
    this.frame({ type: 'snapshot', version, statuses, ...more });
  }

  diff(from: number, to: number, changes: readonly (readonly [number, string])[], more = {}): void {
    this.frame({ type: 'diff', from, to, changes, ...more });
  }

  error(code: ErrorCode, more: object = {}): void {
    this.frame({ type: 'error', error: { code, message: '', ...more } });
  }

  refuse(code: ErrorCode, more: object = {}): void {
    this.ears.refused({ code, message: '', ...more });
    this.close();
  }

  close(why = 'closed with 1006'): void {
    this.open = false;
    this.ears.closed(why);
  }
}
