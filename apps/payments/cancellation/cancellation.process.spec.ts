import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import type {
  CancellationOutcome,
  CancellationReply,
  EventCancellationView,
} from '#libs/contracts/event-cancellation.js';
import type { BookingView } from '#libs/contracts/payments.js';
import { limits } from '#libs/contracts/limits.js';
import { factLevelNewest, levelWithLate } from '#libs/inventory/codec/fact-kinds.js';
import type { BookingId } from '#libs/inventory/ids.js';

import { reconcile } from '../reconcile/reconcile.js';
import { eventually } from '../testing/audit.js';
import { allowCancelling } from '../testing/event-row.js';
import { showId } from '../testing/fake-catalogue.js';
import { confirmed, paymentsBench } from '../testing/payments-bench.js';
import { decideDispute, orderFaults } from '../testing/simulator-control.js';
import { cancellationFigures } from './cancellation-figures.js';
import { CancellationTable } from './cancellation-table.js';

const bench = paymentsBench();
const { userId } = bench;

/** As if it had never been cancelled. */
beforeEach(async () => {
  await allowCancelling(bench.rig.pool, null);
  await bench.rig.pool.query(`
    TRUNCATE event_cancellation CASCADE; DELETE FROM fake_cancelled;
    DELETE FROM fake_answer WHERE command_id LIKE 'cancel.%'; UPDATE event SET cancelled_at = NULL;
    UPDATE refund SET asker = refund_id WHERE asker = 'event cancellation'`);
});

async function booked(token = 'pm_card_visa', totalMinor = 5_000): Promise<BookingView> {
  const holdId = await bench.hold({ totalMinor });
  return confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey(), token }));
}

function viewOf(reply: CancellationReply): EventCancellationView {
  if (reply.kind !== 'cancellation') throw new Error(JSON.stringify(reply));
  return reply.cancellation;
}

const cancelled = async (feePerPlaceMinor?: number): Promise<EventCancellationView> =>
  viewOf(await bench.payments.cancelEvent(feePerPlaceMinor));

const figures = async (): Promise<EventCancellationView> =>
  viewOf(await bench.payments.cancellation());

const onceDone = (): Promise<EventCancellationView> =>
  eventually(figures, ({ state }) => state === 'DONE');

/** By outcome: how many bookings, and what goes back. */
const counts = ({ totals }: EventCancellationView): Partial<Record<CancellationOutcome, unknown>> =>
  Object.fromEntries(
    totals.map(({ outcome, bookings, amountMinor }) => [outcome, [bookings, amountMinor]]),
  );

const shown = async (bookingId: BookingId): Promise<BookingView> => {
  const reply = await bench.payments.get(userId, bookingId);
  if (reply.kind !== 'found') throw new Error(reply.kind);
  return reply.booking;
};

/** Refunds of cancelled events in the ledger, one by one. */
const refundsInLedger = async (): Promise<number[]> => {
  const { rows } = await bench.rig.pool.query<{ amount: number }>(
    `SELECT entry.amount_minor::int AS amount FROM refund
     JOIN ledger_transaction ON cause = 'refund' AND cause_id = refund_id
     JOIN ledger_entry AS entry USING (transaction_id)
     WHERE asker = 'event cancellation' AND account = 'ticket_sales'`,
  );
  return rows.map(({ amount }) => amount);
};

/** `pool`, with something that happens between a statement of who reads and its next one. */
const readsWith = (pool: Pool, behind: (text: string) => Promise<unknown> | null): Pool =>
  ({
    ...pool,
    connect: async () => {
      const client = await pool.connect();
      return {
        release: (broken?: Error) => client.release(broken),
        query: async (text: string, values?: unknown[]) => {
          const result = await client.query(text, values);
          await behind(text);
          return result;
        },
      };
    },
  }) as unknown as Pool;

/** Of what is booked, and not paid yet. */
const captured = "SELECT booking_id AS id FROM payment_attempt WHERE state = 'BOOKED'";

describe('an event that is cancelled', () => {
  it('gives back what lives, names what is disputed, and its report is the ledger', async () => {
    const paid = [await booked(), await booked(), await booked()];
    const free = await booked('pm_card_visa', 0);
    const disputed = await booked('pm_card_createDispute');
    await eventually(
      () => shown(disputed.bookingId),
      ({ dispute }) => dispute?.isFrozen === true,
    );
    expect(counts(await figures())).toEqual({ WAITING: [5, 20_000] });
    expect((await figures()).state).toBe('NONE');
    await cancelled(300);
    const report = await onceDone();
    expect(report.asked).toMatchObject({ by: 'olga', reason: 'the band is ill', error: null });
    expect(counts(report)).toEqual({
      ...{ REFUNDED: [3, 14_100], FREE: [1, 0], LEFT: [1, 5_000] },
    });
    const { bookingId } = disputed;
    expect(report.troubles).toEqual([{ bookingId, outcome: 'LEFT', reason: 'booking_disputed' }]);
    expect(await refundsInLedger()).toEqual([4_700, 4_700, 4_700]);
    for (const one of [...paid, free]) {
      expect((await shown(one.bookingId)).state).toBe('CANCELLED');
    }
    const books = await reconcile(bench.rig.pool, { sinceMs: 0, eventId: showId, books: null });
    expect(books.differences).toEqual([]);
    // The bank decides for us, and somebody asks once more.
    await decideDispute(bench.rig.stripeUrl, 'winning_evidence');
    await eventually(
      () => shown(bookingId),
      ({ dispute }) => dispute?.standing === 'WON',
    );
    expect((await cancelled(300)).state).toBe('REFUNDING');
    expect(counts(await onceDone())).toEqual({ REFUNDED: [4, 18_800], FREE: [1, 0] });
  });

  it('sells nothing any more, and says so to who had a reservation', async () => {
    const holdId = await bench.hold();
    await cancelled();
    await onceDone();
    const { rows } = await bench.rig.pool.query(
      'SELECT FROM event WHERE event_id = $1 AND cancelled_at IS NOT NULL',
      [showId],
    );
    expect(rows).toHaveLength(1);
    const before = await bench.capturedNow();
    expect(await bench.payments.book({ userId, holdId, key: bench.newKey() })).toMatchObject({
      kind: 'hold_gone',
    });
    expect(await bench.capturedNow()).toBe(before);
  });

  it('is cancelled once, however often and by whomever it is asked for', async () => {
    const { bookingId } = await booked();
    await Promise.all([cancelled(), cancelled(), cancelled()]);
    await onceDone();
    expect(await refundsInLedger()).toEqual([5_000]);
    expect(await bench.payments.cancelEvent(1)).toEqual({
      ...{ kind: 'refused', reason: 'event_cancelled' },
    });
    expect((await shown(bookingId)).refunds).toHaveLength(1);
  });

  it('goes on from where it was, whatever dies, and gives each back once', async () => {
    const many = limits.cancellationRefundsMax + 3;
    for (let n = 0; n < many; n++) await booked();
    await cancelled();
    for (const doneBefore of [1, 4]) {
      await eventually(refundsInLedger, (all) => all.length >= doneBefore);
      await bench.payments.crash();
      bench.payments = await bench.rig.start();
    }
    expect(counts(await onceDone())).toEqual({ REFUNDED: [many, many * 5_000] });
    expect(await refundsInLedger()).toHaveLength(many);
  });

  it('has never more under way than others leave room for', async () => {
    const many = limits.cancellationRefundsMax + 2;
    for (let n = 0; n < many; n++) await booked();
    // The provider is away: nothing that was asked for gets on.
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'error_before', operation: 'refunds.create', times: null },
    ]);
    await cancelled();
    const under = async (): Promise<number> =>
      (await figures()).totals.find(({ outcome }) => outcome === 'UNDER_WAY')?.bookings ?? 0;
    await eventually(under, (count) => count >= limits.cancellationRefundsMax);
    const table = new CancellationTable(bench.rig.pool, 'other', 1_000);
    const page = await table.page({ eventId: showId } as never);
    expect(page).toEqual({ room: 0, bookings: [] });
    // Those that were not asked for, once the others have no seats.
    expect(
      await eventually(
        () => table.census(),
        (count) => count === 2,
      ),
    ).toBe(2);
    await orderFaults(bench.rig.stripeUrl, []);
    expect(counts(await onceDone())).toEqual({ REFUNDED: [many, many * 5_000] });
    expect(await table.census()).toBe(0);
  });

  it('comes to its end though the provider is asked too often, each back once', async () => {
    const many = limits.cancellationRefundsMax;
    for (let n = 0; n < many; n++) await booked();
    // Each refund is refused at its first try: somebody else has the limit of the account.
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'rate_limit', operation: 'refunds.create', times: many },
    ]);
    await cancelled();
    expect(counts(await onceDone())).toEqual({ REFUNDED: [many, many * 5_000] });
    expect(await refundsInLedger()).toHaveLength(many);
  });

  it('waits for a payment that is being captured, and gives it back then (EC3)', async () => {
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'error_before', operation: 'payment_intents.capture', times: null },
    ]);
    const holdId = await bench.hold();
    await bench.payments.book({ userId, holdId, key: bench.newKey(), waitMs: 100 });
    const { rows } = await eventually(
      () => bench.rig.pool.query<{ id: BookingId }>(captured),
      (found) => found.rows.length === 1,
    );
    await cancelled();
    await eventually(
      () => bench.rig.pool.query("SELECT FROM event_cancellation WHERE state = 'REFUNDING'"),
      (found) => found.rows.length === 1,
    );
    const waited = async (): Promise<number | null> =>
      (await bench.rig.pool.query('SELECT FROM event_cancellation_left')).rowCount;
    expect(await eventually(waited, (count) => count === 1)).toBe(1);
    expect(await figures()).toMatchObject({ state: 'REFUNDING', troubles: [] });
    await orderFaults(bench.rig.stripeUrl, []);
    expect(counts(await onceDone())).toEqual({ REFUNDED: [1, 5_000] });
    expect((await shown(rows[0].id)).state).toBe('CANCELLED');
  });

  it('lists a refund that failed, for who tries it again or pays otherwise', async () => {
    const { bookingId } = await booked('pm_card_refundFail');
    await cancelled();
    await onceDone();
    const failed = await eventually(figures, ({ troubles }) => troubles.length === 1);
    expect(failed.troubles).toMatchObject([{ bookingId, outcome: 'FAILED' }]);
    expect(failed.troubles[0].refundId).toMatch(/^rfd_/);
    expect(counts(failed)).toEqual({ FAILED: [1, 5_000] });
  });

  it('is reported as it was at one moment, whatever ends while it is read', async () => {
    const { bookingId } = await booked('pm_card_refundFail');
    await cancelled();
    await eventually(figures, ({ troubles }) => troubles.length === 1);
    const { pool } = bench.rig;
    const turn = (state: string) =>
      pool.query('UPDATE refund SET state = $1 WHERE booking_id = $2', [state, bookingId]);
    await turn('DONE');
    // It fails behind the first statement of the report that counts.
    const slow = readsWith(pool, (text) => (text.includes('GROUP BY') ? turn('FAILED') : null));
    const report = await cancellationFigures(slow, showId);
    expect(counts(report!)).toEqual({ REFUNDED: [1, 5_000] });
    expect(report!.troubles).toEqual([]);
    expect(counts(await figures())).toEqual({ FAILED: [1, 5_000] });
  });

  it('that was lost to another is not moved by who had it', async () => {
    await bench.payments.stop();
    const [away, other] = ['away', 'other'].map(
      (name) => new CancellationTable(bench.rig.pool, name, 0),
    );
    const ask = {
      asker: 'olga',
      role: 'organiser',
      reason: 'ill',
      feePerPlaceMinor: 0,
      keepsBookingFee: false,
    };
    await away.request({ ...ask, eventId: showId, trace: 't' });
    const [first, second] = [await away.claimDue(), await other.claimDue()];
    expect(await away.began(first!)).toBe(false);
    expect(await other.began(second!)).toBe(true);
    const [third, fourth] = [await away.claimDue(), await other.claimDue()];
    const over = { asked: [], left: [], isLast: true };
    expect(await away.keep(third!, over)).toBeNull();
    expect(await other.keep(fourth!, over)).toBe('DONE');
    expect(await other.claimDue()).toBeNull();
    bench.payments = await bench.rig.start();
  });

  it('is none that is not there, or that the journal cannot write down yet', async () => {
    const table = new CancellationTable(bench.rig.pool, 'other', 1_000);
    const ask = {
      ...{ eventId: showId, asker: 'olga', role: 'organiser', reason: 'ill' },
      ...{ feePerPlaceMinor: 0, keepsBookingFee: false, trace: 't' },
    };
    const other = { ...ask, eventId: 'evt_none' as typeof showId };
    expect(await table.request(other)).toEqual({ kind: 'refused', reason: 'event_not_found' });
    const setLevel = (level: number) =>
      bench.rig.pool.query('UPDATE fact_format SET level = $1', [level]);
    await setLevel(levelWithLate - 1);
    expect(await table.request(ask)).toEqual({ kind: 'refused', reason: 'not_finalized' });
    await setLevel(factLevelNewest);
    expect(await bench.rig.pool.query('SELECT FROM event_cancellation')).toMatchObject({
      rowCount: 0,
    });
  });
});
