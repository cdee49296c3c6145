import { CommandInterrupted } from './failures.js';

/**
 * Ctrl-C. A command ends at once with it, unless it runs `guarded` work: that looks at `happened`
 * often, ends in order, and says what goes on without it.
 */
export class Interruption {
  /** Rejects at Ctrl-C, when no guarded work runs. */
  readonly ended: Promise<never>;
  private guards = 0;

  constructor(private readonly signal: AbortSignal | undefined) {
    this.ended = new Promise((_, reject) => {
      const end = (): void => {
        if (this.guards === 0) reject(new CommandInterrupted('interrupted'));
      };
      signal?.addEventListener('abort', end, { once: true });
    });
    this.ended.catch(() => undefined);
  }

  get happened(): boolean {
    return this.signal?.aborted === true;
  }

  async guarded<T>(work: () => Promise<T>): Promise<T> {
    this.guards += 1;
    try {
      return await work();
    } finally {
      this.guards -= 1;
    }
  }

  /** What `work` gives; null: Ctrl-C came first, and it goes on without anybody who looks. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T | null> {
    let end: () => void = () => undefined;
    const came = new Promise<null>((resolve) => (end = () => resolve(null)));
    if (this.happened) end();
    this.signal?.addEventListener('abort', end, { once: true });
    work.catch(() => undefined);
    try {
      return await this.guarded(() => Promise.race([work, came]));
    } finally {
      this.signal?.removeEventListener('abort', end);
    }
  }

  /** Resolves after so long, or at Ctrl-C. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, this.happened ? 0 : ms);
      this.signal?.addEventListener('abort', end, { once: true });
    });
  }
}
