import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type RoomCrowdOrder =
  | { readonly do: 'open'; readonly url: string; readonly path: string; readonly sockets: number }
  | { readonly do: 'expect'; readonly text: string }
  | { readonly do: 'told' };

export type RoomCrowdAnswer = { readonly times: readonly number[] } | { readonly failure: string };

/** The watchers of a room; times are milliseconds since 1970, with fractions. */
export class RoomCrowd {
  private readonly child: ChildProcess;
  private readonly died: Promise<never>;

  constructor() {
    const program = fileURLToPath(new URL('./room-crowd-process.js', import.meta.url));
    this.child = fork(program, { serialization: 'advanced', execArgv: [] });
    this.died = once(this.child, 'exit').then(() => {
      throw new Error('the crowd died');
    });
    // Also where nobody asks for anything any more.
    this.died.catch(() => undefined);
  }

  async order(order: RoomCrowdOrder): Promise<readonly number[]> {
    this.child.send(order);
    const said = once(this.child, 'message') as Promise<[RoomCrowdAnswer]>;
    const [answer] = await Promise.race([said, this.died]);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.times;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }
}
