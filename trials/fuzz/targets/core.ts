import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { decodeCommandBatch, encodeCommandBatch } from '#libs/contracts/wire-codec.js';
import { MalformedFrame } from '#libs/contracts/wire-codec.js';
import type { CommandBatch } from '#libs/contracts/wire.js';
import {
  AssertionFailed,
  CorruptBytes,
  createState,
  decide,
  decodeFacts,
  decodeState,
  digest,
  encodeFacts,
  encodeState,
  evolve,
  factLevelNewest,
  factLevelOldest,
  LayoutMismatch,
  UnknownFactKind,
  usualSender,
  type Fact,
  type InventoryState,
  type SnapshotFormat,
  type TimeMs,
} from '#libs/inventory/inventory.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { projectRoot } from '#ops/system/paths.js';
import { promise, pureTarget, sameBytes, type FuzzTarget, type Outcome } from '../target.js';

/** Journal payloads, snapshots, and commands that reach the core. */
const layout = plainLayout([{ seats: '......' }, { seats: '......' }], [{ capacity: 9 }]);
const rules = plainRules({ strandedSingles: 'refuse' });
const journal = goldenFacts();
const lengths = fc.nat({ max: journal.length });

export const coreTargets: readonly FuzzTarget[] = [
  pureTarget(
    'facts',
    fc
      .tuple(lengths, lengths, fc.constantFrom(factLevelOldest, factLevelNewest))
      .map(([a, b, level]) => encodeFacts(journal.slice(Math.min(a, b), a + b), level)),
    readJournal,
  ),
  pureTarget(
    'snapshots',
    fc
      .tuple(lengths, fc.constantFrom<SnapshotFormat>(2, 3, 4, 5))
      .map(([length, format]) => encodeState(stateAfter(length), format)),
    readSnapshot,
  ),
  pureTarget('decisions', batches().map(encodeCommandBatch), decideAll),
];

function goldenFacts(): readonly Fact[] {
  const file = path.join(projectRoot, 'libs/inventory/codec/golden/journal.json');
  const { hex } = JSON.parse(readFileSync(file, 'utf8')) as { hex: string };
  return decodeFacts(new Uint8Array(Buffer.from(hex, 'hex')));
}

function stateAfter(length: number): InventoryState {
  const state = createState(layout, rules);
  for (const fact of journal.slice(0, length)) evolve(state, fact);
  return state;
}

function readJournal(input: Uint8Array): Outcome {
  let facts: readonly Fact[];
  try {
    facts = decodeFacts(input);
  } catch (error) {
    if (error instanceof CorruptBytes || error instanceof UnknownFactKind) return 'refused';
    throw error;
  }
  const again = encodeFacts(facts, factLevelNewest);
  // The one fact of which a version is read that no level writes.
  const wasUpcast = facts.some((fact) => fact.type === 'SeatsBlocked' && fact.reason === '');
  promise(wasUpcast || isSpelled(input, facts), 'bytes that nobody writes were taken for facts');
  const kept = encodeFacts(decodeFacts(again), factLevelNewest);
  promise(sameBytes(kept, again), 'facts changed on the way');
  return 'accepted';
}

const levels = Array.from(
  { length: factLevelNewest - factLevelOldest + 1 },
  (_, index) => factLevelOldest + index,
);

const anyFact = { type: 'SaleOpened', by: { role: 'system' } } as const;

/** Each fact stands there just as one of the levels writes it. */
function isSpelled(input: Uint8Array, facts: readonly Fact[]): boolean {
  let at = 0;
  for (let i = 0; i < facts.length; i++) {
    // A time goes as the distance from that of the fact before, which every level can say.
    const before = facts.slice(Math.max(0, i - 1), i).map(({ atMs }) => ({ ...anyFact, atMs }));
    const found = levels
      .flatMap((level) => spellingAt(level, before, facts[i]))
      .find((bytes) => sameBytes(bytes, input.subarray(at, at + bytes.length)));
    if (found === undefined) return false;
    at += found.length;
  }
  return at === input.length;
}

/** None: that level cannot say it. That the newest can say everything, readJournal asks. */
function spellingAt(level: number, before: readonly Fact[], fact: Fact): Uint8Array[] {
  try {
    const both = encodeFacts([...before, fact], level);
    return [both.subarray(encodeFacts(before, level).length)];
  } catch (error) {
    if (error instanceof AssertionFailed) return [];
    throw error;
  }
}

function readSnapshot(input: Uint8Array): Outcome {
  let state: InventoryState;
  try {
    state = decodeState(layout, rules, input);
  } catch (error) {
    if (error instanceof CorruptBytes || error instanceof LayoutMismatch) return 'refused';
    throw error;
  }
  // A snapshot is only read when its digest is right, so it needs no single spelling; what is read
  // must be a whole state all the same, which is written and read again without a change.
  const again = encodeState(state);
  const copy = decodeState(layout, rules, again);
  promise(sameBytes(encodeState(copy), again), 'a state changed on the way');
  return 'accepted';
}

/** A refused command leaves no trace; an accepted one leaves facts that can be kept. */
function decideAll(input: Uint8Array): Outcome {
  let batch: CommandBatch;
  try {
    batch = decodeCommandBatch(input);
  } catch (error) {
    if (error instanceof MalformedFrame) return 'refused';
    throw error;
  }
  const state = stateAfter(batch.batchNo % (journal.length + 1));
  const nowMs = (state.lastTimeMs + (batch.batchNo % 1_000)) as TimeMs;
  for (const { commandId, keyed, userId, request, by } of batch.items) {
    if (['GetHold', 'GetSeatMap', 'DescribeEvent'].includes(request.type)) continue;
    const command = request as Extract<typeof request, { type: 'HoldSeats' }>;
    const before = digest(state);
    const sender = { userId, by: by ?? usualSender(command.type) };
    const decision = decide(state, { commandId, keyed, ...sender, nowMs, command });
    promise(digest(state) === before, `deciding ${command.type} changed the state`);
    if (decision.kind === 'replayed') continue;
    const kept = decodeFacts(encodeFacts(decision.facts, factLevelNewest));
    for (const fact of kept) evolve(state, fact);
    const grew = digest(state) !== before;
    promise(grew === decision.facts.length > 0, 'a state changed without facts, or not with them');
    promise(sameBytes(encodeState(copyOf(state)), encodeState(state)), 'a state cannot be kept');
  }
  return 'accepted';
}

const copyOf = (state: InventoryState): InventoryState =>
  decodeState(layout, rules, encodeState(state));

/** Commands about holds and seats that are there, or nearly. */
function batches(): fc.Arbitrary<CommandBatch> {
  const type = <Name extends string>(name: Name) => ({ type: fc.constant(name) });
  const holdId = fc.constantFrom('rsv_a', 'rsv_b', 'rsv_c', 'rsv_d', 'rsv_e', 'rsv_new', '');
  const bookingId = fc.constantFrom('bkg_a', 'bkg_new');
  const attemptId = fc.constantFrom('pay1', 'pay2', 'pay3', 'pay4');
  const seats = fc.array(fc.nat({ max: 12 }), { maxLength: 4 });
  const quantity = fc.constantFrom(0, 1, 3, 9, 10, 2 ** 32, Number.MAX_SAFE_INTEGER);
  const areas = fc.array(fc.record({ area: fc.nat({ max: 1 }), quantity }), { maxLength: 2 });
  const best = fc.array(fc.record({ quantity, maySplit: fc.boolean() }), { maxLength: 2 });
  const byMs = fc.constantFrom(0, 1, 60_000, Number.MAX_SAFE_INTEGER);
  const request = fc.oneof(
    fc.record(type('OpenSale')),
    fc.record(type('CloseSale')),
    fc.record(type('Tick')),
    fc.record({ ...type('HoldSeats'), holdId, seats, areas, best }),
    fc.record({ ...type('ExtendHold'), holdId, byMs }),
    fc.record({ ...type('ReleaseHold'), holdId, seats, areas }),
    fc.record({ ...type('BeginPayment'), holdId, attemptId }),
    fc.record({ ...type('FailPayment'), holdId, attemptId }),
    fc.record({ ...type('BookHold'), holdId, bookingId, attemptId }),
    fc.record({
      ...type('BookLate'),
      holdId,
      bookingId,
      attemptId,
      seats,
      areas,
      totalMinor: quantity,
      alternative: fc.boolean(),
      newer: fc.array(bookingId, { maxLength: 2 }),
    }),
    fc.record(type('CancelEvent')),
    fc.record({ ...type('CancelBooking'), bookingId, seats, areas }),
    fc.record({ ...type('BlockSeats'), seats, areas, reason: fc.string({ maxLength: 20 }) }),
    fc.record({ ...type('UnblockSeats'), seats, areas }),
  );
  const item = fc.record({
    correlation: fc.nat(),
    eventId: fc.constant('evt_one'),
    commandId: fc.constantFrom('hold-a', 'hold-b', 'book', 'n1', 'n2', 'n3', 'n4'),
    keyed: fc.boolean(),
    userId: fc.constantFrom('u1', 'bøb', 'organiser', 'support'),
    deadlineMs: fc.nat(),
    request,
  });
  const version = fc.constant(1);
  const batch = { version, clientId: fc.constant('c'), batchNo: fc.nat({ max: 5_000 }) };
  const items = fc.array(item, { minLength: 1, maxLength: 6 });
  return fc.record({ ...batch, items }) as unknown as fc.Arbitrary<CommandBatch>;
}
