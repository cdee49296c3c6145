import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { AssertionFailed, changesOf, evolve, SeatStatus } from '../inventory.js';

const layout = plainLayout([{ seats: '..........' }], [{ capacity: 5 }]);
const rules = plainRules({ holdTtlMs: 1_000, holdTtlMsMax: 3_000, paymentTtlMs: 1_500 });
const opened = send.fact({ type: 'SaleOpened', atMs: 1_000 });
const sale = () => new DeciderSpec(layout, rules).given(opened);

describe('what a fact changes on the map', () => {
  it('is read before the fact is folded', () => {
    const spec = sale();
    const seen = (command: Parameters<DeciderSpec['when']>[0], at: number) => {
      const decision = spec.when(command, { at });
      const facts = 'facts' in decision ? decision.facts : [];
      return facts.map((fact) => {
        const changes = changesOf(spec.state, fact);
        evolve(spec.state, fact);
        return [changes.seats, changes.status, changes.note?.what, changes.note?.deadlineMs];
      });
    };
    expect(seen(send.holdSeats('h', [1, 2]), 1_000)).toEqual([
      [[1, 2], SeatStatus.held, 'held', 2_000],
    ]);
    expect(seen(send.releaseHold('h', [2]), 1_000)).toEqual([
      [[2], SeatStatus.free, 'released', 2_000],
    ]);
    expect(seen(send.beginPayment('h'), 1_000)).toEqual([[[], SeatStatus.held, 'paying', 2_500]]);
    expect(seen(send.failPayment('h'), 1_000)).toEqual([[[], SeatStatus.held, 'extended', 2_500]]);
    expect(seen(send.tick, 9_000)).toEqual([[[1], SeatStatus.free, 'expired', 2_500]]);
    expect(seen(send.holdSeats('h2', [4]), 9_000)).toEqual([
      [[4], SeatStatus.held, 'held', 10_000],
    ]);
    seen(send.beginPayment('h2'), 9_000);
    expect(seen(send.bookHold('h2', 'b'), 9_000)).toEqual([
      [[4], SeatStatus.booked, 'booked', 10_500],
    ]);
    expect(seen(send.cancelBooking('b'), 9_500)).toEqual([
      [[4], SeatStatus.free, 'cancelled', 9_500],
    ]);
    expect(seen(send.blockSeats([7]), 9_500)).toEqual([
      [[7], SeatStatus.blocked, undefined, undefined],
    ]);
    expect(seen(send.closeSale, 9_500)).toHaveLength(1);
    expect(spec.state.saleStatus).toBe('closed');
  });
});

describe('folding a fact that contradicts the state', () => {
  const held = { userId: 'ann', areas: [], deadlineMs: 9_000, totalMinor: 0 };
  const hold = (holdId: string, seats: number[]) =>
    send.fact({ type: 'SeatsHeld', atMs: 1_000, holdId, seats, ...held });
  const booked = { type: 'SeatsBooked', atMs: 1_000, attemptId: 'p', bookingId: 'b', ...held };

  it.each([
    ['a seat held twice', hold('h2', [1])],
    ['a hold id used twice', hold('h1', [2])],
    ['an unknown seat', hold('h2', [99])],
    ['seats out of order', hold('h2', [5, 4])],
    ['an unknown hold expiring', send.fact({ type: 'HoldExpired', atMs: 1_000, holdId: 'no' })],
    ['a hold booked without payment', send.fact({ ...booked, holdId: 'h1', seats: [1] })],
    [
      'a free seat unblocked',
      send.fact({ type: 'SeatsUnblocked', atMs: 1_000, seats: [2], areas: [] }),
    ],
    ['time going back', send.fact({ type: 'SaleClosed', atMs: 999 })],
    [
      'an area over its capacity',
      send.fact({
        type: 'SeatsBlocked',
        atMs: 1_000,
        seats: [],
        areas: [{ area: 0, quantity: 6 }],
      }),
    ],
  ])('fails the assertion: %s (G1)', (_, fact) => {
    const spec = sale().given(hold('h1', [1]));
    expect(() => evolve(spec.state, fact)).toThrow(AssertionFailed);
  });

  it('fails the assertion: seats of another hold booked (G1)', () => {
    const attempt = { atMs: 1_000, holdId: 'h1', attemptId: 'p' };
    const begun = send.fact({ type: 'PaymentBegun', ...attempt, deadlineMs: 9_500 });
    const spec = sale().given(hold('h1', [1]), hold('h2', [2]), begun);
    const others = send.fact({ ...booked, holdId: 'h1', seats: [2] });
    expect(() => evolve(spec.state, others)).toThrow('booked seats belong to the hold');
  });
});
