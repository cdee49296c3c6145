import { readFileSync } from 'node:fs';
import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  factKinds,
  factLevelNewest,
  factLevelOldest,
  levelWithBy,
  levelWithLate,
  levelWithRules,
} from './fact-kinds.js';
import {
  CorruptBytes,
  createState,
  decodeFacts,
  decodeState,
  digest,
  digestOfSnapshot,
  encodeFacts,
  encodeState,
  evolve,
  LayoutMismatch,
  snapshotFormatAt,
  snapshotFormatOf,
  UnknownFactKind,
  type By,
  type Fact,
  type InventoryState,
  type SnapshotFormat,
} from '../inventory.js';
import type { CommandId, TimeMs } from '../ids.js';
import { byOfOld, upcasters } from './upcasters.js';

const twoPrices = plainLayout(
  [{ seats: '......' }, { seats: '......', category: 1 }],
  [{ capacity: 9, category: 1 }],
);
const layout = plainLayout([{ seats: '......' }, { seats: '......' }], [{ capacity: 9 }]);
const rules = plainRules({ strandedSingles: 'refuse' });

const named = (name: string): By => ({ role: 'operator', name });

/** A life of an event in which every kind of fact happens. */
function eventfulSale(): DeciderSpec {
  const sale = new DeciderSpec(layout, rules);
  const start = 1_800_000_000_000;
  sale.run(send.openSale, { at: start, user: 'organiser', id: 'open' });
  sale.run(send.blockSeats([5], [[0, 2]]), { user: 'organiser', id: 'block' });
  sale.run(send.holdSeats('rsv_a', [0, 1], { areas: [[0, 3]] }), { id: 'hold-a', at: start + 5 });
  sale.run(send.holdSeats('rsv_b', [1, 2]), { id: 'hold-b', user: 'bøb', keyed: true });
  sale.run(send.holdSeats('rsv_c', [7]), { id: 'hold-c', user: 'bøb', keyed: true });
  sale.run(send.extendHold('rsv_a', 60_000), { id: 'extend', at: start + 90 });
  sale.run(send.releaseHold('rsv_a', [1], [[0, 1]]), { id: 'release', at: start + 95 });
  sale.run(send.beginPayment('rsv_a'), { id: 'pay-1', at: start + 100 });
  sale.run(send.failPayment('rsv_a'), { id: 'fail-1', at: start + 900 });
  sale.run(send.beginPayment('rsv_a', 'pay2'), { id: 'pay-2', at: start + 2_000 });
  sale.run(send.holdBest('rsv_d', { quantity: 3 }), { id: 'hold-d', user: '買い手 🎫' });
  sale.run(send.bookHold('rsv_a', 'bkg_a', 'pay2'), { id: 'book', at: start + 2_500 });
  sale.run(send.cancelBooking('bkg_a', [0]), { id: 'cancel', user: 'support', by: named('裏方') });
  sale.run(send.unblockSeats([5], [[0, 1]]), { user: 'organiser', id: 'unblock' });
  sale.run(send.tick, { at: start + 700_000 });
  sale.run(send.holdSeats('rsv_e', [8]), { id: 'hold-e', at: start + 700_001 });
  sale.run(send.beginPayment('rsv_e', 'pay3'), { id: 'pay-3' });
  sale.run(send.closeSale, { user: 'organiser', id: 'close', by: named('alice@box-office') });
  return sale;
}

/** What came with level 3: prices of several kinds, and rules that change while holds run. */
function changedSale(): DeciderSpec {
  const start = 1_800_000_000_000;
  const sale = new DeciderSpec(twoPrices, rules);
  sale.run(send.openSale, { at: start, id: 'open' });
  sale.run(send.holdSeats('rsv_a', [4, 5, 6], { areas: [[0, 2]] }), { id: 'hold-a' });
  const dearer = { prices: [6_000, 3_500], endsAtMs: start + 90_000, buyers: 'verified' };
  const texts = [{ field: 'name', before: 'Hamlet', after: 'Ὅμηρος' }];
  sale.run(send.changeRules(dearer, [[0, 4]], texts), { id: 'change', by: named('alice') });
  sale.run(send.holdSeats('rsv_b', [0, 1], { expectedTotal: 10_000 }), { id: 'dear', keyed: true });
  sale.run(send.releaseHold('rsv_a', [5], [[0, 1]]), { id: 'release', at: start + 50 });
  sale.run(send.changeRules({ opensAtMs: null }), { id: 'again', at: start + 60 });
  sale.run(send.holdSeats('rsv_b', [0, 1]), { id: 'late', keyed: true, at: start + 90_000 });
  const access = { accessibleRelease: 'sold_out', wheelchairsPerBuyerMax: 3, endsAtMs: null };
  sale.run(send.changeRules(access), { id: 'access', at: start + 90_001 });
  sale.run(send.holdSeats('rsv_c', [2, 3], { wheelchairs: 1 }), { id: 'need' });
  sale.run(send.changeRules({ placesPerAddressMax: 60 }), { id: 'address' });
  return sale;
}

/** What came with level 4: late bookings, cancelled places off sale, and the end of an event. */
function endedSale(): DeciderSpec {
  const start = 1_800_000_000_000;
  const sale = new DeciderSpec(layout, rules);
  sale.run(send.openSale, { at: start, id: 'open' });
  sale.run(send.holdSeats('rsv_a', [0, 1], { areas: [[0, 3]] }), { id: 'hold-a' });
  sale.run(send.holdSeats('rsv_b', [2, 3]), { id: 'hold-b', user: 'bøb' });
  sale.run(send.tick, { at: start + 900_000 });
  const areas: [number, number][] = [[0, 3]];
  sale.run(send.bookLate('rsv_a', 'bkg_a', [0, 1], 25_000, { areas }), { id: 'late-a' });
  sale.run(send.holdSeats('rsv_c', [2, 3]), { id: 'hold-c', user: 'cleo' });
  const other = { alternative: true, newer: ['bkg_x'] };
  sale.run(send.bookLate('rsv_b', 'bkg_b', [2, 3], 10_000, other), { id: 'late-b', user: 'bøb' });
  const part: [number, number][] = [[0, 1]];
  sale.run(send.cancelBooking('bkg_a', [1], { areas: part, offSale: true }), { id: 'off' });
  sale.run(send.cancelBooking('bkg_a', [], { areas: part }), { id: 'part' });
  sale.run(send.cancelEvent, { id: 'end', by: named('alice') });
  sale.run(send.holdSeats('rsv_d', [5]), { id: 'after', keyed: true });
  return sale;
}

/** By format of snapshots that say everything. */
type DigestsOfNow = Readonly<Record<4 | 5, string>>;

interface Golden {
  /** Bytes as the program of that time wrote them, at its newest level. */
  readonly hex: string;
  /** The same facts as they are written at each level below, from 1 on. */
  readonly hexBelow: readonly string[];
  readonly facts: readonly Fact[];
  /** Of the state that it folds to, by format of snapshots. */
  readonly digests: Readonly<Record<SnapshotFormat, string>>;
  /** The same of changedSale(), which no level below the newest can say. */
  readonly changed: Pick<Golden, 'hex' | 'facts'> & { readonly digests: DigestsOfNow };
  /** The same of endedSale(). */
  readonly ended: Pick<Golden, 'hex' | 'facts'> & { readonly digests: DigestsOfNow };
  /** Old versions that are still read, and what they are read as. */
  readonly old: readonly { readonly name: string; readonly hex: string; readonly fact: Fact }[];
}

const golden = JSON.parse(
  readFileSync(new URL('./golden/journal.json', import.meta.url), 'utf8'),
) as Golden;

const digestsOfNow = (state: InventoryState): DigestsOfNow => ({
  4: digestOfSnapshot(encodeState(state, 4)),
  5: digest(state),
});

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

describe('the golden journal', () => {
  it('has every kind of fact in it', () => {
    const facts = [...golden.facts, ...golden.changed.facts, ...golden.ended.facts];
    const kinds = new Set(facts.map(({ type }) => type));
    expect([...kinds].sort()).toEqual(Object.keys(factKinds).sort());
  });

  it('is read as it was meant', () => {
    expect(decodeFacts(fromHex(golden.hex))).toEqual(golden.facts);
  });

  it('has the rules and prices that came with level 3', () => {
    const { facts, hex, digests } = golden.changed;
    expect(changedSale().facts).toEqual(facts);
    expect(toHex(encodeFacts(facts, factLevelNewest))).toBe(hex);
    expect(decodeFacts(fromHex(hex))).toEqual(facts);
    expect(digestsOfNow(changedSale().state)).toEqual(digests);
    expect(() => encodeFacts(facts, levelWithRules - 1)).toThrow(/knows its kind/);
    const refused = facts.filter(({ type }) => type === 'CommandRefused');
    expect(refused).toHaveLength(2);
    for (const fact of refused) {
      expect(() => encodeFacts([fact], levelWithRules - 1)).toThrow(/knows its code/);
    }
  });

  it('has no refusal of level 3 in a version of before, whatever its bytes say', () => {
    const cause = { commandId: 'cmd_1' as CommandId, fingerprint: 1 };
    const refusal = { code: 'extension_limit' } as const;
    const by: By = { role: 'system' };
    const fact: Fact = { type: 'CommandRefused', atMs: 1 as TimeMs, by, cause, refusal };
    for (const level of [1, 2, levelWithRules]) {
      const bytes = encodeFacts([fact], level);
      expect(decodeFacts(bytes)).toMatchObject([{ refusal }]);
      // Its number is the last but one: no field follows it but the bits that say so.
      bytes[bytes.length - 2] += 1;
      const read = () => decodeFacts(bytes);
      if (level < levelWithRules) expect(read).toThrow(CorruptBytes);
      else expect(read()).toMatchObject([{ refusal: { code: 'sale_ended' } }]);
    }
  });

  it('has the late bookings and the end that came with level 4', () => {
    const { facts, hex, digests } = golden.ended;
    expect(endedSale().facts).toEqual(facts);
    expect(toHex(encodeFacts(facts, factLevelNewest))).toBe(hex);
    expect(decodeFacts(fromHex(hex))).toEqual(facts);
    expect(digestsOfNow(endedSale().state)).toEqual(digests);
    const late = facts.filter(
      ({ type }) => type === 'SeatsBookedLate' || type === 'EventCancelled',
    );
    expect(late).toHaveLength(3);
    for (const fact of late) {
      expect(() => encodeFacts([fact], levelWithLate - 1)).toThrow(/knows its kind/);
    }
    const off = facts.filter((fact) => fact.type === 'BookingCancelled' && fact.offSale);
    expect(() => encodeFacts(off, levelWithLate - 1)).toThrow(/at a level that knows it/);
  });

  it('is read alike from a Buffer, also one in the midst of memory', () => {
    const whole = Buffer.concat([
      Buffer.alloc(7, 0x61),
      fromHex(golden.hex),
      Buffer.alloc(3, 0x62),
    ]);
    const buffer = whole.subarray(7, -3);
    expect(buffer.byteOffset).not.toBe(whole.buffer.byteLength - buffer.length);
    expect(decodeFacts(buffer)).toEqual(golden.facts);
  });

  it('is written the same way today', () => {
    expect(toHex(encodeFacts(golden.facts, factLevelNewest))).toBe(golden.hex);
  });

  it('folds to the state it had', () => {
    const state = createState(layout, rules);
    for (const fact of decodeFacts(fromHex(golden.hex))) evolve(state, fact);
    expect(digest(state)).toBe(golden.digests[5]);
  });

  it('is what the same commands cause today', () => {
    expect(eventfulSale().facts).toEqual(golden.facts);
  });

  it.each(golden.old.map((entry) => [entry.name, entry] as const))('still reads %s', (_, entry) => {
    expect(decodeFacts(fromHex(entry.hex))).toEqual([entry.fact]);
  });

  it('has an old example of every version that is upcast', () => {
    const upcastVersions = Object.values(upcasters).reduce((sum, steps) => sum + steps.length, 0);
    expect(golden.old).toHaveLength(upcastVersions);
  });
});

/** As a level that does not say who caused them leaves them. */
const withUsualBy = (facts: readonly Fact[]): Fact[] =>
  facts.map((fact) => ({ ...fact, by: byOfOld(fact.type, fact.cause !== undefined) }));

/** As a level that does not say prices leaves them. */
const withoutPrices = (facts: readonly Fact[]): Fact[] =>
  facts.map((fact) => (fact.type === 'SeatsHeld' ? { ...fact, prices: null } : fact));

const asOf = (level: number, facts: readonly Fact[]): Fact[] =>
  level >= levelWithRules
    ? [...facts]
    : withoutPrices(level < levelWithBy ? withUsualBy(facts) : facts);

describe('a level of the format below the newest', () => {
  const levels = golden.hexBelow.map((hex, i) => [factLevelOldest + i, hex] as const);

  it('is kept for each that a program before may read', () => {
    expect(levels.map(([level]) => level + 1).at(-1)).toBe(factLevelNewest);
    for (const { versions } of Object.values(factKinds)) {
      expect(versions).toHaveLength(factLevelNewest);
      expect([...versions].sort((a, b) => a - b)).toEqual(versions);
    }
  });

  it.each(levels)('%i is written byte for byte as the program of its time did', (level, hex) => {
    expect(toHex(encodeFacts(golden.facts, level))).toBe(hex);
  });

  it.each(levels)('%i is read as it was meant, without what it cannot say', (level, hex) => {
    expect(decodeFacts(fromHex(hex))).toEqual(asOf(level, golden.facts));
  });

  it.each(levels)('%i folds to the very same state', (_, hex) => {
    const state = createState(layout, rules);
    for (const fact of decodeFacts(fromHex(hex))) evolve(state, fact);
    expect(digest(state)).toBe(golden.digests[5]);
  });

  it('may follow a newer one, fact by fact', () => {
    const [first, ...rest] = golden.facts;
    const bytes = Buffer.concat([
      encodeFacts([first], factLevelNewest),
      encodeFacts([{ ...rest[0], atMs: 0 as never }], factLevelOldest),
    ]);
    const read = decodeFacts(bytes);
    expect(read.map(({ by }) => by)).toEqual([first.by, byOfOld(rest[0].type, true)]);
  });

  it('is never one that this program does not know', () => {
    for (const level of [0, factLevelNewest + 1]) {
      expect(() => encodeFacts(golden.facts, level)).toThrow(/knows its kind/);
    }
  });
});

describe('decoding facts', () => {
  it('refuses kinds and versions it does not know by name', () => {
    expect(() => decodeFacts(Uint8Array.of(99, 1, 0))).toThrow(UnknownFactKind);
    expect(() => decodeFacts(Uint8Array.of(0, 1, 0))).toThrow(UnknownFactKind);
    expect(() => decodeFacts(Uint8Array.of(1, 3, 0))).toThrow(UnknownFactKind);
    expect(() => decodeFacts(Uint8Array.of(1, 0, 0))).toThrow(UnknownFactKind);
    expect(() => decodeFacts(Uint8Array.of(11, 4, 0))).toThrow(
      /^SeatsBlocked \(kind 11\) version 4/,
    );
  });

  it('refuses bytes that end too early, wherever they are cut', () => {
    const bytes = fromHex(golden.hex);
    const whole = new Set<number>();
    for (let i = 0, at = 0; i <= golden.facts.length; i++) {
      at = encodeFacts(golden.facts.slice(0, i), factLevelNewest).length;
      whole.add(at);
    }
    for (let cut = 0; cut < bytes.length; cut++) {
      if (whole.has(cut)) continue;
      expect(() => decodeFacts(bytes.subarray(0, cut))).toThrow(CorruptBytes);
    }
  });

  it('refuses a count that the bytes cannot hold before it allocates for it', () => {
    const hugeSeatList = Uint8Array.of(12, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
    expect(() => decodeFacts(hugeSeatList)).toThrow(CorruptBytes);
  });

  it('refuses a second spelling of a number or a character, and times that are none', () => {
    const held = (...rest: number[]): Uint8Array => Uint8Array.of(6, 1, 0, ...rest);
    const endless = new Uint8Array(200).fill(0x80);
    expect(decodeFacts(held(1, 0x61))).toHaveLength(1);
    expect(() => decodeFacts(held(0x81, 0, 0x61))).toThrow(CorruptBytes);
    expect(() => decodeFacts(held(...endless, 1))).toThrow(CorruptBytes);
    expect(() => decodeFacts(held(2, 0xc1, 0xa1))).toThrow(CorruptBytes);
    expect(() => decodeFacts(held(3, 0xe0, 0x81, 0xa1))).toThrow(CorruptBytes);
    const beforeTime = Uint8Array.of(4, 1, 0, 1, 0x61, 1);
    expect(() => decodeFacts(beforeTime)).toThrow(/not a time/);
  });

  it('is not disturbed by facts that could not be written before', () => {
    const broken = { ...golden.facts[0], atMs: NaN } as unknown as Fact;
    expect(() => encodeFacts([...golden.facts, broken], factLevelNewest)).toThrow(/whole numbers/);
    expect(toHex(encodeFacts(golden.facts, factLevelNewest))).toBe(golden.hex);
  });

  it('gives facts or a named error for any bytes', () => {
    const kinds = fc.integer({ min: 1, max: 14 });
    const versions = fc.constantFrom(1, 2, 3);
    const nearly = fc
      .tuple(kinds, versions, fc.constantFrom(0, 0x80), fc.uint8Array({ maxLength: 200 }))
      .map(([kind, version, cause, rest]) => Uint8Array.of(kind | cause, version, 0, ...rest));
    const flipped = fc
      .tuple(fc.nat(golden.hex.length / 2 - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, bits]) => fromHex(golden.hex).map((byte, i) => (i === at ? byte ^ bits : byte)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), nearly, flipped), (bytes) => {
        const result = outcomeOf(() => decodeFacts(bytes));
        expect(['decoded', 'CorruptBytes', 'UnknownFactKind']).toContain(result);
      }),
      { numRuns: 3_000 },
    );
  });

  it('refuses a cause that is nobody', () => {
    expect(decodeFacts(Uint8Array.of(1, 2, 0, 1))).toMatchObject([{ by: { role: 'system' } }]);
    expect(() => decodeFacts(Uint8Array.of(1, 2, 0, 3))).toThrow(CorruptBytes);
  });

  it('brings back who caused a fact, at the newest level, whatever the kind', () => {
    const role = fc.constantFrom<By>({ role: 'buyer' }, { role: 'system' });
    const operator = fc.string({ unit: 'grapheme', maxLength: 30 }).map(named);
    const some = fc.subarray([...golden.facts], { minLength: 1 });
    fc.assert(
      fc.property(some, fc.oneof(role, operator), (facts, by) => {
        const said = facts.map((fact) => ({ ...fact, by }));
        expect(decodeFacts(encodeFacts(said, factLevelNewest))).toEqual(said);
        expect(decodeFacts(encodeFacts(said, factLevelOldest))).toEqual(
          asOf(factLevelOldest, facts),
        );
      }),
    );
  });

  it('brings back any text, even half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(0xffff), (text, unit) => {
        const reason = text + String.fromCharCode(unit);
        const fact = send.fact({ type: 'SeatsBlocked', atMs: 7, seats: [], areas: [], reason });
        expect(decodeFacts(encodeFacts([fact], factLevelNewest))).toEqual([fact]);
      }),
    );
  });
});

describe('a snapshot', () => {
  const formats: readonly SnapshotFormat[] = [2, 3, 4, 5];

  it.each(formats)('of format %i is written byte for byte as it was at first', (format) => {
    const bytes = encodeState(eventfulSale().state, format);
    expect(digestOfSnapshot(bytes)).toBe(golden.digests[format]);
    expect(snapshotFormatOf(bytes)).toBe(format);
  });

  it.each(formats)('of format %i gives the state that it is of', (format) => {
    const { state } = eventfulSale();
    const loaded = decodeState(layout, rules, encodeState(state, format));
    expect(digest(loaded)).toBe(digest(state));
    for (const other of formats)
      expect(encodeState(loaded, other)).toEqual(encodeState(state, other));
  });

  it('is written for those who read the facts that are written with it', () => {
    expect([1, 2, 3, 4, 5].map(snapshotFormatAt)).toEqual([2, 3, 4, 4, 5]);
    expect(snapshotFormatAt(factLevelNewest)).toBe(formats.at(-1));
  });

  it('is the same bytes after a round trip, and goes on as the state did', () => {
    const { state } = eventfulSale();
    const bytes = encodeState(state);
    const loaded = decodeState(layout, rules, bytes);
    expect(encodeState(loaded)).toEqual(bytes);
    const next = send.fact({ type: 'HoldExpired', atMs: state.lastTimeMs, holdId: 'rsv_e' });
    evolve(state, next);
    evolve(loaded, next);
    expect(digest(loaded)).toBe(digest(state));
  });

  it.each(formats)(
    'of a format that cannot say its prices and rules is not written (%i)',
    (format) => {
      const { state, facts } = changedSale();
      const held = new DeciderSpec(twoPrices, rules).given(...facts.slice(0, 2)).state;
      for (const some of [state, held]) {
        const bytes = encodeState(some, format);
        expect(snapshotFormatOf(bytes)).toBe(Math.max(4, format));
        expect(digest(decodeState(twoPrices, rules, bytes))).toBe(digest(some));
      }
      const changed = decodeState(twoPrices, rules, encodeState(state, format));
      expect(changed.rules).toEqual(state.rules);
      expect([...changed.areaCapacity]).toEqual([4]);
    },
  );

  it('of another seating plan is refused', () => {
    const bytes = encodeState(eventfulSale().state);
    const other = { ...layout, hash: 'ee'.repeat(32) };
    expect(() => decodeState(other, rules, bytes)).toThrow(LayoutMismatch);
  });

  it('that was damaged gives a state or a named error, never a crash', () => {
    const bytes = encodeState(eventfulSale().state);
    const damaged = fc
      .tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length))
      .map(([at, bits, end]) => bytes.map((b, i) => (i === at ? b ^ bits : b)).subarray(0, end));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (candidate) => {
        const result = outcomeOf(() => decodeState(layout, rules, candidate));
        expect(['decoded', 'CorruptBytes', 'LayoutMismatch']).toContain(result);
      }),
      { numRuns: 2_000 },
    );
  });
});

function outcomeOf(decode: () => unknown): string {
  try {
    decode();
    return 'decoded';
  } catch (error) {
    return error instanceof Error ? error.name : 'not an error';
  }
}

if (process.env['HOLDFAST_WRITE_GOLDEN'] === 'yes') {
  it('prints a new golden journal', () => {
    const { facts, state } = eventfulSale();
    const changed = changedSale();
    const ended = endedSale();
    const current = {
      hex: toHex(encodeFacts(facts, factLevelNewest)),
      hexBelow: Array.from({ length: factLevelNewest - 1 }, (_, i) =>
        toHex(encodeFacts(facts, factLevelOldest + i)),
      ),
      digests: { ...golden.digests, ...digestsOfNow(state) },
      changed: {
        hex: toHex(encodeFacts(changed.facts, factLevelNewest)),
        digests: digestsOfNow(changed.state),
        facts: changed.facts,
      },
      ended: {
        hex: toHex(encodeFacts(ended.facts, factLevelNewest)),
        digests: digestsOfNow(ended.state),
        facts: ended.facts,
      },
      facts,
      old: golden.old,
    };
    process.stdout.write(`GOLDEN ${JSON.stringify(current)}\n`);
    expect(facts.length).toBeGreaterThan(0);
  });
}
