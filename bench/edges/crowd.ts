import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a crowd of watchers is told, in turn. */
export type CrowdOrder =
  | { readonly do: 'open'; readonly url: string; readonly path: string; readonly sockets: number }
  /** Changes are made for so long, so many a second, each from this list of requests. */
  | {
      readonly do: 'watch';
      readonly seconds: number;
      readonly perSecond: number;
      readonly changes: readonly Change[];
    }
  | { readonly do: 'close' };

export interface Change {
  readonly authorization: string;
  readonly body: string;
  /** Index in the plan. */
  readonly seat: number;
}

export interface CrowdReport {
  readonly sockets: number;
  readonly changes: number;
  /** Of each change on each socket: from when the hold was sent to when its diff was read. */
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly frames: number;
  /** Frames that did not continue the one before, and sockets that were closed. */
  readonly gaps: number;
  readonly closed: number;
}

/** The watchers, in a process that does nothing else. */
export class Crowd {
  private readonly child: ChildProcess;

  constructor() {
    const program = fileURLToPath(new URL('./crowd-process.js', import.meta.url));
    this.child = fork(program, { serialization: 'advanced', execArgv: [] });
  }

  async order(order: CrowdOrder): Promise<CrowdReport | null> {
    this.child.send(order);
    const died = once(this.child, 'exit').then(() => {
      throw new Error('the crowd died');
    });
    const [answer] = (await Promise.race([once(this.child, 'message'), died])) as [Answer];
    if (answer.failure !== undefined) throw new Error(answer.failure);
    return answer.report ?? null;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}

export interface Answer {
  readonly report?: CrowdReport | null;
  readonly failure?: string;
}
