import type pg from 'pg';
import { sound } from '#libs/catalogue/checked.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent, type PreparedEvent } from '#libs/catalogue/prepare-event.js';
import { checkPlan } from '#libs/catalogue/pretix-plan.js';
import type { EventId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';

export const benchSeats = 200_000;
const seatsPerRow = 100;
const rowsPerZone = 100;
const seatSpacing = 20;

/** One width for all, because the load generator writes them in place. */
export const seatIdOf = (seat: number): string => `s${String(seat).padStart(6, '0')}`;

/**
 * Large events over one plan: every round of the benchmark gets an event of its own, so that every
 * request asks for a seat that nobody has asked for, and refusals cannot pass for work.
 */
export class BenchEvents {
  readonly ids: string[] = [];

  private constructor(
    private readonly pool: pg.Pool,
    private readonly prepared: PreparedEvent,
  ) {}

  static prepare(pool: pg.Pool): BenchEvents {
    const nowMs = Date.now();
    const file = checkEventFile({
      name: 'Bench',
      venue: 'Bench Bowl',
      city: 'Nowhere',
      start: new Date(nowMs + 30 * 86_400_000).toISOString(),
      on_sale: 'now',
      currency: 'EUR',
      prices: { Seat: '45.00' },
      buyer_limit: 1_000,
      places_per_hold: 8,
      hold_minutes: 30,
      // One seat at a time, at random: that must be allowed to leave single seats.
      stranded_singles: 'allow',
    });
    return new BenchEvents(
      pool,
      sound(prepareEvent(sound(file), sound(checkPlan(planOf(benchSeats))), nowMs)),
    );
  }

  async add(): Promise<string> {
    const eventId = `evt_bench${systemRandom.token(12)}` as EventId;
    const result = await importEvent(this.pool, { ...this.prepared, eventId });
    if (result.kind !== 'imported') throw new Error(`bench event: ${result.kind}`);
    this.ids.push(eventId);
    return eventId;
  }
}

/** All seats of an event, shuffled: each seat once, nobody's neighbour in time. */
export function shuffledSeatIds(): string[] {
  const seats = Array.from({ length: benchSeats }, (_, seat) => seatIdOf(seat));
  for (let i = seats.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [seats[i], seats[j]] = [seats[j], seats[i]];
  }
  return seats;
}

/** A plan of so many seats, in full rows of a hundred. */
export function planOf(seats: number): object {
  const rows = seats / seatsPerRow;
  return {
    name: 'Bench Bowl',
    categories: [{ name: 'Seat', color: '#2980b9' }],
    zones: Array.from({ length: Math.ceil(rows / rowsPerZone) }, (_, zone) => ({
      name: `Zone ${zone + 1}`,
      position: { x: zone * seatsPerRow * seatSpacing * 1.2, y: 0 },
      rows: Array.from({ length: Math.min(rowsPerZone, rows - zone * rowsPerZone) }, (_, row) => ({
        row_number: String(row + 1),
        position: { x: 0, y: row * seatSpacing },
        seats: Array.from({ length: seatsPerRow }, (_, seat) => ({
          seat_guid: seatIdOf((zone * rowsPerZone + row) * seatsPerRow + seat),
          seat_number: String(seat + 1),
          position: { x: seat * seatSpacing, y: 0 },
          category: 'Seat',
        })),
      })),
    })),
  };
}
