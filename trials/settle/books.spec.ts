import { describe, expect, it } from '@jest/globals';
import type { LedgerLine } from '#apps/payments/simulator/ledger.js';
import { addsUp, compareBooks, problemsOf, type OrderRow } from './books.js';

const order = (attempt: string, more: Partial<OrderRow> = {}): OrderRow => ({
  ...{ attempt_id: attempt, booking_id: `bkg_${attempt}`, state: 'CAPTURED', currency: 'EUR' },
  ...{ currency_digits: 2, total: 5_000, is_cancelled: false },
  ...{ refunds: 0, back: 0, open_refunds: 0, away: 0 },
  ...more,
});

const intent = (attempt: string, more: Partial<LedgerLine> = {}): LedgerLine => ({
  ...{ id: `pi_${attempt}`, status: 'succeeded', currency: 'eur', amount: 5_000 },
  ...{ authorised: 5_000, captured: 5_000, voided: 0, refunded: 0, disputed: 0 },
  metadata: { attempt_id: attempt },
  ...more,
});

const declined = { state: 'DECLINED', total: null } as const;

describe('the books of a trial', () => {
  it('agree where all that was taken is booked, went back, is kept, or is with a bank', () => {
    const rows = [
      order('a'),
      order('b', { refunds: 1, back: 2_000 }),
      order('c', { is_cancelled: true, refunds: 1, back: 4_500 }),
      order('d', { away: 5_000 }),
      order('e', declined),
      order('f', { ...{ currency: 'JPY', currency_digits: 0 }, total: 900 }),
    ];
    const books = compareBooks(rows, [
      intent('a'),
      intent('b', { refunded: 2_000 }),
      intent('c', { refunded: 4_500 }),
      intent('d', { disputed: 5_000 }),
      intent('e', { ...{ status: 'requires_payment_method', authorised: 0 }, captured: 0 }),
      intent('f', { currency: 'jpy', captured: 900 }),
    ]);
    expect(problemsOf(books)).toEqual([]);
    expect(books.sums).toEqual([
      {
        currency: 'EUR',
        captured: 20_000,
        refunded: 6_500,
        disputed: 5_000,
        live: 8_000,
        kept: 500,
      },
      { currency: 'JPY', captured: 900, refunded: 0, disputed: 0, live: 900, kept: 0 },
    ]);
    expect(books).toMatchObject({ orders: 6, liveBookings: 4, byState: { CAPTURED: 5 } });
  });

  it.each<[string, keyof ReturnType<typeof compareBooks>, OrderRow, LedgerLine[]]>([
    ['a seat without money', 'unpaid', order('a'), []],
    ['money without a seat', 'unseated', order('a', declined), [intent('a')]],
    ['a charge of nobody', 'unseated', order('a'), [intent('a'), intent('z')]],
    ['a second charge', 'unequal', order('a'), [intent('a'), intent('a')]],
    ['what went back too often', 'unequal', order('a'), [intent('a', { refunded: 1 })]],
    ['a seat whose money went', 'unequal', order('a'), [intent('a', { refunded: 5_000 })]],
    [
      'what stays of a booking undone',
      'unequal',
      order('a', { is_cancelled: true }),
      [intent('a')],
    ],
    ['an attempt at work', 'unsettled', order('a', { state: 'BOOKED' }), [intent('a')]],
    ['a refund at work', 'unsettled', order('a', { refunds: 1, open_refunds: 1 }), [intent('a')]],
    [
      'money that is only reserved',
      'authorised',
      order('a', declined),
      [intent('a', { status: 'requires_capture', captured: 0 })],
    ],
  ])('name %s', (_, what, row, lines) => {
    const books = compareBooks([row], lines);
    expect(books[what]).toHaveLength(1);
    expect(problemsOf(books)).not.toEqual([]);
  });

  it('add up by currency, to the last unit', () => {
    const { sums } = compareBooks([order('a')], [intent('a', { captured: 4_999 })]);
    expect(addsUp(sums[0])).toBe(false);
  });
});
