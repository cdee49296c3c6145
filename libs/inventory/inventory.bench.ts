import { pathToFileURL } from 'node:url';
import {
  createState,
  decide,
  digest,
  encodeFacts,
  encodeState,
  evolve,
  previewBestAvailable,
  type CommandId,
  type Envelope,
  type Fact,
  type HoldId,
  type InventoryLayout,
  type InventoryState,
  type MinorUnits,
  type SaleRules,
  type SeatIndex,
  type TimeMs,
  type UserId,
} from './inventory.js';

/**
 * What one core decides per second. `npm run build`, then
 * `node --expose-gc dist/libs/inventory/inventory.bench.js`.
 *
 * Rates are per second of processor time, so that a busy machine changes them little; the threads
 * that collect garbage and compile are counted in, as if they shared the one core.
 */
export interface DecisionMeasurement {
  readonly seats: number;
  readonly rounds: number;
  /** Accepted one-seat holds per second: decide and evolve; best round. */
  readonly decisionsPerSecond: number;
  readonly medianPerSecond: number;
  /** Of all rounds; anything but 0 means that the measurement is wrong. */
  readonly refused: number;
}

export interface CoreMeasurement extends DecisionMeasurement {
  /** Fewer than seats: a buyer then holds several, each by a command of its own. */
  readonly buyers: number;
  /** decide, evolve and encodeFacts together; best round. */
  readonly withEncodingPerSecond: number;
}

const startMs = 1_800_000_000_000;
const seatsPerRow = 40;
/** A frame of commands, and the group commit that carries their facts. */
const commandsPerBatch = 256;

/**
 * Every seat of a fresh event is held once, in random order and, unless told otherwise, each by
 * another buyer. Commands come in batches that are made just before and outside the clock, as a
 * shard decodes a frame just before it decides; the facts of a batch are encoded together, as in a
 * group commit. Only accepted holds count.
 */
export function measureDecisions(seats = 50_000, rounds = 9, buyers = seats): CoreMeasurement {
  const layout = hallOf(seats);
  const rates: number[] = [];
  const ratesWithEncoding: number[] = [];
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const { accepted, decideUs, encodeUs } = holdAllSeats(layout, round, buyers);
    rates.push((accepted * 1e6) / decideUs);
    ratesWithEncoding.push((accepted * 1e6) / (decideUs + encodeUs));
    refused += seats - accepted;
  }
  rates.sort((a, b) => a - b);
  return {
    seats,
    rounds,
    buyers,
    decisionsPerSecond: Math.round(rates[rates.length - 1]),
    medianPerSecond: Math.round(rates[rates.length >> 1]),
    withEncodingPerSecond: Math.round(Math.max(...ratesWithEncoding)),
    refused,
  };
}

function holdAllSeats(layout: InventoryLayout, round: number, buyers: number) {
  const { seatCount } = layout;
  const state = openSale(layout, Math.max(10, seatCount));
  const random = randomFrom(round + 1);
  const order = shuffled(seatCount, random);
  // In one piece each: as the pieces they are made of they would be most of what is collected.
  const users = Array.from({ length: buyers }, () => flat(`usr_${token(random)}`));
  const userOf = (n: number) => users[buyers < seatCount ? Math.floor(random() * buyers) : n];
  let accepted = 0;
  let decideUs = 0;
  let encodeUs = 0;
  for (let from = 0; from < seatCount; from += commandsPerBatch) {
    const batch = Array.from(order.subarray(from, from + commandsPerBatch), (seat, i) =>
      holdOf(seat, from + i, userOf(from + i), token(random)),
    );
    const startedUs = cpuUs();
    const facts = decideAll(state, batch);
    const decidedUs = cpuUs();
    if (encodeFacts(facts).length === 0) throw new Error('nothing was decided');
    encodeUs += cpuUs() - decidedUs;
    decideUs += decidedUs - startedUs;
    accepted += facts.length;
  }
  return { accepted, decideUs, encodeUs };
}

/** The facts of the accepted holds, one each: nothing here falls due. */
function decideAll(state: InventoryState, batch: readonly Envelope[]): Fact[] {
  const facts: Fact[] = [];
  for (const envelope of batch) {
    const decision = decide(state, envelope);
    if (decision.kind !== 'accepted') continue;
    for (const fact of decision.facts) {
      evolve(state, fact);
      facts.push(fact);
    }
  }
  return facts;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export interface BestAvailableMeasurement {
  readonly seats: number;
  readonly searches: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Searches for 1 to 6 together while the house fills from empty to nearly sold out. */
export function measureBestAvailable(seats = 50_000): BestAvailableMeasurement {
  const state = openSale(hallOf(seats));
  const random = randomFrom(7);
  const order = shuffled(seats, random);
  const times: number[] = [];
  for (let i = 0; i < seats; i++) {
    takeIfFree(state, order[i], i, random);
    if (i % 5 !== 0) continue;
    const quantity = 1 + Math.floor(random() * 6);
    const startedMs = performance.now();
    previewBestAvailable(state, { quantity }, startMs);
    times.push(performance.now() - startedMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)];
  return { seats, searches: times.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

export interface MemoryMeasurement {
  readonly bytesPerSeatIdle: number;
  readonly bytesPerHold: number;
  readonly snapshotMs: number;
  readonly digestMs: number;
  readonly snapshotBytes: number;
}

/** Needs `node --expose-gc`. The window of command ids is counted with the holds. */
export function measureMemory(seats = 50_000): MemoryMeasurement {
  const gc = (globalThis as { gc?: () => void }).gc;
  if (gc === undefined) throw new Error('run with --expose-gc');
  const layout = hallOf(seats);
  const random = randomFrom(3);
  const used = () => {
    for (let i = 0; i < 3; i++) gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const state = openSale(layout);
  const idle = used();
  for (let seat = 0; seat < seats; seat++) takeIfFree(state, seat, seat, random);
  const full = used();
  const startedMs = performance.now();
  const snapshot = encodeState(state);
  const encodedMs = performance.now();
  digest(state);
  return {
    bytesPerSeatIdle: (idle - before) / seats,
    bytesPerHold: (full - idle) / seats,
    snapshotMs: encodedMs - startedMs,
    digestMs: performance.now() - encodedMs,
    snapshotBytes: snapshot.length,
  };
}

function takeIfFree(state: InventoryState, seat: number, n: number, random: () => number): void {
  const decision = decide(state, holdOf(seat, n, `usr_${token(random)}`, token(random)));
  if (decision.kind === 'accepted') for (const fact of decision.facts) evolve(state, fact);
}

/** Ids as they are in production: of a gateway's counter, of a hold and of a guest. */
function holdOf(seat: number, n: number, user: string, hold: string): Envelope {
  return {
    commandId: flat(`g7f3a9.${n.toString(36)}`) as CommandId,
    keyed: false,
    userId: flat(user) as UserId,
    nowMs: startMs as TimeMs,
    command: {
      type: 'HoldSeats',
      holdId: flat(`rsv_arena2026_${hold}`) as HoldId,
      seats: [seat as SeatIndex],
      areas: [],
      best: [],
    },
  };
}

/** A new text in one piece, as text that was just read from a frame is. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function token(random: () => number): string {
  let text = '';
  for (let i = 0; i < 4; i++)
    text += Math.floor((1 + random()) * 36 ** 5)
      .toString(36)
      .slice(1);
  return text;
}

function openSale(layout: InventoryLayout, placesPerBuyerMax = 10): InventoryState {
  const rules: SaleRules = {
    prices: [4_500 as MinorUnits],
    currency: 'EUR',
    opensAtMs: null,
    holdTtlMs: 480_000,
    holdTtlMsMax: 1_200_000,
    paymentTtlMs: 300_000,
    placesPerHoldMax: 10,
    placesPerBuyerMax,
    strandedSingles: 'allow',
  };
  const state = createState(layout, rules);
  evolve(state, { type: 'SaleOpened', atMs: startMs as TimeMs } satisfies Fact);
  return state;
}

function hallOf(seats: number): InventoryLayout {
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

function shuffled(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003): the same rounds on every run. */
function randomFrom(seed: number): () => number {
  let x = (seed * 0x9e3779b9) | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(measureDecisions(50_000));
  console.log(measureDecisions(50_000, 9, 4_096));
  console.log(measureDecisions(200_000, 5));
  console.log(measureBestAvailable());
  if ('gc' in globalThis) console.log(measureMemory());
}
