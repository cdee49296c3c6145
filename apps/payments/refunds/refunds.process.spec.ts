import { describe, expect, it } from '@jest/globals';

import type { BookingView, RefundReply, RefundView } from '#libs/contracts/payments.js';
import { encodeFacts } from '#libs/inventory/codec/fact-codec.js';
import { factLevelNewest } from '#libs/inventory/codec/fact-kinds.js';
import type { Fact } from '#libs/inventory/facts.js';
import type { HoldId } from '#libs/inventory/ids.js';

import type { RefundId } from './refund.js';
import type { RefundAsk, Requested } from './refund-ask.js';
import { RefundTable } from './refund-table.js';
import { signatureOf } from '../simulator/webhooks.js';
import { eventually } from '../testing/audit.js';
import { allowCancelling, sayParts } from '../testing/event-row.js';
import { confirmed, paymentsBench } from '../testing/payments-bench.js';
import { webhookSecret } from '../testing/payments-rig.js';
import { orderFaults, orderWeather, readLedger } from '../testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;

async function booked(options: Parameters<typeof bench.hold>[0] = {}, token = 'pm_card_visa') {
  const holdId = await bench.hold(options);
  return confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey(), token }));
}

function begun(reply: RefundReply): RefundView {
  if (reply.kind !== 'refund') throw new Error(`no refund: ${JSON.stringify(reply)}`);
  return reply.refund;
}

const shown = async ({ bookingId }: Pick<BookingView, 'bookingId'>): Promise<BookingView> => {
  const reply = await bench.payments.get(userId, bookingId);
  if (reply.kind !== 'found') throw new Error(reply.kind);
  return reply.booking;
};

const once = (booking: BookingView, status: RefundView['status']): Promise<BookingView> =>
  eventually(
    () => shown(booking),
    ({ refunds = [] }) => refunds.length > 0 && refunds.every((one) => one.status === status),
  );

const refundsAtProvider = async (): Promise<number> =>
  (await readLedger(bench.rig.stripeUrl)).refunded;

const entries = async (kind: string, refundId: string): Promise<number> => {
  const { rows } = await bench.rig.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ledger_transaction
     WHERE cause = 'refund' AND kind = $1 AND cause_id = $2`,
    [kind, refundId],
  );
  return rows[0].count;
};

const waitingForLocks = async (): Promise<number> => {
  const { rows } = await bench.rig.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0].count;
};

let batchNo = 0;

/** As the journal has the hold that it was: the last seat costs less. */
async function holdOnRecord(holdId: HoldId, seats: readonly number[]): Promise<void> {
  batchNo += 1;
  const fact = {
    type: 'SeatsHeld',
    atMs: 1,
    by: { role: 'buyer' },
    cause: { commandId: 'c', fingerprint: 1 },
    holdId,
    userId,
    seats,
    areas: [],
    deadlineMs: 2,
    totalMinor: 5_000,
    prices: [
      { count: seats.length - 1, priceMinor: 2_000 },
      { count: 1, priceMinor: 1_000 },
    ],
  } as unknown as Fact;
  await bench.rig.pool.query(
    `INSERT INTO journal (event_id, batch_no, epoch, first_seq, last_seq, prev_hash, hash, facts)
     VALUES ('evt_show', $3, 1, $3, $3, $2, $2, $1)`,
    [encodeFacts([fact], factLevelNewest), Buffer.alloc(32), batchNo],
  );
}

describe('a refund', () => {
  it('of a booking frees its seats and gives all of it back, once for a key', async () => {
    const before = await refundsAtProvider();
    const booking = await booked();
    const call = { bookingId: booking.bookingId, key: bench.newKey() };
    const refund = begun(await bench.payments.refund(call));
    expect(refund).toMatchObject({ amountMinor: 5_000, keptMinor: 0, seats: booking.seats });
    const after = await once(booking, 'DONE');
    expect(after).toMatchObject({ state: 'CANCELLED', totalMinor: 5_000 });
    expect(begun(await bench.payments.refund(call)).refundId).toBe(refund.refundId);
    const other = { ...call, wish: { what: 'amount', amountMinor: 1 } } as const;
    expect(await bench.payments.refund(other)).toEqual({ kind: 'key_reused' });
    expect(await refundsAtProvider()).toBe(before + 5_000);
    expect(await entries('refund', refund.refundId)).toBe(1);
  });

  it('of one of two bookings leaves the other its seats, its money and its ticket', async () => {
    const [kept, given] = [await booked(), await booked()];
    const before = await refundsAtProvider();
    begun(await bench.payments.refund({ bookingId: given.bookingId, key: bench.newKey() }));
    await once(given, 'DONE');
    expect(await refundsAtProvider()).toBe(before + 5_000);
    const { seats } = kept;
    expect(await shown(kept)).toMatchObject({ state: 'CONFIRMED', seats, totalMinor: 5_000 });
  });

  it('that cannot be is refused with its reason before the provider is asked', async () => {
    const before = await refundsAtProvider();
    const booking = await booked();
    const { bookingId } = booking;
    const ask = (wish: object, more: object = {}) =>
      bench.payments.refund({ bookingId, key: bench.newKey(), wish, ...more } as never);
    const refused = (reason: string) => ({ kind: 'refused', reason });
    expect(await ask({ what: 'amount', amountMinor: 5_001 })).toEqual({
      ...refused('refund_too_high'),
      leftMinor: 5_000,
    });
    expect(await ask({ what: 'whole' }, { currency: 'USD' })).toEqual(refused('currency_mismatch'));
    const stranger = { what: 'places', seats: ['A-100'], areas: [] };
    expect(await ask(stranger)).toEqual(refused('not_in_booking'));
    expect(await ask({ ...stranger, seats: ['Z-1'] })).toEqual(refused('unknown_seat'));
    const none = 'bkg_show_0123456789abcdefghij';
    expect(await ask({ what: 'whole' }, { bookingId: none })).toEqual(refused('booking_not_found'));
    expect(await refundsAtProvider()).toBe(before);
    begun(await ask({ what: 'whole' }));
    expect(await ask({ what: 'whole' })).toEqual(refused('already_refunded'));
    await once(booking, 'DONE');
  });

  it('by many at once never adds up to more than what was paid', async () => {
    const booking = await booked();
    const { bookingId } = booking;
    const before = await refundsAtProvider();
    const wish = { what: 'amount', amountMinor: 1_500 } as const;
    const replies = await Promise.all(
      Array.from({ length: 6 }, () =>
        bench.payments.refund({ bookingId, key: bench.newKey(), wish }),
      ),
    );
    expect(replies.filter(({ kind }) => kind === 'refund')).toHaveLength(3);
    expect((await once(booking, 'DONE')).state).toBe('CONFIRMED');
    expect(await refundsAtProvider()).toBe(before + 4_500);
  });

  it('by another is added up behind one that is not committed yet', async () => {
    const { bookingId } = await booked();
    const table = new RefundTable(bench.rig.pool, 'two at once', 60_000);
    const ask = (refundId: string): RefundAsk => ({
      ...{ refundId: refundId as RefundId, bookingId, userId: null },
      ...{ asker: 'sue', requestKey: refundId, fingerprint: 'f', role: 'support', reason: 'r' },
      ...{ offSale: false, trace: 't' },
      terms: {
        wish: { what: 'amount', amountMinor: 3_000 },
        ...{ prices: null, feePerPlaceMinor: 0, currency: null },
      },
    });
    let isSettled = false;
    let second: Promise<Requested> | undefined;
    const first = await table.request(ask('rfd_first'), async () => {
      second = table.request(ask('rfd_second')).finally(() => (isSettled = true));
      const isBehind = async () => isSettled || (await waitingForLocks()) > 0;
      expect(await eventually(isBehind, (is) => is)).toBe(true);
    });
    expect(first).toMatchObject({ kind: 'refund', isNew: true });
    const refused = { kind: 'refused', reason: 'refund_too_high', leftMinor: 2_000 };
    expect(await second).toEqual(refused);
  });

  it('of some seats gives back what they cost when they were held, less the fee', async () => {
    const booking = await booked({ count: 3 });
    const { bookingId, seats, holdId } = booking;
    const wish = { what: 'places', seats: [seats[2]], areas: [] } as const;
    const first = await bench.payments.refund({ bookingId, key: bench.newKey(), wish });
    expect(first).toEqual({ kind: 'refused', reason: 'price_not_known', leftMinor: 5_000 });
    await holdOnRecord(holdId, [bench.seat - 2, bench.seat - 1, bench.seat]);
    const call = { bookingId, key: bench.newKey(), wish, feePerPlaceMinor: 150 };
    expect(begun(await bench.payments.refund(call))).toMatchObject({
      amountMinor: 850,
      keptMinor: 150,
    });
    expect(await once(booking, 'DONE')).toMatchObject({
      state: 'CONFIRMED',
      seats: seats.slice(0, 2),
    });
    const rest = await bench.payments.refund({ bookingId, key: bench.newKey() });
    expect(begun(rest)).toMatchObject({ amountMinor: 4_000, seats: seats.slice(0, 2) });
    expect((await once(booking, 'DONE')).state).toBe('CANCELLED');
  });

  it('of what was free cancels it and asks no provider', async () => {
    const before = (await readLedger(bench.rig.stripeUrl)).refunded;
    const booking = await booked({ totalMinor: 0 });
    begun(await bench.payments.refund({ bookingId: booking.bookingId, key: bench.newKey() }));
    expect((await once(booking, 'DONE')).state).toBe('CANCELLED');
    expect(await refundsAtProvider()).toBe(before);
  });

  it('is asked of the provider only when the seats are free, however long that takes', async () => {
    const before = await refundsAtProvider();
    const booking = await booked();
    bench.rig.inventory.interfere = () => ({ kind: 'unknown', retryAfterMs: 1 });
    begun(await bench.payments.refund({ bookingId: booking.bookingId, key: bench.newKey() }));
    await eventually(
      async () => (await bench.rig.pool.query('SELECT FROM refund WHERE tries > 1')).rowCount,
      (count) => count === 1,
    );
    expect(await refundsAtProvider()).toBe(before);
    bench.rig.inventory.interfere = null;
    await once(booking, 'DONE');
  });

  it.each(['free', 'send'] as const)(
    'goes on once when its process dies after %s',
    async (step) => {
      const before = await refundsAtProvider();
      let died = (): void => undefined;
      const dead = new Promise<void>((resolve) => (died = resolve));
      const doomed = await bench.rig.start({
        refundFailpoint: (at, type) => {
          if (at !== 'after' || type !== step) return undefined;
          died();
          return new Promise<void>((resolve) => setTimeout(resolve, 60_000).unref());
        },
      });
      const booking = await booked();
      await bench.payments.stop();
      begun(await doomed.refund({ bookingId: booking.bookingId, key: bench.newKey() }));
      await dead;
      bench.payments = await bench.rig.start();
      await once(booking, 'DONE');
      expect(await refundsAtProvider()).toBe(before + 5_000);
      void doomed.crash();
    },
  );

  it('that the bank takes its time for is done when it says so, whoever hears it', async () => {
    const booking = await booked({}, 'pm_card_pendingRefund');
    const call = { bookingId: booking.bookingId, key: bench.newKey() };
    const { refundId } = begun(await bench.payments.refund(call));
    await eventually(
      async () => (await bench.rig.pool.query(`SELECT FROM refund WHERE state = 'SENT'`)).rowCount,
      (count) => count === 1,
    );
    expect(await entries('refund', refundId)).toBe(0);
    await once(booking, 'DONE');
    expect(await entries('refund', refundId)).toBe(1);
  });

  it('that fails after it was done is taken out of the books once', async () => {
    await orderWeather(bench.rig.stripeUrl, { copies: 3, delay_ms_max: 200 });
    const booking = await booked({}, 'pm_card_refundFail');
    const call = { bookingId: booking.bookingId, key: bench.newKey() };
    const { refundId } = begun(await bench.payments.refund(call));
    await once(booking, 'DONE');
    expect(await entries('refund', refundId)).toBe(1);
    await once(booking, 'FAILED');
    expect(await entries('refund_failed', refundId)).toBe(1);
    await orderWeather(bench.rig.stripeUrl, {});
  });

  it('survives a provider that fails before and after its effect', async () => {
    const before = await refundsAtProvider();
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'error_after', operation: 'refunds.create', times: 2 },
      { kind: 'drop_after', operation: 'refunds.list', times: 2 },
    ]);
    const booking = await booked();
    begun(await bench.payments.refund({ bookingId: booking.bookingId, key: bench.newKey() }));
    await once(booking, 'DONE');
    expect(await refundsAtProvider()).toBe(before + 5_000);
  });

  it('of which the provider speaks is looked up there, and nothing is believed', async () => {
    const booking = await booked();
    const call = { bookingId: booking.bookingId, key: bench.newKey() };
    const { refundId } = begun(await bench.payments.refund(call));
    await once(booking, 'DONE');
    const created = Math.floor(Date.now() / 1_000);
    const object = { object: 'refund', status: 'failed', metadata: { refund_id: refundId } };
    const event = {
      id: 'evt_lies',
      object: 'event',
      type: 'refund.failed',
      created,
      data: { object },
    };
    const body = JSON.stringify(event);
    const signature = signatureOf(body, webhookSecret, created);
    const changed = 'SELECT updated_at FROM refund WHERE refund_id = $1';
    const before = (await bench.rig.pool.query(changed, [refundId])).rows;
    expect(await bench.payments.webhook(body, signature)).toEqual({ kind: 'recorded' });
    const heard = 'SELECT FROM refund WHERE refund_id = $1 AND hints = hints_seen AND hints > 0';
    await eventually(
      async () => (await bench.rig.pool.query(heard, [refundId])).rowCount,
      (count) => count === 1,
    );
    expect((await shown(booking)).refunds?.[0].status).toBe('DONE');
    // It would be left out of comparisons as one that is changing.
    expect((await bench.rig.pool.query(changed, [refundId])).rows).toEqual(before);
  });

  it('that was lost to another is not moved by who had it', async () => {
    const booking = await booked();
    await bench.payments.stop();
    const [away, other] = ['away', 'other'].map((name) => new RefundTable(bench.rig.pool, name, 0));
    const made = await away.request({
      refundId: 'rfd_fenced' as RefundId,
      bookingId: booking.bookingId,
      userId: null,
      ...{ asker: 'sue', requestKey: 'fenced', fingerprint: 'f', role: 'support', reason: 'r' },
      ...{ offSale: false, trace: 't' },
      terms: { wish: { what: 'whole' }, prices: null, feePerPlaceMinor: 0, currency: null },
    });
    expect(made.kind).toBe('refund');
    const [first] = await away.claimDue(1);
    const [second] = await other.claimDue(1);
    expect([first.refundId, second.refundId]).toEqual(['rfd_fenced', 'rfd_fenced']);
    expect(await away.advance(first, { state: 'DONE', moves: 'refund' }, 0)).toBeNull();
    expect(await entries('refund', 'rfd_fenced')).toBe(0);
    const slow = new RefundTable(bench.rig.pool, 'other', 60_000);
    expect(await slow.renew(first)).toBe(false);
    // His own, and over by now.
    expect(await slow.renew(second)).toBe(false);
    expect(await other.advance(second, { state: 'REQUESTED' }, 0)).toMatchObject({ leaseNo: 2 });
    bench.payments = await bench.rig.start();
    await once(booking, 'DONE');
  });
});

describe('a buyer who cancels', () => {
  const refused = (reason: string, more: object = {}) => ({ kind: 'refused', reason, ...more });
  const cancel = (booking: BookingView, more: object = {}) =>
    bench.payments.cancel({ bookingId: booking.bookingId, key: bench.newKey(), ...more });

  it('gets what his booking says, less the fee of his event, once for a key', async () => {
    await allowCancelling(bench.rig.pool, { inMs: 60_000, feeMinor: 300 });
    const before = await refundsAtProvider();
    const booking = await booked({ count: 2 });
    const { cancellation } = await shown(booking);
    expect(cancellation).toMatchObject({ amountMinor: 4_400, keptMinor: 600 });
    expect(await cancel(booking, { amountMinor: 4_399 })).toEqual(
      refused('cancellation_changed', { leftMinor: 4_400 }),
    );
    const call = { amountMinor: 4_400, key: bench.newKey() };
    const refund = begun(await cancel(booking, call));
    expect(refund).toMatchObject({ amountMinor: 4_400, keptMinor: 600, seats: booking.seats });
    expect(begun(await cancel(booking, call)).refundId).toBe(refund.refundId);
    const after = await once(booking, 'DONE');
    expect(after.state).toBe('CANCELLED');
    expect(after).not.toHaveProperty('cancellation');
    expect(await refundsAtProvider()).toBe(before + 4_400);
    expect(await cancel(booking)).toEqual(refused('already_refunded'));
    // Too late for another, and what was asked in time is answered as before.
    await allowCancelling(bench.rig.pool, null);
    expect(begun(await cancel(booking, call)).status).toBe('DONE');
  });

  it('leaves the booking fee and its tax where his event keeps it, in the ledger too', async () => {
    await allowCancelling(bench.rig.pool, { inMs: 60_000, feeMinor: 0, keepsFee: true });
    await sayParts(bench.rig.pool, 3_300, { feeMinor: 300, taxMinor: 550, feeTaxMinor: 50 });
    const booking = await booked({ count: 2, totalMinor: 6_600 });
    const parts = { feeMinor: 600, taxMinor: 1_100, feeTaxMinor: 100 };
    expect(booking).toMatchObject({ totalMinor: 6_600, parts });
    expect((await shown(booking)).parts).toEqual(parts);
    const attemptOf = 'SELECT attempt_id FROM payment_attempt WHERE booking_id = $1';
    const accounts = async (): Promise<Record<string, number>> => {
      const { rows } = await bench.rig.pool.query<{ account: string; sum: number }>(
        `SELECT account, sum(amount_minor)::float8 AS sum FROM ledger_entry
         JOIN ledger_transaction USING (transaction_id)
         WHERE attempt_id = (${attemptOf}) GROUP BY account`,
        [booking.bookingId],
      );
      return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
    };
    expect(await accounts()).toEqual({
      ...{ provider_receivable: 6_600, ticket_sales: -5_000 },
      ...{ booking_fees: -500, tax_payable: -1_100 },
    });
    const { cancellation } = await shown(booking);
    expect(cancellation).toMatchObject({ amountMinor: 6_000, keptMinor: 600 });
    const back = { feeMinor: 0, taxMinor: 1_000, feeTaxMinor: 0 };
    expect(begun(await cancel(booking, { amountMinor: 6_000 })).parts).toEqual(back);
    expect((await once(booking, 'DONE')).refunds).toMatchObject([{ keptMinor: 600, parts: back }]);
    expect(await accounts()).toEqual({
      ...{ provider_receivable: 600, ticket_sales: 0, booking_fees: -500, tax_payable: -100 },
    });
  });

  it('gives some of his places back and keeps the rest', async () => {
    await allowCancelling(bench.rig.pool, { inMs: 60_000, feeMinor: 0 });
    const booking = await booked({ count: 3 });
    await holdOnRecord(booking.holdId, [bench.seat - 2, bench.seat - 1, bench.seat]);
    const wish = { what: 'places', seats: [booking.seats[0]], areas: [] } as const;
    const told = () => bench.payments.get(userId, booking.bookingId, { cancelling: wish });
    expect(await told()).toMatchObject({
      booking: { cancellation: { amountMinor: 2_000, keptMinor: 0, ofPlaces: true } },
    });
    expect(begun(await cancel(booking, { wish, amountMinor: 2_000 })).amountMinor).toBe(2_000);
    const after = await once(booking, 'DONE');
    expect(after).toMatchObject({ state: 'CONFIRMED', cancellation: { amountMinor: 3_000 } });
    expect(after.cancellation).not.toHaveProperty('ofPlaces');
    expect(await told()).toMatchObject({ kind: 'found', barred: 'already_refunded' });
  });

  it('cannot where his event does not allow it, or too late, or what is not his', async () => {
    const before = await refundsAtProvider();
    const booking = await booked();
    await allowCancelling(bench.rig.pool, null);
    expect(await cancel(booking)).toEqual(refused('cancellation_not_allowed'));
    await allowCancelling(bench.rig.pool, { inMs: 0, feeMinor: 0 });
    expect(await cancel(booking)).toEqual(refused('cancellation_over'));
    expect(await shown(booking)).not.toHaveProperty('cancellation');
    await allowCancelling(bench.rig.pool, { inMs: 60_000, feeMinor: 0 });
    expect(await cancel(booking, { userId: 'usr_eve' })).toEqual(refused('booking_not_found'));
    expect(await refundsAtProvider()).toBe(before);
  });

  it('of what was free has cancelled it, and no provider is asked', async () => {
    await allowCancelling(bench.rig.pool, { inMs: 60_000, feeMinor: 300 });
    const before = await refundsAtProvider();
    const booking = await booked({ totalMinor: 0 });
    begun(await cancel(booking));
    expect((await once(booking, 'DONE')).state).toBe('CANCELLED');
    expect(await refundsAtProvider()).toBe(before);
  });
});
