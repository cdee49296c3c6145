import { describe, expect, it } from '@jest/globals';
import type { SaleRules } from '#libs/inventory/inventory.js';
import * as send from '#libs/testing/commands.js';
import { OneOrder, paymentMs, type Ending } from './one-order.js';

const offsetsMs = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5];
/** What of the same millisecond comes first in the journal. */
const orders = ['tick, then pay', 'pay, then tick', 'no tick'] as const;
const rivals = ['nobody', 'somebody before', 'somebody after'] as const;

interface Case {
  readonly offsetMs: number;
  readonly order: (typeof orders)[number];
  readonly rival: (typeof rivals)[number];
  readonly alternative: boolean;
}

const cases: readonly Case[] = offsetsMs.flatMap((offsetMs) =>
  orders.flatMap((order) =>
    rivals.flatMap((rival) =>
      [false, true].map((alternative) => ({ offsetMs, order, rival, alternative })),
    ),
  ),
);

/** The bank answers so that the seats are asked for just then. */
async function payAround({ offsetMs, order, rival, alternative }: Case): Promise<Ending> {
  const one = new OneOrder({}, alternative);
  one.bankTakesMs = paymentMs + offsetMs;
  const tick = () => void one.run(send.tick, 'nobody');
  const take = () => void one.run(send.holdSeats('rsv_rival', [2, 3]), 'bob');
  one.beforeDecision = (type) => {
    if (type !== 'BookHold') return;
    if (order === 'tick, then pay') tick();
    if (rival === 'somebody before') take();
  };
  one.afterDecision = (type) => {
    if (type !== 'BookHold') return;
    if (order === 'pay, then tick') tick();
    if (rival === 'somebody after') take();
  };
  await one.pay(paymentMs + 1_000);
  return one.end();
}

describe('a payment whose seats are asked for within 5 ms of the deadline', () => {
  it('has the money and the seats, or neither, in whatever order the journal has it', async () => {
    const seen = new Set<string>();
    for (const one of cases) {
      const ending = await payAround(one);
      const { state, seats, paidMinor, isReserved, facts } = ending;
      const told = JSON.stringify({ ...one, ...ending });
      expect([told, isReserved]).toEqual([told, false]);
      expect([told, paidMinor]).toEqual([told, seats.length * 5_000]);
      expect([told, state === 'CAPTURED']).toEqual([told, seats.length > 0]);
      // Booked as it was held, or over and perhaps booked late: never over and booked as held.
      const both = facts.includes('SeatsBooked') && facts.includes('HoldExpired');
      expect([told, both]).toEqual([told, false]);
      // A hold is not over before its time (G3).
      if (one.offsetMs < 0) expect([told, facts]).toEqual([told, ['SeatsBooked']]);
      seen.add(`${facts.join()} ${state} ${seats.join()}`);
    }
    expect([...seen].sort()).toEqual([
      'HoldExpired EXPIRED ',
      'HoldExpired,SeatsBookedLate CAPTURED 0,1',
      'HoldExpired,SeatsBookedLate CAPTURED 1,2',
      'SeatsBooked CAPTURED 1,2',
    ]);
  });
});

interface Rung {
  readonly when: string;
  readonly agreed?: true;
  readonly rules?: Partial<SaleRules>;
  readonly meanwhile?: (one: OneOrder) => unknown;
  readonly ends: Pick<Ending, 'state' | 'reason' | 'seats'>;
}

const booked = (seats: readonly number[]) => ({ state: 'CAPTURED', reason: null, seats });
const back = (reason: string) => ({ state: 'EXPIRED', reason, seats: [] });

const takes =
  (by: string, seats: readonly number[]) =>
  (one: OneOrder): unknown =>
    one.run(send.holdSeats(`rsv_of_${by}`, seats), by);

function buys(one: OneOrder, seats: readonly number[]): void {
  one.run(send.holdSeats('rsv_old', seats), 'ann');
  one.run(send.beginPayment('rsv_old', 'pay_old'), 'ann');
  one.run(send.bookHold('rsv_old', 'bkg_old', 'pay_old'), 'ann');
}

const ends = { endsAtMs: (1_800_000_000_000 + paymentMs) as never };
const crowd = { placesPerHoldMax: 20, placesPerBuyerMax: 20 };
const everything = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17];
const few = { placesPerBuyerMax: 3 };

const rungs: readonly Rung[] = [
  { when: 'its seats are free', ends: booked([1, 2]) },
  {
    when: 'its seats are gone, and others were agreed to',
    agreed: true,
    meanwhile: takes('bob', [2, 3]),
    ends: booked([0, 1]),
  },
  {
    when: 'its seats are gone',
    meanwhile: takes('bob', [2, 3]),
    ends: back('seats_unavailable'),
  },
  {
    when: 'its seats and all others are gone',
    agreed: true,
    rules: crowd,
    meanwhile: takes('bob', everything),
    ends: back('seats_unavailable'),
  },
  { when: 'the sale is over', rules: ends, ends: back('sale_ended') },
  {
    when: 'the sale is closed',
    meanwhile: (one) => one.run(send.closeSale, 'org'),
    ends: back('sale_closed'),
  },
  {
    when: 'the event is cancelled',
    meanwhile: (one) => one.run(send.cancelEvent, 'org'),
    ends: { ...back('event_cancelled'), state: 'FAILED' },
  },
  {
    when: 'its buyer holds other seats by now',
    meanwhile: takes('ann', [8]),
    ends: back('superseded'),
  },
  {
    when: 'its buyer has paid for others by now',
    meanwhile: (one) => one.payForAnother('new'),
    ends: back('superseded'),
  },
  {
    when: 'it would be more than one buyer may have',
    rules: few,
    meanwhile: (one) => buys(one, [8, 9]),
    ends: back('buyer_limit'),
  },
];

describe('money that was reserved when the process died, and whose hold is over', () => {
  it.each(rungs)('goes by the ladder: $when', async ({ agreed, rules, meanwhile, ends: end }) => {
    const one = new OneOrder(rules, agreed);
    await one.pay(1_000, 'authorise');
    expect(one.attempt).toMatchObject({ state: 'AUTHORISING', intentId: null });
    await one.clock.advance(paymentMs);
    one.run(send.tick, 'nobody');
    await meanwhile?.(one);
    await one.goOn('evt_webhook');
    const ending = await one.end();
    expect(ending).toMatchObject(end);
    expect(ending).toMatchObject({ paidMinor: end.seats.length * 5_000, isReserved: false });
  });
});
