import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Evidence } from '#libs/oracle/evidence.js';
import { now, type Api } from '../demo/api.js';
import { Buyer, type Intent, type Market, type Temper } from '../demo/buyer.js';
import { loadHall } from '../demo/crowd.js';
import { createDemoEvent } from '../demo/demo-event.js';
import { Tally } from '../demo/tally.js';
import { Watcher } from '../demo/watcher.js';

/** One event on sale, with everybody who was there. */
export interface Stall {
  readonly market: Market;
  readonly watchers: readonly Watcher[];
  readonly buyers: Buyer[];
  /** The latest times of an acknowledged hold. */
  readonly lastHold: { sentAtMs: number; answeredAtMs: number };
  /** Over and at rest: its watchers went home. */
  retired: boolean;
}

const eventsAtOnce = 3;
/** More than a wave can sell: an event that is sold out would look like one that does not serve. */
const seatsPerEvent = 1_500;
const waveMs = 60_000;
const retiresAfterMs = 120_000;
const retryMs = 500;

export interface PopulationOptions {
  readonly buyers: number;
  readonly watchersPerEvent: number;
  /** Some of what is booked is disputed by its buyer's bank. */
  readonly dispute?: boolean;
  /** Puts an event on sale; absent: as this build does. */
  readonly createEvent?: typeof createDemoEvent;
  /** Gets the plan of an event; absent: as this build serves it. */
  readonly openHall?: typeof loadHall;
}

/**
 * Hundreds of buyers who come and go, and watchers, over several events. Every minute fresh events
 * go on sale: some of their first commands meet a broken system, and nothing is ever sold out.
 */
export class Population {
  readonly tally = new Tally();
  readonly stalls: Stall[] = [];
  #open: readonly Stall[] = [];
  #closed = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly api: Api,
    private readonly options: PopulationOptions,
  ) {}

  /** Events on sale now. */
  get events(): readonly string[] {
    return this.#open.map(({ market }) => market.eventId);
  }

  get dispute(): boolean {
    return this.options.dispute === true;
  }

  get reconnects(): number {
    const all = this.stalls.flatMap(({ watchers }) => watchers);
    return all.reduce((sum, watcher) => sum + watcher.reconnects, 0);
  }

  async openWave(closesAtMs: number): Promise<void> {
    const stalls: Stall[] = [];
    for (let i = 0; i < eventsAtOnce; i++) {
      const stall = await this.#openStall(closesAtMs);
      // One whose sisters could not be opened is judged, too.
      this.stalls.push(stall);
      stalls.push(stall);
    }
    this.#open = stalls;
  }

  /**
   * Events on sale without an acknowledged hold since then. After a blow only holds count that were
   * sent later: an answer may have been on its way.
   */
  notSelling(sinceMs: number, sentLater: boolean): string[] {
    return this.#open
      .filter(({ market, lastHold }) => {
        const atMs = sentLater ? lastHold.sentAtMs : lastHold.answeredAtMs;
        return atMs <= sinceMs && now() < market.closesAtMs;
      })
      .map(({ market }) => market.eventId);
  }

  /** Resolves when the last buyer has gone home. */
  async shop(endsAtMs: number): Promise<void> {
    const loops = Array.from({ length: this.options.buyers }, () => this.#buyAgainAndAgain());
    while (!this.#closed && now() < endsAtMs) {
      await pause(retryMs);
      this.#retire();
      const waveEndsAtMs = this.#open[0].market.closesAtMs;
      // A last wave that would be over at once is not begun.
      if (now() > waveEndsAtMs - retryMs && endsAtMs - now() > waveMs / 4) {
        await this.openWave(Math.min(endsAtMs, now() + waveMs)).catch(() => undefined);
      }
    }
    this.close();
    await Promise.all(loops);
  }

  /** Nobody begins anything new. */
  close(): void {
    this.#closed = true;
  }

  firstWave(endsAtMs: number): Promise<void> {
    return this.openWave(Math.min(endsAtMs, now() + waveMs));
  }

  stop(): void {
    for (const { watchers } of this.stalls) watchers.forEach((watcher) => watcher.stop());
  }

  /** Times of all acknowledged holds, in order. */
  get heldAtMs(): number[] {
    return this.stalls
      .flatMap(({ buyers }) => buyers.flatMap((buyer) => buyer.evidence()?.holds ?? []))
      .flatMap((hold) => (hold.outcome === 'acknowledged' ? [hold.answeredAtMs] : []))
      .sort((a, b) => a - b);
  }

  evidenceOf({ buyers, watchers, retired }: Stall): Evidence {
    return {
      buyers: buyers.flatMap((buyer) => buyer.evidence() ?? []),
      watchers: watchers.map((watcher) => watcher.evidence()),
      settled: !retired,
    };
  }

  /** Buyers of its own that want one seat and give it back: true when one was given a seat. */
  async serves(stall: Stall, withinMs: number): Promise<boolean> {
    const closesAtMs = now() + withinMs;
    const market = { ...stall.market, closesAtMs };
    const temper: Temper = { arrivesAtMs: 0, party: 1, intent: 'release', thinkMs: 0 };
    while (now() < closesAtMs) {
      const buyer = new Buyer(market, temper);
      stall.buyers.push(buyer);
      await buyer.run();
      if (buyer.evidence()?.holds.some(({ outcome }) => outcome === 'acknowledged')) return true;
      const { map } = stall.watchers[0];
      if (map.version !== null && map.count('free') === 0) return true;
    }
    return false;
  }

  /** A long run would drown in watchers of what was sold an hour ago. */
  #retire(): void {
    for (const stall of this.stalls) {
      const { market, watchers } = stall;
      const isOver = now() > market.closesAtMs + retiresAfterMs;
      if (stall.retired || !isOver || apartIn(stall) !== null) continue;
      stall.retired = true;
      watchers.forEach((watcher) => watcher.stop());
    }
  }

  async #openStall(closesAtMs: number): Promise<Stall> {
    const { createEvent = createDemoEvent, openHall = loadHall } = this.options;
    const eventId = await createEvent(this.pool, seatsPerEvent);
    const hall = await openHall(this.api, eventId, seatsPerEvent);
    const watchers = Array.from({ length: this.options.watchersPerEvent }, (_, i) => {
      const name = `watcher ${i + 1} of ${eventId}`;
      return new Watcher(name, eventId, hall.seatIds, () => this.api.nextBase(), this.api.ca);
    });
    const anyMap = () => watchers[Math.floor(Math.random() * watchers.length)].map;
    const lastHold = { sentAtMs: 0, answeredAtMs: 0 };
    const onHeld = (sentAtMs: number, answeredAtMs: number) => {
      lastHold.sentAtMs = Math.max(lastHold.sentAtMs, sentAtMs);
      lastHold.answeredAtMs = Math.max(lastHold.answeredAtMs, answeredAtMs);
    };
    const { api, tally } = this;
    const market = { eventId, hall, api, tally, anyMap, closesAtMs, onHeld };
    return { market, watchers, buyers: [], lastHold, retired: false };
  }

  async #buyAgainAndAgain(): Promise<void> {
    while (!this.#closed) {
      const open = this.#open[Math.floor(Math.random() * this.#open.length)];
      if (now() >= open.market.closesAtMs) {
        await pause(retryMs);
        continue;
      }
      const buyer = new Buyer(open.market, temper(this.dispute));
      open.buyers.push(buyer);
      await buyer.run();
    }
  }
}

/** Why the watchers of an event are not at rest; null when they are. */
export function apartIn({ market, watchers }: Stall): string | null {
  const maps = watchers.map(({ map }) => map);
  const held = Math.max(...maps.map((map) => map.count('held')));
  if (held > 0) return `${market.eventId} has ${held} seats held`;
  const behind = maps.filter((map) => map.version !== maps[0].version).length;
  return behind === 0 ? null : `${market.eventId}: ${behind} watchers are apart from the first`;
}

function temper(dispute: boolean): Temper {
  const card = dispute ? cardOf(Math.random()) : null;
  return {
    ...(card === null ? {} : { card }),
    arrivesAtMs: now() + Math.random() * 1_000,
    party: 1 + Math.floor(Math.random() * 3),
    intent: intent(Math.random()),
    thinkMs: 200 + Math.random() * 3_000,
  };
}

/** Null: as most have it, whose bank disputes nothing. */
function cardOf(chance: number): string | null {
  if (chance < 0.1) return 'pm_card_createDispute';
  return chance < 0.15 ? 'pm_card_createDisputeInquiry' : null;
}

function intent(chance: number): Intent {
  if (chance < 0.35) return 'book';
  if (chance < 0.45) return 'decline';
  if (chance < 0.7) return 'extend';
  return chance < 0.9 ? 'release' : 'expire';
}
