import fc from 'fast-check';
import { FrameWriter } from '#libs/contracts/frame-writer.js';
import { limits } from '#libs/contracts/limits.js';
import type { CommandBatch, ReplyBatch, SeatDiff, ShardBeat } from '#libs/contracts/wire.js';
import { refusalCodes, type RefusalCode } from '#libs/inventory/refusal-codes.js';

/** Everything that can be said on the bus, for property tests and fuzzing. */
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((t) => Buffer.byteLength(t) <= 160),
);
const count = fc.oneof(fc.nat({ max: 300 }), fc.nat(), fc.maxSafeNat());
const time = fc.nat({ max: 2 ** 31 }).map((n) => n * 1_000);
const seats = fc.array(fc.nat({ max: limits.seatsPerPlanMax }), { maxLength: 12 });
const areas = fc.array(fc.record({ area: count, quantity: count }), { maxLength: 3 });
const optional = { requiredKeys: [] as [] };
const wish = fc
  .record(
    {
      category: count,
      section: count,
      wheelchairs: count,
      priceMax: count,
      maySplit: fc.boolean(),
    },
    optional,
  )
  .chain((filters) => count.map((quantity) => ({ quantity, ...filters })));

const flags = fc.integer({ min: 1, max: 60 });
const choosyWish = fc
  .tuple(wish, fc.record({ having: flags, avoiding: flags }, optional))
  .map(([plain, more]) => ({ ...plain, ...more }));

const type = <Name extends string>(name: Name) => ({ type: fc.constant(name) });
const release = fc.oneof(fc.constantFrom('never', 'sold_out'), fc.nat());
const request = fc.oneof(
  fc.record(type('OpenSale')),
  fc.record(type('CloseSale')),
  fc.record(type('Tick')),
  fc.record(type('GetSeatMap')),
  fc.record(type('DescribeEvent')),
  fc.record({ ...type('GetHold'), holdId: text }),
  fc.record({
    ...type('HoldSeats'),
    holdId: text,
    seats,
    areas,
    best: fc.array(wish, { maxLength: 3 }),
  }),
  fc.record(
    { ...type('ExtendHold'), holdId: text, byMs: count },
    { requiredKeys: ['type', 'holdId'] },
  ),
  fc.record(
    { ...type('ReleaseHold'), holdId: text, seats, areas },
    { requiredKeys: ['type', 'holdId'] },
  ),
  fc.record({ ...type('BeginPayment'), holdId: text, attemptId: text }),
  fc.record({ ...type('FailPayment'), holdId: text, attemptId: text }),
  fc.record({ ...type('BookHold'), holdId: text, bookingId: text, attemptId: text }),
  fc.record({
    ...type('BookLate'),
    holdId: text,
    bookingId: text,
    attemptId: text,
    seats,
    areas,
    totalMinor: count,
    alternative: fc.boolean(),
    newer: fc.array(text, { maxLength: 3 }),
  }),
  fc.record(
    { ...type('CancelBooking'), bookingId: text, seats, areas, offSale: fc.constant(true) },
    { requiredKeys: ['type', 'bookingId'] },
  ),
  fc.record(type('CancelEvent')),
  fc.record({ ...type('BlockSeats'), seats, areas, reason: text }),
  fc.record({ ...type('UnblockSeats'), seats, areas }),
  fc.record({
    ...type('ChangeRules'),
    rules: fc.record(
      {
        // One more is written: 0 says that it is not for sale.
        prices: fc.array(fc.integer({ min: -1, max: 2 ** 40 }), { maxLength: 4 }),
        opensAtMs: fc.option(time),
        endsAtMs: fc.option(time),
        holdTtlMs: count,
        placesPerBuyerMax: count,
        strandedSingles: fc.constantFrom('refuse', 'allow'),
        buyers: fc.constantFrom('guest', 'verified'),
        accessibleRelease: release,
        wheelchairsPerBuyerMax: count,
        placesPerAddressMax: fc.option(fc.nat()),
      },
      optional,
    ),
    capacities: fc.array(fc.record({ area: count, capacity: count }), { maxLength: 3 }),
    texts: fc.array(fc.record({ field: text, before: text, after: text }), { maxLength: 2 }),
  }),
);
const expectingHold = fc.record(
  {
    ...type('HoldSeats'),
    holdId: text,
    seats,
    areas,
    best: fc.array(choosyWish, { maxLength: 2 }),
    expectedTotal: count,
    wheelchairs: fc.nat(4),
    partyMax: count,
  },
  { requiredKeys: ['type', 'holdId', 'seats', 'areas', 'best'] },
);

const version = fc.constantFrom(1, 2);
const plainItem = {
  correlation: count,
  eventId: fc.constantFrom('evt_one', 'evt_two', 'evt_three'),
  commandId: text,
  keyed: fc.boolean(),
  userId: text,
  deadlineMs: time,
  request,
};
const trace = fc.oneof(
  fc.constantFrom('1'.repeat(32), '0af7651916cd43dd8448eb211c80319c'),
  fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }).map((n) => n.toString(16).padStart(32, '0')),
);
const address = fc.oneof(
  fc.constantFrom('AAAAAAAAAAA', 'Zz09_-aB3xQ'),
  fc.stringMatching(/^[A-Za-z0-9_-]{11}$/),
);
const span = fc.oneof(
  fc.constantFrom('1'.repeat(16), 'b7ad6b7169203331'),
  fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map((n) => n.toString(16).padStart(16, '0')),
);
const by = fc.oneof(
  fc.constantFrom({ role: 'buyer' }, { role: 'system' }, { role: 'operator', name: 'alice@desk' }),
  fc.record({ role: fc.constant('operator'), name: text.filter((t) => t.length <= 25) }),
);
const item = fc.record(
  { ...plainItem, trace, by, address, span, request: fc.oneof(request, expectingHold) },
  { requiredKeys: Object.keys(plainItem) as (keyof typeof plainItem)[] },
);
/** What version 1 cannot say is not there. */
export const commandBatch = version.chain((number) =>
  fc.record({
    version: fc.constant(number),
    clientId: text,
    batchNo: count,
    items: fc.array(number === 1 ? fc.record(plainItem) : item, { maxLength: 20 }),
  }),
) as unknown as fc.Arbitrary<CommandBatch>;

const rules = fc.record({
  rules: fc.record({
    prices: fc.array(fc.nat(), { maxLength: 4 }),
    currency: fc.constantFrom('EUR', 'JPY'),
    opensAtMs: fc.option(time),
    endsAtMs: fc.option(time),
    holdTtlMs: fc.nat(),
    holdTtlMsMax: fc.nat(),
    paymentTtlMs: fc.nat(),
    placesPerHoldMax: fc.nat(),
    placesPerBuyerMax: fc.nat(),
    strandedSingles: fc.constantFrom('refuse', 'allow'),
    buyers: fc.constantFrom('guest', 'verified'),
    accessibleRelease: release,
    wheelchairsPerBuyerMax: fc.nat(),
    placesPerAddressMax: fc.option(fc.nat()),
  }),
  capacities: fc.array(fc.nat(), { maxLength: 3 }),
});
const outcome = fc.oneof(
  fc.record(type('done')),
  fc.record(
    {
      ...type('hold'),
      holdId: text,
      seats,
      areas,
      totalMinor: count,
      deadlineMs: time,
      attemptId: text,
    },
    { requiredKeys: ['type', 'holdId', 'seats', 'areas', 'totalMinor', 'deadlineMs'] },
  ),
  fc.record({ ...type('booking'), bookingId: text, holdId: text, seats, areas, totalMinor: count }),
  fc.record({ ...type('cancelled'), bookingId: text, seats }),
  fc.record({ ...type('rules_changed'), revision: count, before: rules, after: rules }),
);
const quotes = [
  { seats: [1, 2, 5], areas: [], prices: 500, totalMinor: 1_500 },
  {
    seats: [7],
    areas: [{ area: 1, quantity: 3 }],
    prices: [
      { count: 1, priceMinor: 9_000 },
      { count: 3, priceMinor: 0 },
    ],
    totalMinor: 9_000,
  },
];
const isSpeltOtherwise = (code: RefusalCode): boolean =>
  ['sale_ended', 'price_changed', 'accessible_seats_protected', 'accessible_limit'].includes(code);
const plainRefusal = fc.record(
  {
    code: fc.constantFrom(...refusalCodes.filter((code) => !isSpeltOtherwise(code))),
    seats,
    areas: fc.array(count, { maxLength: 3 }),
    alternative: seats,
    limit: count,
    left: fc.integer(),
    field: text,
  },
  { requiredKeys: ['code'] },
);
const refusal = fc.oneof(
  { weight: 8, arbitrary: plainRefusal },
  { weight: 1, arbitrary: fc.constant({ code: 'sale_ended' }) },
  {
    weight: 1,
    arbitrary: fc.record({ code: fc.constant('accessible_seats_protected'), seats }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ code: fc.constant('accessible_limit'), limit: count, left: count }),
  },
  { weight: 1, arbitrary: fc.record({ code: fc.constant('price_changed') }) },
  {
    weight: 1,
    arbitrary: fc.record({ code: fc.constant('price_changed'), quote: fc.constantFrom(...quotes) }),
  },
);
const saleStatus = fc.constantFrom('scheduled', 'open', 'closed');
const view = fc.oneof(
  fc.record({
    ...type('hold_view'),
    holdId: text,
    userId: text,
    status: fc.constantFrom('held', 'paying'),
    seats,
    areas,
    totalMinor: count,
    deadlineMs: time,
  }),
  fc.record({
    ...type('seat_map'),
    epoch: count,
    version: count,
    saleStatus,
    statuses: fc.uint8Array({ max: 3, maxLength: 500 }),
    areas: fc.array(fc.record({ held: count, booked: count, blocked: count }), { maxLength: 4 }),
  }),
  fc.record({
    ...type('event_view'),
    incarnation: text,
    epoch: count,
    version: count,
    batchNo: count,
    mailbox: count,
    holds: count,
    free: count,
    held: count,
    booked: count,
    blocked: count,
    saleStatus,
  }),
);
const kind = <Name extends string>(name: Name) => ({ kind: fc.constant(name) });
const reply = fc.oneof(
  fc.record({
    ...kind('answered'),
    replayed: fc.boolean(),
    answer: fc.oneof(
      fc.record({ ...kind('accepted'), outcome }),
      fc.record({ ...kind('refused'), refusal }),
    ),
  }),
  fc.record({ ...kind('found'), view }),
  fc.record({ ...kind('moved'), owner: fc.option(text), epoch: count }),
  fc.record(kind('unknown_event')),
  fc.record({ ...kind('overloaded'), retryAfterMs: count }),
  fc.record({
    ...kind('unavailable'),
    retryAfterMs: count,
    executed: fc.constantFrom('no', 'unknown'),
  }),
  fc.record(kind('too_late')),
);
export const replyBatch = fc.record({
  version,
  incarnation: text,
  releasedBatchNo: count,
  replies: fc.array(fc.record({ correlation: count, reply }), { maxLength: 20 }),
}) as unknown as fc.Arbitrary<ReplyBatch>;

const note = fc.record({
  userId: text,
  holdId: text,
  what: fc.constantFrom('held', 'extended', 'released', 'expired', 'paying', 'booked', 'cancelled'),
  deadlineMs: time,
});
export const diff = fc.record(
  {
    eventId: text,
    epoch: count,
    from: count,
    to: count,
    seats: fc.array(fc.tuple(count, fc.nat({ max: 3 }))).map((pairs) => pairs.flat()),
    areas: fc.array(fc.tuple(count, count, count, count)).map((groups) => groups.flat()),
    saleStatus,
    notes: fc.array(note, { maxLength: 5 }),
  },
  { requiredKeys: ['eventId', 'epoch', 'from', 'to', 'seats', 'areas', 'notes'] },
) as unknown as fc.Arbitrary<SeatDiff>;
export const beat = fc.record({
  shardId: text,
  incarnation: text,
  state: fc.constantFrom('active', 'cordoned', 'draining', 'stopped'),
  weight: fc.double({ min: 0, max: 100, noNaN: true }),
  host: text,
  pid: count,
  events: count,
  commandsPerSecond: fc.double({ min: 0, max: 1e7, noNaN: true }),
  sentAtMs: time,
}) as fc.Arbitrary<ShardBeat>;

/** What a later release may put behind a frame: entries that nobody knows here, tags rising. */
export const unknownTail = fc
  .uniqueArray(fc.integer({ min: 100, max: 100_000 }), { maxLength: 3 })
  .chain((tags) =>
    fc.tuple(...tags.sort((a, b) => a - b).map((tag) => fc.uint8Array().map((b) => [tag, b]))),
  )
  .map((entries) => {
    const out = new FrameWriter(64);
    for (const [tag, bytes] of entries as [number, Uint8Array][]) {
      out.count(tag);
      out.blob(bytes);
    }
    return out.copy();
  });

/** The same frame as a later release might write it. */
export const withTail = (frame: Uint8Array, tail: Uint8Array): Uint8Array =>
  Uint8Array.from([2, ...frame.subarray(1), ...tail]);
