import { pathToFileURL } from 'node:url';
import {
  decide,
  digest,
  encodeFacts,
  encodeState,
  evolve,
  factLevelNewest,
  foreseenMax,
  foresight,
  previewBestAvailable,
  type Envelope,
  type Fact,
  type InventoryLayout,
  type InventoryState,
} from './inventory.js';
import {
  flat,
  hallOf,
  holdOf,
  idsOf,
  openSale,
  randomFrom,
  shuffled,
  startMs,
  token,
} from './inputs.bench.js';

/**
 * What one core decides per second. `npm run build`, then, with the flags that a shard has,
 * `node --min-semi-space-size=64 --max-semi-space-size=64 --expose-gc
 * dist/libs/inventory/inventory.bench.js`.
 *
 * Rates are per second of processor time, so that a busy machine changes them little; the threads
 * that collect garbage and compile are counted in, as if they shared the one core.
 */
export interface DecisionMeasurement {
  readonly seats: number;
  /** That count; `warmupRounds` of the same went before them. */
  readonly rounds: number;
  /** Accepted one-seat holds per second: decide and evolve; best round. */
  readonly decisionsPerSecond: number;
  readonly medianPerSecond: number;
  /** Of all rounds, with those before; anything but 0 means that the measurement is wrong. */
  readonly refused: number;
}

export interface CoreMeasurement extends DecisionMeasurement {
  /** Fewer than seats: a buyer then holds several, each by a command of its own. */
  readonly buyers: number;
  /** decide, evolve and encodeFacts together; best round. */
  readonly withEncodingPerSecond: number;
}

/** A frame of commands, and the group commit that carries their facts. */
const commandsPerBatch = 256;
/** Rounds that do not count: the threads that compile are busy for the first fifth of a second. */
const warmupRounds = 5;

/**
 * Every seat of a fresh event is held once, in random order and, unless told otherwise, each by
 * another buyer. Commands come in batches that are made just before and outside the clock, as a
 * shard decodes a frame just before it decides; the facts of a batch are encoded together, as in a
 * group commit. Only accepted holds count.
 */
export function measureDecisions(seats = 50_000, rounds = 15, buyers = seats): CoreMeasurement {
  const layout = hallOf(seats);
  const rates: number[] = [];
  const ratesWithEncoding: number[] = [];
  let refused = 0;
  for (let round = -warmupRounds; round < rounds; round++) {
    const { accepted, decideUs, encodeUs } = holdAllSeats(layout, round, buyers);
    refused += seats - accepted;
    if (round < 0) continue;
    rates.push((accepted * 1e6) / decideUs);
    ratesWithEncoding.push((accepted * 1e6) / (decideUs + encodeUs));
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
  const random = randomFrom(round + 1 + warmupRounds);
  const order = shuffled(seatCount, random);
  const commandIdOf = idsOf(seatCount, 'g7f3a9.', (n) => n.toString(36));
  const holdIdOf = idsOf(seatCount, 'rsv_arena2026_', () => token(random));
  const userIdOf = idsOf(buyers, 'usr_', () => token(random));
  const buyerOf = (n: number) => (buyers < seatCount ? Math.floor(random() * buyers) : n);
  let accepted = 0;
  let decideUs = 0;
  let encodeUs = 0;
  for (let from = 0; from < seatCount; from += commandsPerBatch) {
    const batch = Array.from(order.subarray(from, from + commandsPerBatch), (seat, i) =>
      holdOf(seat, commandIdOf(from + i), userIdOf(buyerOf(from + i)), holdIdOf(from + i)),
    );
    const startedUs = cpuUs();
    const facts = decideAll(state, batch);
    const decidedUs = cpuUs();
    if (encodeFacts(facts, factLevelNewest).length === 0) throw new Error('nothing was decided');
    encodeUs += cpuUs() - decidedUs;
    decideUs += decidedUs - startedUs;
    accepted += facts.length;
  }
  return { accepted, decideUs, encodeUs };
}

/** The facts of the accepted holds, one each: nothing here falls due. */
function decideAll(state: InventoryState, batch: readonly Envelope[]): Fact[] {
  const facts: Fact[] = [];
  for (let i = 0; i < batch.length; i++) {
    if (i % foreseenMax === 0) foresee(state, batch, i);
    const decision = decide(state, batch[i]);
    if (decision.kind !== 'accepted') continue;
    for (const fact of decision.facts) {
      evolve(state, fact);
      facts.push(fact);
    }
  }
  return facts;
}

/** As an actor does with the mail that waits. */
function foresee(state: InventoryState, batch: readonly Envelope[], from: number): void {
  foresight.clear();
  const end = Math.min(batch.length, from + foreseenMax);
  for (let i = from; i < end; i++) {
    const { commandId, userId, command } = batch[i];
    if (command.type === 'HoldSeats') foresight.expect(state, commandId, userId, command);
  }
  foresight.touch(state);
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
  const [command, user, hold] = [`g7f3a9.${n.toString(36)}`, token(random), token(random)];
  const envelope = holdOf(seat, flat(command), flat(`usr_${user}`), flat(`rsv_arena2026_${hold}`));
  const decision = decide(state, envelope);
  if (decision.kind === 'accepted') for (const fact of decision.facts) evolve(state, fact);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(measureDecisions(50_000));
  console.log(measureDecisions(50_000, 15, 4_096));
  console.log(measureDecisions(200_000, 5));
  console.log(measureBestAvailable());
  if ('gc' in globalThis) console.log(measureMemory());
}
