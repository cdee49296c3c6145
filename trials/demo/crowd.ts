import type { Evidence } from '#libs/oracle/evidence.js';
import { now, type Api } from './api.js';
import { Buyer, type Intent, type Market, type Temper } from './buyer.js';
import { demoHoldMs } from './demo-event.js';
import type { DemoOptions } from './options.js';
import type { Hall } from './seat-picker.js';
import { Tally } from './tally.js';
import { Watcher } from './watcher.js';

/** The plan of the event as the gateway serves it. */
export async function loadHall(api: Api, eventId: string, contested: number): Promise<Hall> {
  const event = await found<{ layout_hash: string }>(api, `/v1/events/${eventId}`);
  return hallOf(await found<PlanDocument>(api, `/v1/layouts/${event.layout_hash}`), contested);
}

/** What buyers need of a plan's document. */
export interface PlanDocument {
  readonly seats: { readonly id: string[]; readonly next: number[] };
}

export function hallOf({ seats }: PlanDocument, contested: number): Hall {
  return {
    seatIds: seats.id,
    next: seats.next,
    contested: Math.min(contested, seats.id.length),
  };
}

export async function found<Body>(api: Api, path: string): Promise<Body> {
  const { answer } = await api.settle({ method: 'GET', path });
  if (answer?.status !== 200) throw new Error(`${path} cannot be had`);
  return answer.body as Body;
}

const settleMs = 60_000;
const quietMs = 1_500;
const pollMs = 50;
const firstMapMs = 20_000;

/** All buyers and watchers of one demo. */
export class Crowd {
  readonly tally = new Tally();
  readonly watchers: Watcher[];
  #buyers: Buyer[] = [];
  #left = 0;

  constructor(
    private readonly api: Api,
    private readonly eventId: string,
    private readonly hall: Hall,
    private readonly options: DemoOptions,
  ) {
    // One at least: buyers look at its map.
    this.watchers = Array.from({ length: Math.max(1, options.watchers) }, (_, i) => {
      return new Watcher(`watcher ${i + 1}`, eventId, hall.seatIds, () => api.nextBase());
    });
  }

  get buyersLeft(): number {
    return this.#left;
  }

  get reconnects(): number {
    return this.watchers.reduce((sum, watcher) => sum + watcher.reconnects, 0);
  }

  async watchersReady(): Promise<void> {
    const giveUpAtMs = now() + firstMapMs;
    for (;;) {
      const waiting = this.watchers.filter((watcher) => watcher.map.version === null);
      if (waiting.length === 0) return;
      if (now() > giveUpAtMs) {
        const problem = waiting.find((watcher) => watcher.problem !== '')?.problem;
        const why = problem ?? 'connected, but nothing came';
        throw new Error(
          `${waiting.length} of ${this.watchers.length} watchers got no seat map: ${why}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Resolves when every buyer has gone home. */
  async shop(): Promise<void> {
    const openedAtMs = now();
    const market: Market = {
      eventId: this.eventId,
      hall: this.hall,
      api: this.api,
      tally: this.tally,
      anyMap: () => this.watchers[Math.floor(Math.random() * this.watchers.length)].map,
      closesAtMs: openedAtMs + shoppingMs(this.options.seconds),
    };
    this.#buyers = Array.from(
      { length: this.options.buyers },
      () => new Buyer(market, temper(openedAtMs, market.closesAtMs)),
    );
    this.#left = this.#buyers.length;
    await Promise.all(this.#buyers.map((buyer) => buyer.run().finally(() => this.#left--)));
  }

  /**
   * Waits until nothing is held and every watcher has seen so: then the last maps of all must be
   * the journal's. False: that did not happen in time, and the check will say who is behind.
   */
  async settle(): Promise<boolean> {
    const giveUpAtMs = now() + settleMs;
    let quietSinceMs = now();
    let lastVersions = '';
    while (now() < giveUpAtMs) {
      const maps = this.watchers.map((watcher) => watcher.map);
      const versions = maps.map((map) => map.version).join();
      const held = maps.some((map) => map.count('held') > 0);
      const apart = maps.some((map) => map.version !== maps[0].version);
      if (versions !== lastVersions || held || apart) quietSinceMs = now();
      lastVersions = versions;
      if (now() - quietSinceMs >= quietMs) return true;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    return false;
  }

  stop(): void {
    this.watchers.forEach((watcher) => watcher.stop());
  }

  evidence(settled: boolean): Evidence {
    const buyers = this.#buyers.flatMap((buyer) => buyer.evidence() ?? []);
    return { buyers, watchers: this.watchers.map((watcher) => watcher.evidence()), settled };
  }
}

/** Time is kept for the last holds to run out, and for the check. */
const shoppingMs = (seconds: number): number =>
  Math.max(4_000, seconds * 1_000 - demoHoldMs - 4_000);

/** Six of ten come when the doors open, the others until shortly before they close. */
function temper(openedAtMs: number, closesAtMs: number): Temper {
  const rush = Math.random() < 0.6;
  const spanMs = rush ? 1_500 : (closesAtMs - openedAtMs) * 0.9;
  return {
    arrivesAtMs: openedAtMs + Math.random() * spanMs,
    party: 1 + Math.floor(Math.random() * 4),
    intent: intent(Math.random()),
    thinkMs: 1_000 + Math.random() * 5_500,
  };
}

function intent(chance: number): Intent {
  if (chance < 0.7) return 'book';
  if (chance < 0.8) return 'decline';
  return chance < 0.9 ? 'release' : 'expire';
}
