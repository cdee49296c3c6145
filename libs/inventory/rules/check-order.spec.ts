import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import type { Command, Refusal, RefusalCode } from '../inventory.js';

/**
 * Walks the table in decide.ts: each command below breaks the rule that it names and rules of the
 * rows after it; the refusal must be the first.
 */
const layout = plainLayout(
  [{ seats: '......' }, { seats: '......' }, { seats: 'www' }],
  [{ capacity: 2 }],
);
const rules = plainRules({
  placesPerHoldMax: 4,
  placesPerBuyerMax: 3,
  wheelchairsPerBuyerMax: 1,
  strandedSingles: 'refuse',
  holdTtlMs: 1_000,
  holdTtlMsMax: 2_000,
});

/** Ann holds 0 and 1 (overdue from 2000), Bob 4 and 5 and pays; 11 is booked; the area is full. */
function busySale(): DeciderSpec {
  const sale = new DeciderSpec(layout, rules);
  sale.run(send.openSale, { at: 1_000, id: 'used' });
  sale.run(send.holdSeats('cart', [11]), { user: 'cleo' });
  sale.run(send.beginPayment('cart'), { user: 'cleo' });
  sale.run(send.bookHold('cart', 'booking'), { user: 'cleo' });
  sale.run(send.holdSeats('anns', [0, 1]), { at: 1_000 });
  sale.run(send.holdSeats('bobs', [4, 5], { areas: [[0, 1]] }), { at: 1_500, user: 'bob' });
  sale.run(send.beginPayment('bobs'), { user: 'bob' });
  sale.run(send.blockSeats([10], [[0, 1]]));
  return sale;
}

const invalid = { ...send.holdSeats('', [0, 0, 0, 0, 0]) };
const malformedBest = send.holdSeats('h', [99, 99], { best: [{ quantity: 0 }] });

const table: readonly [string, RefusalCode, Command, Sender?][] = [
  ['an empty hold id before too many places', 'invalid_command', invalid, { id: 'used' }],
  ['a malformed block before unknown seats', 'invalid_command', malformedBest],
  ['an empty cart', 'invalid_command', send.holdSeats('h', [])],
  ['an empty list of seats to release', 'invalid_command', send.releaseHold('h', [])],
  [
    'too many places before twice the same',
    'too_many_places',
    send.holdSeats('h', [9, 9, 9, 9, 9]),
  ],
  [
    'too many places before a used command id',
    'too_many_places',
    send.holdBest('h', { quantity: 5 }),
    { id: 'used' },
  ],
  [
    'a seat twice before a used id',
    'duplicate_seat',
    send.holdSeats('h', [99, 99]),
    { id: 'used' },
  ],
  [
    'a used command id before unknown seats',
    'command_id_reused',
    send.holdSeats('h', [99]),
    { id: 'used' },
  ],
  [
    'the same command by another user',
    'command_id_reused',
    send.openSale,
    { id: 'used', user: 'eve' },
  ],
  [
    'unknown seats before unknown areas',
    'unknown_seat',
    send.holdSeats('bobs', [99], { areas: [[9, 1]] }),
  ],
  [
    'unknown areas before a hold id in use',
    'unknown_area',
    send.holdSeats('bobs', [11], { areas: [[9, 1]] }),
  ],
  ['a hold id in use before taken seats', 'hold_id_taken', send.holdSeats('bobs', [11])],
  ['an unknown seat before an unknown hold', 'unknown_seat', send.releaseHold('nobodys', [99])],
  ['an unknown hold', 'hold_not_found', send.releaseHold('nobodys', [11])],
  ['the hold of another buyer', 'hold_not_found', send.releaseHold('bobs', [11])],
  ['a hold past its deadline', 'hold_expired', send.releaseHold('anns', [11]), { at: 2_000 }],
  [
    'an expired hold of another buyer',
    'hold_not_found',
    send.releaseHold('anns'),
    { at: 2_000, user: 'bob' },
  ],
  ['an unknown booking', 'booking_not_found', send.cancelBooking('nothing', [0])],
  [
    'foreign seats before a running payment',
    'not_in_hold',
    send.releaseHold('bobs', [0]),
    { user: 'bob' },
  ],
  ['seats of no booking', 'not_in_booking', send.cancelBooking('booking', [0])],
  [
    'a booking id in use before the attempt',
    'invalid_command',
    send.bookHold('bobs', 'booking', 'other'),
    { user: 'bob' },
  ],
  ['a release during a payment', 'payment_in_progress', send.releaseHold('bobs'), { user: 'bob' }],
  [
    'a payment during a payment',
    'payment_in_progress',
    send.beginPayment('bobs', 'pay2'),
    { user: 'bob' },
  ],
  [
    'extension during a payment before its limit',
    'payment_in_progress',
    send.extendHold('bobs', 9_999),
    { user: 'bob' },
  ],
  ['no payment to fail', 'no_payment_in_progress', send.failPayment('anns')],
  ['booking without a payment', 'no_payment_in_progress', send.bookHold('anns', 'b2')],
  [
    'booking with another attempt',
    'payment_attempt_mismatch',
    send.bookHold('bobs', 'b2', 'other'),
    { user: 'bob' },
  ],
  [
    'taken seats before a full area',
    'seats_unavailable',
    send.holdSeats('h', [11], { areas: [[0, 1]] }),
  ],
  [
    'taken seats to take off sale before a full area',
    'seats_unavailable',
    send.blockSeats([11], [[0, 1]]),
  ],
  ['a full area to take off sale', 'area_full', send.blockSeats([], [[0, 1]])],
  [
    'a full area before a block that does not exist',
    'area_full',
    send.holdSeats('h', [], { areas: [[0, 1]], best: [{ quantity: 3, wheelchairs: 1 }] }),
  ],
  [
    'a full area before seats that are kept',
    'area_full',
    send.holdSeats('h', [12], { areas: [[0, 1]] }),
  ],
  [
    'seats that are kept before a block that does not exist',
    'accessible_seats_protected',
    send.holdSeats('h', [12], { best: [{ quantity: 3, wheelchairs: 3 }] }),
  ],
  [
    'a block that does not exist before a stranded seat',
    'no_block_available',
    send.holdSeats('h', [7, 12], {
      wheelchairs: 1,
      best: [{ quantity: 2, wheelchairs: 2, section: 0, category: 0, priceMax: 1 }],
    }),
  ],
  ['seats that are not blocked', 'seats_not_blocked', send.unblockSeats([9])],
  ['a stranded seat before the buyer limit', 'stranded_single', send.holdSeats('h', [7, 8])],
  ['the buyer limit', 'buyer_limit', send.holdSeats('h', [6, 7])],
  [
    'the buyer limit before another price',
    'buyer_limit',
    send.holdSeats('h', [6, 7], { expectedTotal: 1 }),
  ],
  [
    'the buyer limit before that of spaces',
    'buyer_limit',
    send.holdSeats('h', [12, 13], { wheelchairs: 2 }),
  ],
  [
    'the limit of spaces before another price',
    'accessible_limit',
    send.holdSeats('h', [12, 13], { wheelchairs: 2, expectedTotal: 1 }),
    { user: 'eve' },
  ],
  ['another price', 'price_changed', send.holdSeats('h', [6], { expectedTotal: 1 })],
  [
    'a malformed change of the rules before the level',
    'invalid_command',
    send.changeRules({}, [[9, 0]]),
    { factLevel: 2 },
  ],
  [
    'a level that cannot say it before unknown areas',
    'not_finalized',
    send.changeRules({}, [[9, 1]]),
    { factLevel: 2 },
  ],
  [
    'unknown areas before one that is too small',
    'unknown_area',
    send.changeRules({}, [
      [0, 1],
      [9, 1],
    ]),
  ],
  ['an area smaller than what is taken of it', 'area_full', send.changeRules({}, [[0, 1]])],
  ['an extension beyond the limit', 'extension_limit', send.extendHold('anns', 1_001)],
];

describe('the order of the checks', () => {
  it.each(table)('says no to %s with %s', (_, code, command, sender = {}) => {
    const decision = busySale().when(command, sender);
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  it('asks whether the sale is open before it asks whether the seats exist', () => {
    const sale = new DeciderSpec(layout, rules);
    const command = send.holdSeats('h', [99]);
    expect(sale.when(command)).toMatchObject({ refusal: { code: 'sale_not_open' } });
    sale.run(send.closeSale);
    expect(sale.when(command)).toMatchObject({ refusal: { code: 'sale_closed' } });
    const over = new DeciderSpec(layout, { ...rules, endsAtMs: 900 as never });
    expect(over.when(command, { at: 900 })).toMatchObject({ refusal: { code: 'sale_ended' } });
  });

  it('asks whether there is such a hold, and a payment, before whether the sale is over', () => {
    const sale = busySale();
    sale.run(send.changeRules({ endsAtMs: 1_500 }));
    const codes = [
      sale.when(send.beginPayment('nobodys')),
      sale.when(send.beginPayment('bobs', 'pay2'), { user: 'bob' }),
      sale.when(send.beginPayment('anns')),
    ].map((decision) => (decision.kind === 'refused' ? decision.refusal.code : decision.kind));
    expect(codes).toEqual(['hold_not_found', 'payment_in_progress', 'sale_ended']);
  });

  it('accepts each refused command once nothing is wrong with it', () => {
    const sale = busySale();
    const accepted = [
      sale.when(send.holdSeats('h', [6]), { user: 'eve' }),
      sale.when(send.extendHold('anns', 1_000)),
      sale.when(send.releaseHold('anns')),
      sale.when(send.bookHold('bobs', 'b2'), { user: 'bob' }),
      sale.when(send.cancelBooking('booking', [11])),
      sale.when(send.unblockSeats([10], [[0, 1]])),
    ];
    expect(accepted.map(({ kind }) => kind)).toEqual(Array(6).fill('accepted'));
  });

  it('names the field, the limit and what is left of it', () => {
    const sale = busySale();
    const refusalOf = (command: Command): Refusal | undefined => {
      const decision = sale.when(command);
      return decision.kind === 'refused' ? decision.refusal : undefined;
    };
    expect(refusalOf(malformedBest)).toEqual({
      code: 'invalid_command',
      field: 'best[0].quantity',
    });
    expect(refusalOf(send.holdSeats('h', [1.5]))?.field).toBe('seats[0]');
    expect(refusalOf(send.holdSeats('h', [], { areas: [[0, 0]] }))?.field).toBe(
      'areas[0].quantity',
    );
    expect(refusalOf(send.holdSeats('h', [6, 7]))).toEqual({
      code: 'buyer_limit',
      limit: 3,
      left: 1,
    });
    expect(refusalOf(send.extendHold('anns', 5_000))).toEqual({
      code: 'extension_limit',
      limit: 2_000,
      left: 1_000,
    });
    expect(refusalOf(send.holdSeats('h', [1, 2, 3, 4, 5]))).toEqual({
      code: 'too_many_places',
      limit: 4,
    });
  });
});
