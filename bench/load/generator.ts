import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './plan.js';

type Message =
  | { readonly result: LoadResult; readonly givesWay: boolean }
  | { readonly failure: string };

/** The load generator's process, kept over many runs so that its code stays warm. */
export class Generator {
  readonly #child: ChildProcess;
  #givesWay = false;
  #answer: ((message: Message) => void) | null = null;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), {
      serialization: 'advanced',
      execArgv: [],
    });
    this.#child.on('message', (message) => this.#settle(message as Message));
    this.#child.on('exit', () => this.#settle({ failure: 'load: the generator process died' }));
  }

  /** See giveWay(); known after the first run. */
  get givesWay(): boolean {
    return this.#givesWay;
  }

  /** One at a time. */
  async run(plan: LoadPlan): Promise<LoadResult> {
    const answer = new Promise<Message>((resolve) => (this.#answer = resolve));
    this.#child.send(plan);
    const message = await answer;
    if ('failure' in message) throw new Error(message.failure);
    this.#givesWay = message.givesWay;
    return message.result;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }

  #settle(message: Message): void {
    this.#answer?.(message);
    this.#answer = null;
  }
}
