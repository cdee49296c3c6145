/**
 * Looks for work whenever somebody says that there is some. One look at a time: what is said while
 * one runs, also after it looked for the last time and before it was over, is looked for again.
 */
export class WokenScan {
  private scanning: Promise<void> | null = null;
  private woken = false;
  private stopping = false;

  /** `failed`: a look ended with this error; the next one begins when somebody says so. */
  constructor(
    private readonly look: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get isStopping(): boolean {
    return this.stopping;
  }

  wake(): void {
    if (this.stopping) return;
    this.woken = true;
    this.scanning ??= this.scan()
      .catch(this.failed)
      .finally(() => {
        this.scanning = null;
        if (this.woken) this.wake();
      });
  }

  /** Resolves when no look runs any more. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.scanning;
  }

  private async scan(): Promise<void> {
    while (this.woken && !this.stopping) {
      this.woken = false;
      await this.look();
    }
  }
}
