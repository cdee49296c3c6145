import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { NaiveInventory } from '#libs/testing/naive-inventory.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  areaCounts,
  counts,
  createState,
  decide,
  decodeFacts,
  decodeState,
  digest,
  encodeFacts,
  encodeState,
  evolve,
  factLevelNewest,
  levelWithLate,
  levelWithRules,
  nextWakeAt,
  StateLoader,
  statusOf,
  type AreaIndex,
  type BookingId,
  type Command,
  type CommandId,
  type Envelope,
  type Fact,
  type HoldId,
  type InventoryState,
  type SaleRules,
  type SeatIndex,
  type TimeMs,
  type UserId,
} from './inventory.js';

const layout = plainLayout(
  [
    { seats: '......', category: 0 },
    { seats: 'wc..|...', category: 0 },
    { seats: '.rhhr', category: 1, section: 1 },
    { seats: '.w.w.', category: 1, section: 1 },
    { seats: '.....', category: 1, section: 1, round: true },
    { seats: 'wcccc', category: 2, section: 2 },
    { seats: 'c.', category: 3, section: 2 },
  ],
  [
    { capacity: 6, category: 2 },
    { capacity: 3, category: 1 },
  ],
);

const windowMax = 12;
const startMs = 1_000_000;

interface Real {
  readonly spec: DeciderSpec;
  /** Below the newest, as an upgrade that is not finalized: until the rules change. */
  level: number;
}

/** One command, and how much time passes before it. */
class Step implements fc.Command<NaiveInventory, Real> {
  private static clockMs = startMs;

  constructor(
    readonly command: Command,
    readonly user: string,
    readonly laterMs: number,
    readonly id: string | undefined,
  ) {}

  static restart(): void {
    Step.clockMs = startMs;
  }

  check(): boolean {
    return true;
  }

  run(model: NaiveInventory, real: Real): void {
    const { spec } = real;
    Step.clockMs += this.laterMs;
    if (this.command.type === 'ChangeRules') real.level = factLevelNewest;
    const envelope = spec.envelope(this.command, {
      factLevel: real.level,
      user: this.user,
      at: Step.clockMs,
      keyed: this.id !== undefined,
      ...(this.id === undefined ? {} : { id: this.id }),
    });
    const expected = model.handle(envelope);
    const before = encodeState(spec.state);
    const decision = decide(spec.state, envelope);
    expect(encodeState(spec.state)).toEqual(before);
    if (decision.kind === 'replayed') {
      expect({ answer: decision.answer, replayed: true }).toEqual(expected);
    } else {
      const { facts, ...answer } = decision;
      expect({ answer, replayed: false }).toEqual(expected);
      spec.given(...facts);
    }
    checkInvariants(spec.state, model, envelope);
  }

  toString(): string {
    return JSON.stringify([this.command, this.user, this.laterMs, this.id]);
  }
}

function checkInvariants(
  state: InventoryState,
  model: NaiveInventory,
  { nowMs, command }: Envelope,
) {
  const total = layout.seatCount + state.areaCapacity.reduce((sum, places) => sum + places, 0);
  expect([...state.areaCapacity]).toEqual(model.capacities);
  expect(state.rules).toEqual(model.rules);
  const { free, held, booked, blocked } = counts(state);
  expect(free + held + booked + blocked).toBe(total);
  const overdue = state.holds.inOrder().filter((slot) => state.holds.deadlineMs(slot) <= nowMs);
  if (command.type === 'Tick') {
    expect(overdue).toEqual([]);
    expect(nextWakeAt(state) ?? Infinity).toBeGreaterThan(nowMs);
  }
  const owned = state.holds.inOrder().flatMap((slot) => [...state.holds.seatsOf(slot)]);
  expect(new Set(owned).size).toBe(owned.length);
  const names = ['free', 'held', 'booked', 'blocked'];
  const lapsed = new Set(overdue.flatMap((slot) => [...state.holds.seatsOf(slot)]));
  const seatIndexes = Array.from({ length: layout.seatCount }, (_, i) => i as SeatIndex);
  expect(
    seatIndexes.map((seat) => (lapsed.has(seat) ? 'free' : names[statusOf(state, seat)])),
  ).toEqual(seatIndexes.map((seat) => model.statusOf(seat)));
  if (overdue.length > 0) return;
  for (let area = 0 as AreaIndex; area < layout.areas.length; area++) {
    expect(areaCounts(state, area)).toEqual(model.areaTaken(area));
  }
  for (const user of users) {
    expect(state.placesOfBuyer.of(user as never)).toBe(model.placesOfBuyer(user));
  }
}

function checkHistory(facts: readonly Fact[], state: InventoryState, rules: SaleRules): void {
  const replayed = createState(layout, rules, { commandWindowMax: windowMax });
  const stored = decodeFacts(encodeFacts(facts, factLevelNewest));
  expect(stored).toEqual(facts);
  const half = facts.length >> 1;
  for (const fact of stored.slice(0, half)) evolve(replayed, fact);
  const snapshot = encodeState(replayed);
  const loaded = decodeState(layout, rules, snapshot, { commandWindowMax: windowMax });
  expect(encodeState(loaded)).toEqual(snapshot);
  expect(encodeState(loadedInSteps(snapshot, rules))).toEqual(snapshot);
  const before = encodeState(replayed, 2);
  expect(encodeState(loadedInSteps(before, rules))).toEqual(snapshot);
  for (const fact of stored.slice(half)) {
    evolve(replayed, fact);
    evolve(loaded, fact);
  }
  expect(digest(replayed)).toBe(digest(state));
  expect(digest(loaded)).toBe(digest(state));
}

/** One entry at a time, while other events use what all share: none of it is carried over. */
function loadedInSteps(snapshot: Uint8Array, rules: SaleRules): InventoryState {
  const loader = new StateLoader(layout, rules, snapshot, { commandWindowMax: windowMax });
  const other = createState(layout, rules, { commandWindowMax: windowMax });
  for (let n = 0; !loader.step(1); n++) {
    const cause = { commandId: `other-${n}` as CommandId, fingerprint: n };
    evolve(other, {
      type: 'SaleOpened',
      atMs: n as TimeMs,
      cause,
      by: { role: 'operator', name: '' },
    });
    other.holds.find(`h${n}` as HoldId);
    other.bookings.find(`b${n}` as BookingId);
    other.placesOfBuyer.find(`ann${n}` as UserId);
  }
  return loader.state;
}

const users = ['ann', 'bob', 'cleo'];
const holdId = fc.integer({ min: 0, max: 5 }).map((n) => `h${n}`);
const attemptId = fc.constantFrom('p0', 'p0', 'p1');
const bookingId = fc.integer({ min: 0, max: 3 }).map((n) => `b${n}`);
const seat = fc.integer({ min: 0, max: layout.seatCount - 1 });
const rarelyUnknownSeat = fc.oneof(
  { weight: 40, arbitrary: seat },
  { weight: 1, arbitrary: fc.constant(layout.seatCount) },
);
const seats = fc.array(rarelyUnknownSeat, { maxLength: 4 });
const areas = fc.uniqueArray(
  fc.record({ area: fc.integer({ min: 0, max: 1 }), quantity: fc.integer({ min: 1, max: 3 }) }),
  { maxLength: 2, selector: ({ area }) => area },
);
const best = fc.array(
  fc
    .record(
      {
        quantity: fc.integer({ min: 1, max: 4 }),
        category: fc.integer({ min: 0, max: 1 }),
        section: fc.integer({ min: 0, max: 1 }),
        wheelchairs: fc.integer({ min: 0, max: 2 }),
        priceMax: fc.constantFrom(3_000, 5_000),
        maySplit: fc.boolean(),
        having: fc.constantFrom(8, 12),
        avoiding: fc.constant(4),
      },
      { requiredKeys: ['quantity'] },
    )
    .filter(({ quantity, wheelchairs }) => (wheelchairs ?? 0) <= quantity)
    .filter(({ having, avoiding }) => having !== 12 || avoiding === undefined),
  { maxLength: 2 },
);
const wheelchairs = fc.integer({ min: 0, max: 2 });
const nonEmpty = (c: {
  seats?: unknown[] | undefined;
  areas?: unknown[] | undefined;
  best?: unknown[] | undefined;
}) => (c.seats?.length ?? 0) + (c.areas?.length ?? 0) + (c.best?.length ?? 0) > 0;
const expectedTotal = fc.constantFrom(5_000, 6_000, 10_000, 12_000);
const partyMax = fc.constantFrom(1, 2, 4, 20);
const rules = fc.record(
  {
    prices: fc
      .constantFrom([5_000, 3_000, 2_000], [6_000, 3_000, 1_500], [3_000, 3_000, 3_000])
      .map((prices) => [...prices, 1_000]),
    placesPerBuyerMax: fc.constantFrom(6, 9, 12),
    endsAtMs: fc.constantFrom(null, null, startMs + 400_000, startMs + 3_000_000),
    holdTtlMs: fc.constantFrom(600_000, 300_000),
    accessibleRelease: fc.constantFrom('never', 'sold_out', 'sold_out', startMs + 300_000),
    wheelchairsPerBuyerMax: fc.constantFrom(1, 2, 3),
    placesPerAddressMax: fc.constantFrom(null, 20, 60),
  },
  { requiredKeys: [] },
);
const capacities = fc.uniqueArray(
  fc.record({ area: fc.integer({ min: 0, max: 1 }), capacity: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 2, selector: ({ area }) => area },
);
const texts = fc.constant<never[]>([]);
const of = <T extends string>(type: T) => fc.constant(type);

const command = fc.oneof(
  { weight: 1, arbitrary: fc.record({ type: of('OpenSale') }) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        type: of('BookLate'),
        holdId,
        bookingId,
        attemptId,
        seats,
        areas,
        totalMinor: fc.constantFrom(3_000, 5_000, 6_000, 10_000),
        alternative: fc.boolean(),
        newer: fc.array(bookingId, { maxLength: 1 }),
      })
      .filter(nonEmpty),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('CloseSale', 'Tick', 'Tick', 'Tick') }),
  },
  {
    weight: 10,
    arbitrary: fc
      .record(
        { type: of('HoldSeats'), holdId, seats, areas, best, expectedTotal, wheelchairs, partyMax },
        { requiredKeys: ['type', 'holdId', 'seats', 'areas', 'best'] },
      )
      .filter(nonEmpty)
      .filter((c) => (c.wheelchairs ?? 0) <= c.seats.length),
  },
  { weight: 3, arbitrary: fc.record({ type: of('ChangeRules'), rules, capacities, texts }) },
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: of('HoldSeats'),
        holdId,
        seats,
        areas: fc.constant<never[]>([]),
        best: fc.constant<never[]>([]),
      })
      .filter(nonEmpty),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      { type: of('ExtendHold'), holdId, byMs: fc.constantFrom(1, 100_000, 600_000, 600_001) },
      { requiredKeys: ['type', 'holdId'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .record(
        { type: of('ReleaseHold'), holdId, seats, areas },
        { requiredKeys: ['type', 'holdId'] },
      )
      .filter((c) => (c.seats === undefined && c.areas === undefined) || nonEmpty(c)),
  },
  { weight: 5, arbitrary: fc.record({ type: of('BeginPayment'), holdId, attemptId }) },
  { weight: 2, arbitrary: fc.record({ type: of('FailPayment'), holdId, attemptId }) },
  { weight: 5, arbitrary: fc.record({ type: of('BookHold'), holdId, attemptId, bookingId }) },
  {
    weight: 3,
    arbitrary: fc
      .record(
        { type: of('CancelBooking'), bookingId, seats, areas, offSale: fc.constant(true) },
        { requiredKeys: ['type', 'bookingId'] },
      )
      .filter((c) => (c.seats === undefined && c.areas === undefined) || nonEmpty(c)),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ type: of('BlockSeats'), seats, areas, reason: of('stage') })
      .filter(nonEmpty),
  },
  { weight: 1, arbitrary: fc.record({ type: of('UnblockSeats'), seats, areas }).filter(nonEmpty) },
) as unknown as fc.Arbitrary<Command>;

const step = fc
  .record({
    command,
    user: fc.constantFrom('ann', 'ann', 'bob', 'cleo'),
    laterMs: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(0, 300_000, 600_000, 1_200_000) },
    ),
    id: fc.option(
      fc.integer({ min: 0, max: 30 }).map((n) => `key-${n}`),
      { nil: undefined },
    ),
  })
  .map(({ command: c, user, laterMs, id }) => new Step(c, user, laterMs, id));

describe('the core and a naive model', () => {
  it.each([
    ['refuse', factLevelNewest],
    ['allow', factLevelNewest],
    ['allow', levelWithLate - 1],
    ['allow', levelWithRules - 1],
  ] as const)(
    'give the same answers when the rule on stranded singles is to %s, from level %i on',
    (strandedSingles, level) => {
      const rules = plainRules({
        strandedSingles,
        placesPerHoldMax: 6,
        placesPerBuyerMax: 9,
        opensAtMs: (startMs + 40_000) as never,
      });
      const property = fc.property(
        fc.commands([step], { maxCommands: 60, size: '+2' }),
        (commands) => {
          Step.restart();
          const spec = new DeciderSpec(layout, rules, { commandWindowMax: windowMax });
          const model = new NaiveInventory(layout, rules, windowMax);
          fc.modelRun(() => ({ model, real: { spec, level } }), commands);
          checkHistory(spec.facts, spec.state, rules);
        },
      );
      fc.assert(property, { numRuns: Number(process.env['HOLDFAST_MODEL_RUNS'] ?? 80) });
    },
  );
});
