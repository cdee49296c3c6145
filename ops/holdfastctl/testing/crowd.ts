import type pg from 'pg';
import { decodeFacts } from '#libs/inventory/inventory.js';
import type { EventOnSale } from '#libs/testing/hold-load.js';
import { judge } from '#libs/oracle/oracle.js';
import { readHistory } from '#libs/oracle/read-history.js';
import { until } from '#libs/testing/until.js';
import { Api, now } from '#trials/demo/api.js';
import { Buyer, type Market } from '#trials/demo/buyer.js';
import { Tally } from '#trials/demo/tally.js';
import { Watcher } from '#trials/demo/watcher.js';

/** One event and who is interested in it. */
export interface CrowdedEvent {
  readonly event: EventOnSale;
  /** Each in a closed loop of sessions, holds, and bookings or releases. */
  readonly buyers: number;
  readonly watchers: number;
}

export interface CrowdPlan {
  readonly pool: pg.Pool;
  /** Of gateways. */
  readonly urls: readonly string[];
  readonly markets: readonly CrowdedEvent[];
  /** Bookings of each buyer; they need payments. Default none: every hold is released. */
  readonly bookingsEach?: number;
}

/** What buyers must have noticed of a planned operation. */
export const noTrouble = { errors: 0, unknown: 0, codes: [], unavailable: 0 };

/**
 * Buyers by HTTP and watchers by WebSocket who never stop, for specs of what operators do under
 * load. The independent oracle has the last word.
 */
export class Crowd {
  readonly tally = new Tally();
  readonly watchers: readonly Watcher[];
  private readonly api: Api;
  private readonly buyers: { readonly event: EventOnSale; readonly buyer: Buyer }[] = [];
  private readonly loops: readonly Promise<void>[];
  private closed = false;

  private constructor(private readonly plan: CrowdPlan) {
    this.api = new Api(plan.urls);
    this.watchers = plan.markets.flatMap(({ event: { eventId, seatIds }, watchers }) =>
      Array.from(
        { length: watchers },
        (_, i) => new Watcher(`watcher-${i}`, eventId, seatIds, () => this.api.nextBase()),
      ),
    );
    this.loops = plan.markets.flatMap(({ event, buyers }) =>
      Array.from({ length: buyers }, () => this.shop(event)),
    );
  }

  static async open(plan: CrowdPlan): Promise<Crowd> {
    const crowd = new Crowd(plan);
    await Promise.all(crowd.watchers.map(({ ready }) => ready));
    await crowd.more(10);
    return crowd;
  }

  /** Connections that had to be made anew are not among it. */
  get trouble(): Record<string, unknown> {
    const { errors, unknown, errorCodes } = this.tally;
    return { errors, unknown, codes: [...errorCodes], unavailable: this.api.tally.unavailable };
  }

  async more(holds: number): Promise<void> {
    const wanted = this.tally.held + holds;
    await until(() => this.tally.held >= wanted, `${holds} more holds`, 20_000);
  }

  /** Nobody buys any more, and every watcher has what there is. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.loops);
    for (const { event } of this.plan.markets) {
      const { rows } = await readHistory(this.plan.pool, event.eventId);
      const version = rows.at(-1)?.lastSeq ?? 0;
      const own = this.watchers.filter((watcher) => watcher.of === event.eventId);
      await until(
        () => own.every(({ map }) => map.version === version),
        () => `the watchers have version ${version}: ${own.map(({ map }) => map.version).join()}`,
        10_000,
      );
    }
    this.watchers.forEach((watcher) => watcher.stop());
    this.api.close();
  }

  /** What the oracle finds wrong; and which events had no hold, so that it had nothing to judge. */
  async wrong(): Promise<string[]> {
    const wrong: string[] = [];
    for (const { event } of this.plan.markets) {
      const { eventId, seatIds } = event;
      const history = await readHistory(this.plan.pool, eventId);
      const evidence = {
        buyers: this.buyers.flatMap(({ event: of, buyer }) =>
          of.eventId === eventId ? (buyer.evidence() ?? []) : [],
        ),
        watchers: this.watchers.filter(({ of }) => of === eventId).map((one) => one.evidence()),
        settled: true,
      };
      const plan = { seatIds, areaCapacities: [], categoryOfSeat: [], flagsOfSeat: [] };
      const verdict = judge({ history, plan, decodeFacts, evidence });
      if (verdict.holds.made === 0) wrong.push(`${eventId}: nobody held anything`);
      for (const { name, wrong: count, examples } of verdict.checks) {
        if (count > 0) wrong.push(`${eventId} ${name}: ${examples.join('; ')}`);
      }
    }
    return wrong;
  }

  private async shop(event: EventOnSale): Promise<void> {
    const { eventId, seatIds } = event;
    const map = this.watchers.find(({ of }) => of === eventId) ?? this.watchers[0];
    const next = seatIds.map((_: string, seat: number) => (seat % 40 < 39 ? 1 : 0));
    const hall = { seatIds, next, contested: seatIds.length };
    let books = this.plan.bookingsEach ?? 0;
    for (let round = 0; !this.closed; round += 1) {
      const market: Market = {
        eventId,
        hall,
        api: this.api,
        tally: this.tally,
        anyMap: () => map.map,
        closesAtMs: now() + 20_000,
      };
      const intent = round % 2 === 1 && books-- > 0 ? 'book' : 'release';
      const buyer = new Buyer(market, { arrivesAtMs: 0, party: 2, intent, thinkMs: 20 });
      this.buyers.push({ event, buyer });
      await buyer.run();
    }
  }
}
