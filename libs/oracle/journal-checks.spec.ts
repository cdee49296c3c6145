import { describe, expect, it } from '@jest/globals';
import {
  announce,
  batch,
  blocked,
  booked,
  broken,
  cancelled,
  chained,
  decodeJson,
  expired,
  extended,
  held,
  history,
  payFailed,
  paying,
  plan,
  released,
  sale,
  sealed,
  unblocked,
  verdictOf,
} from './testing/hand-made.js';
import type { JournalRow } from './history.js';
import { judge } from './oracle.js';

const judgeRows = (rows: readonly JournalRow[]) =>
  judge({ history: history(rows), plan, decodeFacts: decodeJson });

const fourStanding = [{ area: 0, quantity: 4 }];

describe('The oracle on a good history', () => {
  const sold = sale('b1', 'h1', 'ann', [0, 1]);
  const batches = [
    announce(1),
    batch(1, ...sold.facts),
    batch(1, held('h2', 'bob', [2], { atMs: 150, areas: fourStanding }), {
      ...extended('h2', 250),
      atMs: 150,
    }),
    announce(2),
    batch(2, expired('h2', 250), { ...held('h3', 'cid', [2]), atMs: 250, deadlineMs: 350 }),
  ];

  it('finds it clean, and says how much it looked at', () => {
    const verdict = verdictOf(batches, sold.tables);
    expect(broken(verdict)).toEqual([]);
    expect(verdict).toMatchObject({ clean: true, batches: 5, facts: 7, epochs: 2, bookings: 1 });
    const looked = Object.fromEntries(verdict.checks.map((check) => [check.name, check.looked]));
    expect(looked).toMatchObject({ hash_chain: 5, seat_one_owner: 7, booking_table: 1 });
  });

  it('accepts releases, failed payments, blocks and cancelled bookings', () => {
    const { facts, tables } = sale('b1', 'h1', 'ann', [0, 1]);
    const at = (atMs: number) => (fact: object) => ({ ...fact, atMs });
    const verdict = verdictOf(
      [
        announce(1),
        batch(1, ...facts),
        batch(1, ...[cancelled('b1', [0]), unblockedLater(3)].flat().map(at(170))),
        batch(
          1,
          ...[
            held('h2', 'bob', [2], { deadlineMs: 400 }),
            paying('h2', 'p', 500),
            payFailed('h2', 'p', 400),
            released('h2', [2]),
          ].map(at(180)),
        ),
      ],
      { ...tables, bookedSeats: [{ seat: 1, bookingId: 'b1' }] },
    );
    expect(broken(verdict)).toEqual([]);
  });
});

const unblockedLater = (seat: number) => [blocked([seat]), unblocked([seat])];

describe('The oracle on the chain of batches', () => {
  const rows = chained([
    announce(1),
    batch(1, held('h1', 'ann', [0])),
    batch(1, held('h2', 'bob', [1])),
  ]);

  it('finds a batch that is missing', () => {
    expect(broken(judgeRows([rows[0], rows[2]]))).toContain('batches_contiguous');
  });

  it('finds facts that are numbered with a gap', () => {
    const gap = sealed({ ...rows[2], firstSeq: 3, lastSeq: 3 });
    expect(broken(judgeRows([rows[0], rows[1], gap]))).toEqual(['batches_contiguous']);
  });

  it('finds a changed fact, because the hash no longer fits', () => {
    const forged = { ...rows[1], facts: Buffer.from(JSON.stringify([held('h1', 'eve', [0])])) };
    expect(broken(judgeRows([rows[0], forged, rows[2]]))).toEqual(['hash_chain']);
  });

  it('finds a changed fact with a new hash, because the next batch does not continue it', () => {
    const forged = sealed({
      ...rows[1],
      facts: Buffer.from(JSON.stringify([held('h1', 'eve', [0])])),
    });
    expect(broken(judgeRows([rows[0], forged, rows[2]]))).toEqual(['hash_chain']);
  });

  it('finds a new epoch without an announce', () => {
    expect(broken(verdictOf([announce(1), batch(2, held('h1', 'ann', [0]))]))).toEqual([
      'epoch_changes_at_announce',
    ]);
  });

  it('finds an older owner that writes after a newer one has announced itself', () => {
    const late = [announce(1), announce(2), batch(1, held('h1', 'ann', [0]))];
    expect(broken(verdictOf(late))).toEqual(['epoch_changes_at_announce']);
  });

  it('finds an announce that opens no new epoch', () => {
    expect(broken(verdictOf([announce(1), announce(1)]))).toEqual(['epoch_changes_at_announce']);
  });

  it('finds a first batch that is not an announce', () => {
    expect(broken(verdictOf([batch(1, held('h1', 'ann', [0]))]))).toEqual([
      'epoch_changes_at_announce',
    ]);
  });

  it('finds bytes that do not decode', () => {
    const garbage = sealed({ ...rows[1], facts: Buffer.from('garbage') });
    expect(broken(judgeRows([rows[0], garbage]))).toEqual(['facts_readable']);
  });

  it('finds a batch with fewer facts than it says', () => {
    const short = sealed({ ...rows[1], lastSeq: 2 });
    expect(broken(judgeRows([rows[0], short]))).toEqual(['facts_readable']);
  });
});

describe('The oracle on facts', () => {
  const brokenBy = (...facts: readonly object[]) =>
    broken(verdictOf([announce(1), batch(1, ...facts)]));
  const h1 = () => held('h1', 'ann', [0, 1]);

  it('finds a seat that is held by two', () => {
    expect(brokenBy(h1(), held('h2', 'bob', [1]))).toEqual(['seat_one_owner']);
  });

  it('finds a seat that is held although it is blocked', () => {
    expect(brokenBy(blocked([0]), h1())).toEqual(['seat_one_owner']);
  });

  it('finds a seat that is freed as blocked but was not', () => {
    expect(brokenBy(h1(), unblocked([0]))).toEqual(['seat_one_owner']);
  });

  it('finds a release of a seat of another hold', () => {
    expect(brokenBy(h1(), held('h2', 'bob', [2]), released('h2', [0]))).toEqual(['seat_one_owner']);
  });

  it('finds seats outside the plan and areas over their capacity', () => {
    expect(brokenBy(held('h1', 'ann', [4]))).toEqual(['places_exist']);
    const eleven = { areas: [{ area: 0, quantity: 11 }] };
    expect(brokenBy(held('h1', 'ann', [], eleven))).toEqual(['places_exist']);
    expect(brokenBy(blocked([], eleven))).toEqual(['places_exist']);
  });

  it('finds a hold that expired a millisecond early', () => {
    expect(brokenBy(h1(), expired('h1', 199))).toEqual(['hold_kept_until_deadline']);
    expect(brokenBy(h1(), expired('h1', 200))).toEqual([]);
  });

  it('finds a deadline that was cut', () => {
    expect(brokenBy(h1(), extended('h1', 199))).toEqual(['hold_kept_until_deadline']);
    expect(brokenBy(h1(), paying('h1', 'p', 199))).toEqual(['hold_kept_until_deadline']);
    const cut = [h1(), paying('h1', 'p'), payFailed('h1', 'p', 199)];
    expect(brokenBy(...cut)).toEqual(['hold_kept_until_deadline']);
  });

  it('finds a hold that is used after its end', () => {
    expect(brokenBy(h1(), expired('h1', 200), { ...extended('h1', 300), atMs: 200 })).toEqual([
      'hold_live_when_used',
    ]);
    expect(brokenBy(h1(), released('h1', [0, 1]), expired('h1', 200))).toEqual([
      'hold_live_when_used',
    ]);
  });

  it('finds a hold that is used past its deadline, though its expiry was not written yet', () => {
    const at = (atMs: number) => ({ ...extended('h1', 300), atMs });
    expect(brokenBy(h1(), at(199))).toEqual([]);
    expect(brokenBy(h1(), at(200))).toEqual(['hold_live_when_used']);
  });

  it('finds a booking of a hold that had expired', () => {
    const late = { ...booked('b1', 'h1', 'ann', [0, 1], 'p'), atMs: 300 };
    const found = brokenBy(h1(), paying('h1', 'p'), expired('h1', 300), late);
    expect(found).toEqual(expect.arrayContaining(['hold_live_when_used', 'seat_one_owner']));
  });

  it('finds a booking of a part of the hold, of another buyer, or of another attempt', () => {
    const paid = (fact: object) => broken(verdictWithAnyTable([h1(), paying('h1', 'p'), fact]));
    expect(paid(booked('b1', 'h1', 'ann', [0], 'p'))).toContain('booking_from_live_hold');
    expect(paid(booked('b1', 'h1', 'eve', [0, 1], 'p'))).toContain('booking_from_live_hold');
    expect(paid(booked('b1', 'h1', 'ann', [0, 1], 'q'))).toContain('booking_from_live_hold');
    expect(paid(payFailed('h1', 'q'))).toContain('booking_from_live_hold');
    expect(paid(paying('h1', 'q'))).toContain('booking_from_live_hold');
  });

  it('finds a booking without a payment', () => {
    const found = broken(verdictWithAnyTable([h1(), booked('b1', 'h1', 'ann', [0, 1], 'p')]));
    expect(found).toContain('booking_from_live_hold');
  });

  it('finds a cancellation of seats that are not sold', () => {
    const { facts, tables } = sale('b1', 'h1', 'ann', [0]);
    const twice = [...facts, cancelled('b1', [0]), cancelled('b1', [0])];
    const rest = { bookings: [{ ...tables.bookings[0], cancelled: true }] };
    expect(broken(verdictOf([announce(1), batch(1, ...twice)], rest))).toEqual([
      'cancel_of_live_booking',
    ]);
    expect(brokenBy(cancelled('b9', [0]))).toEqual(['cancel_of_live_booking']);
  });

  it('finds a command that had its effect twice', () => {
    const cause = { commandId: 'again', fingerprint: 1 };
    const first = held('h1', 'ann', [0], { cause });
    const between = held('h2', 'bob', [1]);
    expect(brokenBy(first, between, held('h3', 'ann', [2], { cause }))).toEqual(['command_once']);
    expect(brokenBy(first, held('h3', 'ann', [2], { cause }))).toEqual(['command_once']);
    expect(brokenBy(first, between)).toEqual([]);
  });

  it('finds a command that was refused and had its effect as well', () => {
    const cause = { commandId: 'keyed', fingerprint: 1 };
    const refused = { type: 'CommandRefused', atMs: 100, cause, refusal: { code: 'sale_closed' } };
    const between = held('h2', 'bob', [1]);
    expect(brokenBy(refused, between, held('h1', 'ann', [0], { cause }))).toEqual(['command_once']);
  });

  it('finds a hold id and a booking id that were given twice', () => {
    const again = held('h1', 'bob', [2]);
    expect(brokenBy(h1(), again)).toEqual(['command_once']);
  });

  it('finds what was caused by who cannot', () => {
    const cause = { commandId: 'close', fingerprint: 1 };
    const closed = { type: 'SaleClosed', atMs: 100, cause };
    const alice = { role: 'operator', name: 'alice' };
    expect(brokenBy({ ...closed, by: alice })).toEqual([]);
    expect(brokenBy({ ...closed, by: { role: 'buyer' } })).toEqual(['caused_by_who_may']);
    const lapsed = expired('h1', 200);
    expect(brokenBy(h1(), { ...lapsed, by: alice })).toEqual(['caused_by_who_may']);
    const system = { role: 'system' };
    expect(brokenBy({ ...h1(), by: system })).toEqual(['caused_by_who_may']);
  });

  it('finds time that steps back', () => {
    expect(brokenBy(h1(), { ...held('h2', 'bob', [2]), atMs: 99 })).toEqual(['time_monotone']);
  });
});

/** For facts that are wrong about bookings, where the tables are beside the point. */
const verdictWithAnyTable = (facts: readonly object[]) =>
  verdictOf([announce(1), batch(1, ...facts)]);

describe('The oracle on the tables', () => {
  const { facts, tables } = sale('b1', 'h1', 'ann', [0, 1]);
  const batches = [announce(1), batch(1, ...facts)];

  it('finds a booked seat that the table lacks, has of another booking, or has too much', () => {
    const [first, second] = tables.bookedSeats;
    const tried = [
      [first],
      [first, { ...second, bookingId: 'b2' }],
      [first, second, { seat: 3, bookingId: 'b1' }],
      [first, second, { seat: 1, bookingId: 'b2' }],
    ];
    for (const bookedSeats of tried) {
      expect(broken(verdictOf(batches, { ...tables, bookedSeats }))).toEqual(['booked_seat_table']);
    }
  });

  it('finds a booking that the table lacks, has differently, or has too much', () => {
    const [row] = tables.bookings;
    const tried = [
      [],
      [{ ...row, userId: 'eve' }],
      [{ ...row, holdId: 'h9' }],
      [{ ...row, seats: [0] }],
      [{ ...row, cancelled: true }],
      [row, { ...row, bookingId: 'b2' }],
    ];
    for (const bookings of tried) {
      expect(broken(verdictOf(batches, { ...tables, bookings }))).toEqual(['booking_table']);
    }
  });
});

describe('The oracle on what places cost', () => {
  const mixed = {
    areas: fourStanding,
    totalMinor: 260,
    prices: [
      { count: 1, priceMinor: 100 },
      { count: 5, priceMinor: 32 },
    ],
  };
  const judged = (...facts: object[]) => broken(verdictOf([announce(1), batch(1, ...facts)]));
  const all = (prices: readonly number[], capacity: number) => ({
    rules: { prices, currency: 'EUR' },
    capacities: [capacity],
  });
  const changed = (revision: number, before: object, after: object, more: object = {}) => ({
    type: 'RulesChanged',
    atMs: 100,
    by: { role: 'operator', name: 'alice' },
    cause: { commandId: `change-${revision}`, fingerprint: 1 },
    revision,
    before,
    after,
    texts: [],
    ...more,
  });

  it('lets a part that is given back take what it cost', () => {
    const part = { areas: [{ area: 0, quantity: 1 }], totalMinor: 196 };
    expect(judged(held('h1', 'ann', [0, 1], mixed), released('h1', [1], part))).toEqual([]);
    const wrong = { ...part, totalMinor: 200 };
    expect(judged(held('h1', 'ann', [0, 1], mixed), released('h1', [1], wrong))).toEqual([
      'charged_as_held',
    ]);
  });

  it('finds a hold that is not the sum of its places, and a sale at another price', () => {
    expect(judged(held('h1', 'ann', [0, 1], { ...mixed, totalMinor: 259 }))).toEqual([
      'charged_as_held',
    ]);
    const sold = booked('b1', 'h1', 'ann', [0], 'p');
    const facts = [held('h1', 'ann', [0], { totalMinor: 90 }), paying('h1', 'p'), sold];
    expect(judged(...facts)).toContain('charged_as_held');
  });

  it('follows the rules from change to change, and the capacities with them', () => {
    const first = changed(1, all([1], 10), all([2], 12));
    const full = held('h1', 'ann', [], { areas: [{ area: 0, quantity: 12 }] });
    expect(judged(first, full)).toEqual([]);
    expect(judged(full)).toEqual(['places_exist']);
    expect(judged(first, full, changed(2, all([2], 12), all([2], 11)))).toEqual(['places_exist']);
    expect(judged(first, changed(3, all([2], 12), all([2], 11)))).toEqual(['rules_in_order']);
    expect(judged(first, changed(2, all([1], 12), all([2], 11)))).toEqual(['rules_in_order']);
  });

  it('finds a kept wheelchair space that was held without need, once the rules are known', () => {
    const kept = (accessibleRelease: unknown) => {
      const rules = { prices: [1], currency: 'EUR', accessibleRelease };
      return changed(1, all([1], 10), { rules, capacities: [10] });
    };
    const space = held('h1', 'ann', [3], { prices: 100 });
    const wanted = held('h1', 'ann', [2, 3], { prices: 50, wheelchairs: 1 });
    expect(judged(kept('never'), space)).toEqual(['kept_for_need']);
    expect(judged(kept('never'), wanted)).toEqual([]);
    expect(judged(space)).toEqual([]);
    expect(judged(kept(150), space)).toEqual([]);
  });

  it('finds rules that a buyer changed', () => {
    const by = { by: { role: 'buyer' } };
    expect(judged(changed(1, all([1], 10), all([2], 12), by))).toEqual(['caused_by_who_may']);
  });
});
