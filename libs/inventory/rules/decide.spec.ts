import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import {
  counts,
  expiriesPerTickMax,
  holdView,
  nextWakeAt,
  retryGraceMs,
  type HoldId,
  type TimeMs,
} from '../inventory.js';

const layout = plainLayout(
  [{ seats: '..........' }, { seats: '..........', category: 1 }],
  [{ capacity: 5, category: 2 }],
);
const rules = plainRules({ holdTtlMs: 1_000, holdTtlMsMax: 3_000, paymentTtlMs: 1_500 });
const opened = send.fact({ type: 'SaleOpened', atMs: 1_000 });

const sale = (changes = {}) => new DeciderSpec(layout, { ...rules, ...changes }).given(opened);
const deadlineOf = (spec: DeciderSpec, holdId: string) =>
  holdView(spec.state, holdId as HoldId)?.deadlineMs;

describe('holding seats', () => {
  it('names full areas ascending, whatever the command and the order asked in', () => {
    const layout = plainLayout([{ seats: '..' }], [{ capacity: 3 }, { capacity: 3 }]);
    const spec = new DeciderSpec(layout, plainRules());
    spec.given(send.fact({ type: 'SaleOpened', atMs: 1 }));
    spec.run(send.holdSeats('rsv', [0]), { at: 1 });
    spec.run(
      send.holdSeats('all', [], {
        areas: [
          [0, 3],
          [1, 3],
        ],
      }),
      { user: 'bob', at: 900_000 },
    );
    const asked: [number, number][] = [
      [1, 1],
      [0, 2],
    ];
    const commands = [
      send.holdSeats('more', [], { areas: asked }),
      send.blockSeats([], asked),
      send.bookLate('rsv', 'bkg', [0], 5_000, { areas: asked }),
    ];
    for (const command of commands) {
      const decision = spec.when(command, { at: 900_001 });
      expect(decision).toMatchObject({ refusal: { code: 'area_full', areas: [0, 1] } });
    }
  });

  it('takes named seats and area places as one cart at the price of its categories', () => {
    const decision = sale().when(send.holdSeats('h', [12, 3], { areas: [[0, 2]] }), { id: 'c1' });
    expect(decision).toMatchObject({
      kind: 'accepted',
      facts: [
        {
          type: 'SeatsHeld',
          atMs: 1_000,
          cause: { commandId: 'c1' },
          holdId: 'h',
          userId: 'ann',
          seats: [3, 12],
          areas: [{ area: 0, quantity: 2 }],
          deadlineMs: 2_000,
          totalMinor: 5_000 + 3_000 + 2 * 2_000,
        },
      ],
      outcome: { type: 'hold', seats: [3, 12], deadlineMs: 2_000 },
    });
  });

  it('takes nothing when a seat is gone, and names it and a block to take instead', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [3]));
    const decision = spec.when(send.holdSeats('other', [3, 4]), { user: 'bob' });
    expect(decision).toEqual({
      kind: 'refused',
      facts: [],
      refusal: { code: 'seats_unavailable', seats: [3], alternative: [4, 5] },
    });
    expect(counts(spec.state).held).toBe(1);
  });

  it('opens a sale whose time has come before the first hold', () => {
    const spec = new DeciderSpec(layout, { ...rules, opensAtMs: 5_000 as TimeMs });
    expect(nextWakeAt(spec.state)).toBe(5_000);
    expect(spec.when(send.holdSeats('h', [1]), { at: 4_999 })).toMatchObject({ kind: 'refused' });
    const facts = spec.run(send.holdSeats('h', [1]), { at: 5_000 });
    expect(facts).toMatchObject({ facts: [{ type: 'SaleOpened' }, { type: 'SeatsHeld' }] });
    expect(spec.facts[0].cause).toBeUndefined();
  });

  it('does not reopen by itself a sale that was closed', () => {
    const spec = new DeciderSpec(layout, { ...rules, opensAtMs: 5_000 as TimeMs });
    spec.run(send.closeSale, { at: 1_000 });
    expect(spec.run(send.tick, { at: 6_000 })).toMatchObject({ facts: [] });
    expect(spec.when(send.holdSeats('h', [1]))).toMatchObject({ refusal: { code: 'sale_closed' } });
  });
});

describe('a hold past its deadline', () => {
  it('is safe until the deadline and free from it on (G3)', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [3]));
    const command = send.holdSeats('next', [3]);
    expect(spec.when(command, { user: 'bob', at: 1_999 })).toMatchObject({ kind: 'refused' });
    expect(spec.when(command, { user: 'bob', at: 2_000 })).toMatchObject({
      facts: [
        { type: 'HoldExpired', holdId: 'h' },
        { type: 'SeatsHeld', holdId: 'next' },
      ],
    });
  });

  it('makes way only where its places are needed', () => {
    const spec = sale({ placesPerBuyerMax: 4 });
    spec.run(send.holdSeats('a', [0], { areas: [[0, 3]] }));
    spec.run(send.holdSeats('b', [5]), { user: 'bob' });
    spec.run(send.holdSeats('c', [7]), { user: 'cleo' });
    const later = { at: 9_000, user: 'dan' };
    const expired = (facts: readonly { type: string }[]) =>
      facts.filter(({ type }) => type === 'HoldExpired');
    const free = spec.when(send.holdSeats('d', [1]), later);
    const area = spec.when(send.holdSeats('d', [], { areas: [[0, 3]] }), later);
    const own = spec.when(send.holdSeats('d', [1]), { at: 9_000, user: 'ann' });
    expect('facts' in free && expired(free.facts)).toEqual([]);
    expect('facts' in area && expired(area.facts)).toMatchObject([{ holdId: 'a' }]);
    expect('facts' in own && expired(own.facts)).toMatchObject([{ holdId: 'a' }]);
  });

  it('cannot be confirmed any more, and expiry is written before the refusal', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [3]));
    spec.run(send.beginPayment('h'));
    const late = { at: 2_500, keyed: true };
    expect(spec.run(send.bookHold('h', 'b'), late)).toMatchObject({
      refusal: { code: 'hold_expired' },
      facts: [{ type: 'HoldExpired' }, { type: 'CommandRefused' }],
    });
    expect(spec.when(send.bookHold('h', 'b'))).toMatchObject({ refusal: { code: 'hold_expired' } });
    expect(counts(spec.state)).toMatchObject({ held: 0, holds: 0 });
  });

  it('is told from an unknown one only while it is remembered', () => {
    const spec = new DeciderSpec(layout, rules, { endedHoldsMax: 1 }).given(opened);
    spec.run(send.holdSeats('h1', [1]));
    spec.run(send.holdSeats('h2', [2]));
    spec.run(send.tick, { at: 2_000 });
    expect(spec.when(send.extendHold('h1'))).toMatchObject({ refusal: { code: 'hold_not_found' } });
    expect(spec.when(send.extendHold('h2'))).toMatchObject({ refusal: { code: 'hold_expired' } });
  });

  it('is left alone by a tick one millisecond before the deadline', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [3]));
    expect(spec.when(send.tick, { at: 1_999 })).toMatchObject({ facts: [] });
    expect(spec.when(send.tick, { at: 2_000 })).toMatchObject({ facts: [{ type: 'HoldExpired' }] });
  });

  it('ends in deadline order, at most so many at a tick', () => {
    const big = plainLayout(Array.from({ length: 40 }, () => ({ seats: '.'.repeat(50) })));
    const spec = new DeciderSpec(big, rules).given(opened);
    const order = [30, 10, 20];
    for (const n of order) spec.run(send.holdSeats(`h${n}`, [n]), { user: `u${n}`, at: 1_000 });
    spec.run(send.extendHold('h30', 10), { user: 'u30' });
    expect(nextWakeAt(spec.state)).toBe(2_000);
    const decision = spec.run(send.tick, { at: 9_000 });
    const ids = 'facts' in decision ? decision.facts.map((f) => 'holdId' in f && f.holdId) : [];
    expect(ids).toEqual(['h10', 'h20', 'h30']);
    for (let n = 0; n < 1_500; n++) spec.run(send.holdSeats(`x${n}`, [n]), { user: `u${n}` });
    const first = spec.run(send.tick, { at: 20_000 });
    expect('facts' in first && first.facts.length).toBe(expiriesPerTickMax);
    expect(nextWakeAt(spec.state)).toBe(10_000);
    const second = spec.run(send.tick, { at: 20_000 });
    expect('facts' in second && second.facts.length).toBe(1_500 - expiriesPerTickMax);
    expect(nextWakeAt(spec.state)).toBeNull();
  });
});

describe("the event's clock", () => {
  it('never goes back behind the last fact', () => {
    const spec = sale();
    spec.run(send.holdSeats('h1', [1]), { at: 5_000 });
    const decision = spec.run(send.holdSeats('h2', [2]), { at: 3_000 });
    expect(decision).toMatchObject({ facts: [{ atMs: 5_000, deadlineMs: 6_000 }] });
  });
});

describe('extending a hold', () => {
  it('gives a fresh lifetime, or what holdTtlMsMax leaves of it', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [1]));
    spec.run(send.extendHold('h'), { at: 1_500 });
    expect(deadlineOf(spec, 'h')).toBe(2_500);
    spec.run(send.extendHold('h', 1_000), { at: 2_400 });
    expect(deadlineOf(spec, 'h')).toBe(3_500);
    spec.run(send.extendHold('h'), { at: 3_400 });
    expect(deadlineOf(spec, 'h')).toBe(4_000);
    const refused = spec.when(send.extendHold('h'), { at: 3_900 });
    expect(refused).toMatchObject({ refusal: { code: 'extension_limit', limit: 3_000, left: 0 } });
  });

  it('never shortens it', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [1]));
    spec.run(send.extendHold('h', 2_000));
    spec.run(send.holdSeats('other', [2]));
    expect(spec.run(send.extendHold('other')).kind).toBe('accepted');
    expect(deadlineOf(spec, 'other')).toBe(2_000);
    expect(deadlineOf(spec, 'h')).toBe(4_000);
    spec.run(send.holdSeats('third', [3]));
    spec.run(send.extendHold('third', 1_500));
    expect(spec.run(send.extendHold('third')).kind).toBe('accepted');
    expect(deadlineOf(spec, 'third')).toBe(3_500);
  });
});

describe('releasing', () => {
  it('frees a part at the price locked for the rest, and then the whole', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [3, 12], { areas: [[0, 2]] }));
    const part = spec.run(send.releaseHold('h', [3], [[0, 1]]));
    expect(part).toMatchObject({
      outcome: { seats: [12], areas: [{ area: 0, quantity: 1 }], totalMinor: 5_000 },
    });
    const whole = spec.run(send.releaseHold('h'));
    expect(whole).toMatchObject({ outcome: { seats: [], areas: [], totalMinor: 0 } });
    expect(counts(spec.state)).toMatchObject({ held: 0, holds: 0, free: 25 });
  });

  it('shares out a price that was locked before the prices changed', () => {
    const spec = sale();
    const held = { holdId: 'h', userId: 'ann', seats: [0, 1], areas: [], deadlineMs: 9_000 };
    spec.given(send.fact({ type: 'SeatsHeld', atMs: 1_000, ...held, totalMinor: 8_000 }));
    const decision = spec.when(send.releaseHold('h', [0]));
    expect(decision).toMatchObject({ outcome: { totalMinor: 4_000 } });
  });
});

describe('paying', () => {
  it('keeps the hold until the payment deadline, within the life of the hold', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [1]));
    const begun = spec.run(send.beginPayment('h'), { at: 1_900 });
    expect(begun).toMatchObject({ outcome: { deadlineMs: 3_400, attemptId: 'pay1' } });
    expect(holdView(spec.state, 'h' as HoldId)?.status).toBe('paying');
    spec.run(send.failPayment('h'), { at: 2_000 });
    spec.run(send.beginPayment('h', 'pay2'), { at: 3_000 });
    expect(deadlineOf(spec, 'h')).toBe(4_000);
  });

  it('gives an attempt its own answer again under another command id, and no more time', () => {
    const paid = (times: readonly number[]) => {
      const spec = sale();
      spec.run(send.holdSeats('h', [1]));
      const answers = times.map((at) => spec.run(send.beginPayment('h'), { at }));
      return { spec, outcomes: answers.map((answer) => 'outcome' in answer && answer.outcome) };
    };
    const { spec, outcomes } = paid([1_200, 1_900]);
    expect(outcomes[0]).toMatchObject({ type: 'hold', attemptId: 'pay1', deadlineMs: 2_700 });
    expect(outcomes[1]).toEqual(outcomes[0]);
    const other = spec.when(send.beginPayment('h', 'pay2'), { at: 1_900 });
    expect(other).toMatchObject({ refusal: { code: 'payment_in_progress' } });
    const once = paid([1_200]).spec;
    for (const { run } of [spec, once].map((each) => ({ run: each.run.bind(each) }))) {
      run(send.failPayment('h'), { at: 1_950 });
    }
    expect(deadlineOf(spec, 'h')).toBe(deadlineOf(once, 'h'));
  });

  it('goes back to the old deadline after a failure, with a grace to try again', () => {
    const long = { holdTtlMs: 600_000, holdTtlMsMax: 900_000, paymentTtlMs: 300_000 };
    const spec = sale(long);
    spec.run(send.holdSeats('early', [1]));
    spec.run(send.beginPayment('early'));
    spec.run(send.failPayment('early'), { at: 100_000 });
    expect(deadlineOf(spec, 'early')).toBe(601_000);
    spec.run(send.beginPayment('early'), { at: 600_000 });
    spec.run(send.failPayment('early'), { at: 650_000 });
    expect(deadlineOf(spec, 'early')).toBe(650_000 + retryGraceMs);
    spec.run(send.beginPayment('early'), { at: 700_000 });
    spec.run(send.failPayment('early'), { at: 890_000 });
    expect(deadlineOf(spec, 'early')).toBe(901_000);
  });

  it('books the hold whole, once, for its buyer', () => {
    const spec = sale();
    spec.run(send.holdSeats('h', [1, 2], { areas: [[0, 1]] }));
    spec.run(send.beginPayment('h'));
    const booked = spec.run(send.bookHold('h', 'b'), { at: 1_200 });
    expect(booked).toMatchObject({
      facts: [{ type: 'SeatsBooked', userId: 'ann', seats: [1, 2], totalMinor: 12_000 }],
      outcome: { type: 'booking', bookingId: 'b', areas: [{ area: 0, quantity: 1 }] },
    });
    expect(counts(spec.state)).toMatchObject({ booked: 3, held: 0, holds: 0, bookings: 1 });
    const again = spec.when(send.bookHold('h', 'b'));
    expect(again).toMatchObject({ refusal: { code: 'hold_not_found' } });
  });
});

describe('cancelling', () => {
  it('frees some seats for others, then the rest, and counts for the buyer again', () => {
    const spec = sale({ placesPerBuyerMax: 2 });
    spec.run(send.holdSeats('h', [1, 2]));
    spec.run(send.beginPayment('h'));
    spec.run(send.bookHold('h', 'b'));
    expect(spec.when(send.holdSeats('h2', [5]))).toMatchObject({ refusal: { left: 0 } });
    const part = spec.run(send.cancelBooking('b', [1]), { user: 'support' });
    expect(part).toMatchObject({ outcome: { type: 'cancelled', seats: [2] } });
    expect(spec.run(send.holdSeats('h2', [1])).kind).toBe('accepted');
    spec.run(send.cancelBooking('b'), { user: 'support' });
    const gone = spec.when(send.cancelBooking('b'), { user: 'support' });
    expect(gone).toMatchObject({ refusal: { code: 'booking_not_found' } });
  });
});
