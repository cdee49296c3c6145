import { setTimeout as pause } from 'node:timers/promises';

/**
 * The load balancer in front of the gateways, as docs/operating/deploys.md asks for one: it looks
 * at /readyz several times a second and takes a gateway out at the first answer that is no 200.
 */
export class Balancer {
  private readonly gateways: { readonly url: URL; ready: boolean }[];
  private turn = 0;
  private stopped = false;

  constructor(urls: readonly string[]) {
    this.gateways = urls.map((url) => ({ url: new URL(url), ready: true }));
    for (const gateway of this.gateways) void this.watch(gateway);
  }

  /** Gateways in rotation. */
  get ready(): number {
    return this.gateways.filter(({ ready }) => ready).length;
  }

  /** The next of those that are ready; of all when none is. */
  readonly next = (): URL => {
    const ready = this.gateways.filter((gateway) => gateway.ready);
    const pool = ready.length > 0 ? ready : this.gateways;
    return pool[this.turn++ % pool.length].url;
  };

  stop(): void {
    this.stopped = true;
  }

  /** One look after the other, or a late answer would stand for an early one. */
  private async watch(gateway: { readonly url: URL; ready: boolean }): Promise<void> {
    while (!this.stopped) {
      gateway.ready = await isReady(gateway.url);
      await pause(lookMs);
    }
  }
}

const lookMs = 200;
const answerWithinMs = 1_000;

async function isReady(base: URL): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const { status, body } = await fetch(new URL('/readyz', base), { signal });
    await body?.cancel();
    return status === 200;
  } catch {
    return false;
  }
}
