import { describe, expect, it } from '@jest/globals';

import type { BookingView, DisputeStanding } from '#libs/contracts/payments.js';

import { DisputeTable } from './dispute-table.js';
import { signatureOf } from '../simulator/webhooks.js';
import { eventually } from '../testing/audit.js';
import { confirmed, paymentsBench } from '../testing/payments-bench.js';
import { webhookSecret } from '../testing/payments-rig.js';
import { decideDispute, newestDispute, orderWeather } from '../testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;

async function booked(token: string): Promise<BookingView> {
  const holdId = await bench.hold();
  return confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey(), token }));
}

const shown = async ({ bookingId }: BookingView): Promise<BookingView> => {
  const reply = await bench.payments.get(userId, bookingId);
  if (reply.kind !== 'found') throw new Error(reply.kind);
  return reply.booking;
};

const once = (booking: BookingView, standing: DisputeStanding): Promise<BookingView> =>
  eventually(
    () => shown(booking),
    ({ dispute }) => dispute?.standing === standing,
  );

const newestId = (): Promise<string> => newestDispute(bench.rig.stripeUrl);

const decide = (evidence: string): Promise<void> => decideDispute(bench.rig.stripeUrl, evidence);

/** Of one dispute, by account. */
async function books(disputeId: string): Promise<Record<string, number>> {
  const { rows } = await bench.rig.pool.query<{ account: string; sum: number }>(
    `SELECT account, sum(amount_minor)::int AS sum
     FROM ledger_transaction JOIN ledger_entry USING (transaction_id)
     WHERE cause = 'dispute' AND cause_id LIKE $1 || '.%' GROUP BY account`,
    [disputeId],
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
}

const refund = ({ bookingId }: BookingView) =>
  bench.payments.refund({ bookingId, key: bench.newKey() });

describe('a payment that its bank takes back', () => {
  it('freezes the ticket and refuses refunds until it is won', async () => {
    const booking = await booked('pm_card_createDispute');
    expect(await once(booking, 'OPEN')).toMatchObject({
      state: 'CONFIRMED',
      dispute: { isFrozen: true, amountMinor: 5_000 },
    });
    expect(await refund(booking)).toEqual({ kind: 'refused', reason: 'booking_disputed' });
    const id = await newestId();
    expect(await books(id)).toEqual({ disputed_funds: 5_000, provider_receivable: -5_000 });
    await decide('winning_evidence');
    expect((await once(booking, 'WON')).dispute?.isFrozen).toBe(false);
    expect(await books(id)).toEqual({ disputed_funds: 0, provider_receivable: 0 });
    expect((await refund(booking)).kind).toBe('refund');
    await eventually(
      () => shown(booking),
      ({ refunds }) => refunds?.[0].status === 'DONE',
    );
  });

  it('and keeps it is less income, and nothing of it goes back a second time', async () => {
    await orderWeather(bench.rig.stripeUrl, { copies: 3, delay_ms_max: 200 });
    const booking = await booked('pm_card_createDispute');
    await once(booking, 'OPEN');
    const id = await newestId();
    await decide('losing_evidence');
    expect((await once(booking, 'LOST')).dispute?.isFrozen).toBe(true);
    expect(await books(id)).toMatchObject({ ticket_sales: 5_000, disputed_funds: 0 });
    const freed = await refund(booking);
    // Its seats are for others, and no money is left to give.
    expect(freed).toMatchObject({ kind: 'refund', refund: { amountMinor: 0 } });
    await eventually(
      () => shown(booking),
      ({ state }) => state === 'CANCELLED',
    );
    await orderWeather(bench.rig.stripeUrl, {});
  });

  it("may come back after it was lost, and nobody says so: it is the ledger's again", async () => {
    const booking = await booked('pm_card_createDispute');
    await once(booking, 'OPEN');
    const id = await newestId();
    await decide('losing_evidence');
    await once(booking, 'LOST');
    // Its seats are given up for it.
    await refund(booking);
    await eventually(
      () => shown(booking),
      ({ state }) => state === 'CANCELLED',
    );
    await orderWeather(bench.rig.stripeUrl, { loss: 1 });
    await decide('winning_evidence');
    const tomorrow = `UPDATE dispute SET next_try_at = clock_timestamp() WHERE dispute_id = $1
      AND next_try_at BETWEEN clock_timestamp() AND clock_timestamp() + interval '1 day'`;
    expect((await bench.rig.pool.query(tomorrow, [id])).rowCount).toBe(1);
    await once(booking, 'WON');
    await orderWeather(bench.rig.stripeUrl, {});
    expect(await books(id)).toEqual({
      ...{ ticket_sales: 0, disputed_funds: 0, provider_receivable: 0 },
    });
    // Paid for, and without seats: the money is the buyer's.
    const wish = { what: 'amount', amountMinor: 5_000 } as const;
    const back = await bench.payments.refund({ ...booking, key: bench.newKey(), wish });
    expect(back).toMatchObject({ kind: 'refund', refund: { amountMinor: 5_000 } });
    await eventually(
      () => shown(booking),
      ({ refunds }) => refunds?.every(({ status }) => status === 'DONE') === true,
    );
  });

  it('is another thing than a bank that asks, until it does', async () => {
    const booking = await booked('pm_card_createDisputeInquiry');
    expect((await once(booking, 'INQUIRY')).dispute?.isFrozen).toBe(false);
    await decide('escalate_inquiry_evidence');
    expect((await once(booking, 'OPEN')).dispute?.isFrozen).toBe(true);
    await decide('winning_evidence');
    await once(booking, 'WON');
  });

  it('is looked at when no webhook comes, and it was found', async () => {
    await orderWeather(bench.rig.stripeUrl, { loss: 1 });
    const booking = await booked('pm_card_createDispute');
    const id = await newestId();
    const table = new DisputeTable(bench.rig.pool, 'finder', 0);
    expect(await table.find([id])).toBe(1);
    expect(await table.find([id])).toBe(0);
    await once(booking, 'OPEN');
    expect(await table.census()).toEqual(new Map([['OPEN', 1]]));
    await orderWeather(bench.rig.stripeUrl, {});
    await decide('winning_evidence');
    await once(booking, 'WON');
  });

  it('is believed of no webhook, and one that nobody knows ends', async () => {
    const created = Math.floor(Date.now() / 1_000);
    const object = { object: 'dispute', id: 'du_nobody', status: 'lost', amount: 1 };
    const type = 'charge.dispute.closed';
    const body = JSON.stringify({ id: 'evt_du', object: 'event', type, created, data: { object } });
    const signature = signatureOf(body, webhookSecret, created);
    expect(await bench.payments.webhook(body, signature)).toEqual({ kind: 'recorded' });
    const looked = `SELECT FROM dispute
      WHERE dispute_id = 'du_nobody' AND hints = hints_seen AND status IS NULL`;
    await eventually(
      async () => (await bench.rig.pool.query(looked)).rowCount,
      (count) => count === 1,
    );
    expect(await books('du_nobody')).toEqual({});
  });
});
