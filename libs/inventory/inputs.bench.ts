import { byBuyer, bySystem, createState, evolve, usualRules } from './inventory.js';
import type {
  CommandId,
  Envelope,
  Fact,
  HoldId,
  InventoryLayout,
  InventoryState,
  MinorUnits,
  SaleRules,
  SeatIndex,
  TimeMs,
  UserId,
} from './inventory.js';

/** What the benchmark decides about. */
export const startMs = 1_800_000_000_000;
const seatsPerRow = 40;

/** Ids as they are in production: of a gateway's counter, of a guest and of a hold. */
export function holdOf(seat: number, commandId: string, userId: string, holdId: string): Envelope {
  return {
    commandId: commandId as CommandId,
    keyed: false,
    userId: userId as UserId,
    by: byBuyer,
    nowMs: startMs as TimeMs,
    command: {
      type: 'HoldSeats',
      holdId: holdId as HoldId,
      seats: [seat as SeatIndex],
      areas: [],
      best: [],
    },
  };
}

/**
 * Gives the n-th id as a new text in one piece each time, as a frame that is decoded does, and
 * makes nothing besides: what else was made just before a batch would push its commands out of the
 * caches, and what was made for all would be copied and marked by the collector meanwhile.
 */
export function idsOf(count: number, prefix: string, rest: (n: number) => string) {
  const bytes = Buffer.alloc(count * 40);
  const ends = new Uint32Array(count);
  let end = 0;
  for (let n = 0; n < count; n++) {
    end += bytes.write(prefix, end, 'latin1');
    end += bytes.write(rest(n), end, 'latin1');
    ends[n] = end;
  }
  return (n: number) => bytes.toString('latin1', n === 0 ? 0 : ends[n - 1], ends[n]);
}

/** A new text in one piece. */
export function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

export function token(random: () => number): string {
  let text = '';
  for (let i = 0; i < 4; i++)
    text += Math.floor((1 + random()) * 36 ** 5)
      .toString(36)
      .slice(1);
  return text;
}

export function hallOf(seats: number): InventoryLayout {
  const rowCount = Math.ceil(seats / seatsPerRow);
  const rowStart = Uint32Array.from({ length: rowCount + 1 }, (_, r) =>
    Math.min(seats, r * seatsPerRow),
  );
  const column = (i: number) => i % seatsPerRow;
  return {
    hash: 'cd'.repeat(32),
    seatCount: seats,
    rowCount,
    rowStart,
    rowOfSeat: Uint32Array.from({ length: seats }, (_, i) => Math.floor(i / seatsPerRow)),
    neighbourNext: Uint8Array.from({ length: seats }, (_, i) =>
      column(i) === seatsPerRow - 1 || i === seats - 1 ? 0 : 1,
    ),
    categoryOfSeat: new Uint16Array(seats),
    sectionOfRow: new Uint16Array(rowCount),
    flagsOfSeat: new Uint8Array(seats),
    x: Float32Array.from({ length: seats }, (_, i) => column(i)),
    y: Float32Array.from({ length: seats }, (_, i) => Math.floor(i / seatsPerRow)),
    focalX: seatsPerRow / 2,
    focalY: -5,
    categories: ['seat'],
    sections: ['hall'],
    areas: [],
  };
}

/** A sale that is open, with nothing held. */
export function openSale(layout: InventoryLayout, placesPerBuyerMax = 10): InventoryState {
  const rules: SaleRules = {
    prices: [4_500 as MinorUnits],
    currency: 'EUR',
    opensAtMs: null,
    endsAtMs: null,
    buyers: 'guest',
    holdTtlMs: 480_000,
    holdTtlMsMax: 1_200_000,
    paymentTtlMs: 300_000,
    placesPerHoldMax: 10,
    placesPerBuyerMax,
    strandedSingles: 'allow',
    ...usualRules,
  };
  const state = createState(layout, rules);
  evolve(state, { type: 'SaleOpened', atMs: startMs as TimeMs, by: bySystem } satisfies Fact);
  return state;
}

export function shuffled(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003): the same rounds on every run. */
export function randomFrom(seed: number): () => number {
  let x = (seed * 0x9e3779b9) | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}
