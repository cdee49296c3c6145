import type pg from 'pg';
import type { Bus } from '#libs/bus/bus.js';
import { sound } from '#libs/catalogue/checked.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import type { PretixPlan } from '#libs/catalogue/pretix-plan.js';
import { decodeFacts, type EventId } from '#libs/inventory/inventory.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import { chooseShard } from '#libs/routing/placement.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { HoldLoad, type EventOnSale } from './hold-load.js';
import { MapWatcher } from './map-watcher.js';
import type { EventHistory } from '#libs/oracle/history.js';
import { judge } from '#libs/oracle/oracle.js';
import { readHistory } from '#libs/oracle/read-history.js';
import type { CheckName, Verdict } from '#libs/oracle/verdict.js';

const rows = 16;
const seatsPerRow = 40;
const seatIds = Array.from({ length: rows * seatsPerRow }, (_, i) => seatName(i));

/**
 * A few events of their own for one test, with buyers and watchers, and the judgement at the end:
 * the independent oracle over Postgres, what the clients saw, and every command id.
 */
export class Sale {
  readonly client: RoutingClient;
  readonly load: HoldLoad;
  private readonly watchers: readonly MapWatcher[];

  private constructor(
    private readonly pool: pg.Pool,
    bus: Bus,
    readonly events: readonly EventOnSale[],
    sealKey: string,
  ) {
    const clientId = `buyers-${systemRandom.token(8)}`;
    const log = silentLog();
    this.client = createInventoryClient({
      bus,
      clock: systemClock,
      random: systemRandom,
      log,
      clientId,
      sealKey,
    });
    this.load = new HoldLoad(this.client, events);
    this.watchers = events.map(({ eventId }) => new MapWatcher(bus, this.client, eventId, seatIds));
  }

  /**
   * One event for each shard id of `placement`, which that shard should get, and full load. Its
   * client buys and pays as well: `sealKey` is that of payments.
   */
  static async open(
    pool: pg.Pool,
    bus: Bus,
    placement: readonly string[],
    sealKey: string,
  ): Promise<Sale> {
    const shardIds = [...new Set(placement)].sort();
    const events = placement.map((shardId, i) => {
      // The holds of every second event end while the test runs.
      const holdMs = i % 2 === 0 ? 8 * 60_000 : 3_000;
      return importSmallEvent(pool, eventFor(shardId, shardIds), holdMs);
    });
    const sale = new Sale(pool, bus, await Promise.all(events), sealKey);
    await Promise.all(sale.watchers.map((watcher) => watcher.sync()));
    sale.load.start();
    await sale.load.more(10);
    return sale;
  }

  /** Ends the load and gives every event's verdict; the client stays usable. */
  async finish(): Promise<readonly Judgement[]> {
    await this.load.stop();
    await Promise.all(this.watchers.map((watcher) => watcher.finish()));
    const judgements: Judgement[] = [];
    for (const [i, { eventId }] of this.events.entries()) {
      const history = await readHistory(this.pool, eventId);
      const watchers = [this.watchers[i].evidence()];
      const evidence = { buyers: this.load.evidenceOf(eventId), watchers };
      const plan = { seatIds, areaCapacities: [], categoryOfSeat: [], flagsOfSeat: [] };
      const verdict = judge({ history, plan, decodeFacts, evidence });
      judgements.push({ verdict, wrong: [...wrongOf(verdict), ...this.wrongCommands(history)] });
    }
    const verdicts = judgements.map(({ verdict }) => verdict);
    judgements[0].wrong.push(...notLooked(verdicts));
    return judgements;
  }

  close(): void {
    this.client.close();
  }

  /** G4, by what the client saw of every command id: accepted once, refused never. */
  private wrongCommands(history: EventHistory): string[] {
    const effects = new Map<string, number>();
    for (const { facts } of history.rows) {
      for (const fact of facts.length === 0 ? [] : decodeFacts(facts)) {
        const id = fact.cause?.commandId;
        if (id !== undefined) effects.set(id, (effects.get(id) ?? 0) + 1);
      }
    }
    return this.load.commands
      .filter(({ eventId }) => eventId === history.eventId)
      .flatMap(({ commandId, outcome }) => {
        const count = effects.get(commandId) ?? 0;
        const right =
          outcome === 'acknowledged' ? count === 1 : count <= (outcome === 'unknown' ? 1 : 0);
        return right ? [] : [`command ${commandId} was ${outcome} and has ${count} effects`];
      });
  }
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What is not as it must be. */
  readonly wrong: string[];
}

const mustLook: readonly CheckName[] = [
  'acknowledged_in_journal',
  'refused_without_effect',
  'real_time_order',
  'watcher_equals_journal',
  'command_once',
];

function wrongOf({ eventId, checks }: Verdict): string[] {
  return checks
    .filter(({ wrong }) => wrong > 0)
    .map(({ name, wrong, examples }) => `${eventId} ${name}: ${wrong}, ${examples.join('; ')}`);
}

/** A check that had nothing to look at proves nothing. */
function notLooked(verdicts: readonly Verdict[]): string[] {
  const looks = verdicts.flatMap(({ checks }) => checks.filter(({ looked }) => looked > 0));
  const names = new Set(looks.map(({ name }) => name));
  return mustLook.filter((name) => !names.has(name)).map((name) => `${name} looked at nothing`);
}

/** An event id that placement gives to this shard. */
export function eventFor(shardId: string, shardIds: readonly string[]): EventId {
  const shards = shardIds.map((id) => ({ shardId: id, incarnation: id, weight: 1 }));
  for (;;) {
    const eventId = `evt_${systemRandom.token(12)}` as EventId;
    if (chooseShard(eventId, shards)?.shardId === shardId) return eventId;
  }
}

/** `said`: further fields of its event file. */
export async function importSmallEvent(
  pool: pg.Pool,
  eventId: EventId,
  holdMs: number,
  organiser?: string,
  said: Readonly<Record<string, number | string>> = {},
): Promise<EventOnSale> {
  const nowMs = Date.now();
  const file = checkEventFile({
    id: eventId,
    name: 'Load',
    ...(organiser === undefined ? {} : { organiser }),
    venue: 'Small Hall',
    city: 'Leeds',
    start: new Date(nowMs + 86_400_000).toISOString(),
    on_sale: 'now',
    currency: 'GBP',
    prices: { Stalls: '10' },
    buyer_limit: 1_000,
    places_per_hold: 10,
    hold_minutes: holdMs / 60_000,
    payment_minutes: 1,
    stranded_singles: 'allow',
    ...said,
  });
  const result = await importEvent(pool, sound(prepareEvent(sound(file), smallPlan(), nowMs)));
  if (result.kind !== 'imported') throw new Error(`${eventId} was not imported: ${result.kind}`);
  return { eventId, seatIds };
}

function smallPlan(): PretixPlan {
  const seatOf = (row: number, seat: number) => ({
    seat_guid: seatIds[row * seatsPerRow + seat],
    seat_number: String(seat + 1),
    position: { x: seat * 20, y: 0 },
    category: 'Stalls',
  });
  const planRows = Array.from({ length: rows }, (_, row) => ({
    row_number: String(row + 1),
    position: { x: 0, y: row * 24 },
    seats: Array.from({ length: seatsPerRow }, (_, seat) => seatOf(row, seat)),
  }));
  return {
    name: 'Small Hall',
    categories: [{ name: 'Stalls', color: '#2980b9' }],
    zones: [{ name: 'Stalls', position: { x: 0, y: 0 }, rows: planRows }],
  };
}

function seatName(index: number): string {
  return `R${Math.floor(index / seatsPerRow) + 1}-${(index % seatsPerRow) + 1}`;
}
