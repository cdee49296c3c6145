import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refundEntries } from '#apps/payments/ledger/accounts.js';
import { enter } from '#apps/payments/ledger/enter.js';
import { eventually } from '#apps/payments/testing/audit.js';
import { allowCancelling, sayParts } from '#apps/payments/testing/event-row.js';
import { showId } from '#apps/payments/testing/fake-catalogue.js';
import {
  openRig,
  type PaymentsRig,
  type StartedPayments,
} from '#apps/payments/testing/payments-rig.js';
import { orderFaults, readLedger } from '#apps/payments/testing/simulator-control.js';
import { noParts } from '#libs/contracts/money/price-parts.js';
import { runCommandLine } from './holdfastctl.js';

/** The money commands where something is wrong: an attempt that hangs, and money too many. */
let rig: PaymentsRig;
let payments: StartedPayments;
let seat = 0;

beforeAll(async () => {
  rig = await openRig();
  payments = await rig.start();
}, 60_000);

afterAll(() => rig?.stop());

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env: { DATABASE_URL: rig.databaseUrl, STRIPE_API_BASE: rig.stripeUrl, COLUMNS: '60' },
  });
  return { code, out, err };
}

async function json<T>(...args: string[]): Promise<T> {
  return JSON.parse((await run('--json', ...args)).out) as T;
}

async function pay(waitMs = 10_000, token = 'pm_card_visa'): Promise<string> {
  seat += 1;
  const holdId = await rig.inventory.hold({ userId: 'usr_ada', seats: [seat], totalMinor: 5_000 });
  const reply = await payments.book({
    userId: 'usr_ada',
    holdId,
    key: `key-${seat}`,
    token,
    waitMs,
  });
  return reply.kind;
}

interface Stuck {
  readonly attempt_id: string;
  readonly state: string;
  readonly tries: number;
  readonly error: string | null;
}

interface Reconciled {
  readonly provider: string;
  readonly looked: number;
  readonly pending: number;
  readonly differences: readonly { readonly what: string; readonly attempt_id: string }[];
}

const older = () =>
  rig.pool.query(`
    WITH booked AS (UPDATE booking SET booked_at = booked_at - interval '2 minutes')
    UPDATE payment_attempt SET created_at = created_at - interval '2 minutes',
                               updated_at = updated_at - interval '2 minutes'`);

describe('holdfastctl payments', () => {
  it('finds nothing stuck and no difference where all is well', async () => {
    expect([await pay(), await pay()]).toEqual(['confirmed', 'confirmed']);
    expect(await run('payments', 'stuck')).toEqual({
      code: 0,
      out: 'no payment is stuck\n',
      err: '',
    });
    const { code, out } = await run('payments', 'reconcile');
    expect(code).toBe(0);
    expect(out).toContain('provider: simulator; 2 attempts, 0 under way');
    expect(out).toContain('EUR  booked 10000, captured 10000, at the provider 10000');
    expect(out).toContain('everything adds up');
  });

  it('lists what a provider that fails keeps from ending, with the reason', async () => {
    const operation = 'payment_intents.create';
    await orderFaults(rig.stripeUrl, [{ kind: 'error_before', operation, times: null }]);
    expect([await pay(50), await pay(50), await pay(50)]).toEqual(Array(3).fill('pending'));
    await eventually(
      async () => (await rig.pool.query('SELECT 1 FROM payment_attempt WHERE tries > 0')).rowCount,
      (count) => count === 3,
    );
    expect((await run('payments', 'stuck')).code).toBe(0);
    await older();
    const listed = await run('payments', 'stuck', '--limit', '2');
    expect(listed).toMatchObject({ code: 1, err: 'holdfastctl: 3 payments stuck\n' });
    const stuck = await json<Stuck[]>('payments', 'stuck');
    expect(stuck).toHaveLength(3);
    expect(stuck[0]).toMatchObject({ state: 'AUTHORISING', error: expect.any(String) });
    expect(Object.keys(stuck[0]).sort()).toEqual([
      'age_seconds',
      'amount_minor',
      'attempt_id',
      'currency',
      'error',
      'event_id',
      'next_try_at',
      'reason',
      'state',
      'tries',
    ]);
    // What has to be copied is whole, and what went wrong is said.
    expect(listed.out).toContain(stuck[0].attempt_id);
    expect(listed.out).toContain(stuck[0].error!.slice(0, 20));
    // Nobody was charged: nothing to reconcile.
    expect((await run('payments', 'reconcile')).code).toBe(0);
  }, 30_000);

  it('names an attempt of which the process was killed between booking and capture', async () => {
    await payments.crash();
    await orderFaults(rig.stripeUrl, []);
    let booked = (): void => undefined;
    const atCapture = new Promise<void>((resolve) => (booked = resolve));
    const failpoint = (at: string, step: string): Promise<void> | undefined => {
      if (at !== 'before' || step !== 'capture') return undefined;
      booked();
      return Promise.reject(new Error('power cut'));
    };
    payments = await rig.start({ failpoint });
    await Promise.all([pay(300), atCapture]);
    await payments.crash();
    await older();
    const { code, out, err } = await run('payments', 'reconcile');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/differences? found/) });
    expect(out).toContain('booked_not_captured');
    payments = await rig.start();
    const after = await eventually(
      () => json<Reconciled>('payments', 'reconcile'),
      ({ differences, pending }) => differences.length + pending === 0,
    );
    expect(after.differences).toEqual([]);
    const stuck = await eventually(
      () => run('payments', 'stuck'),
      ({ code }) => code === 0,
    );
    expect(stuck.out).toBe('no payment is stuck\n');
  }, 60_000);

  it('names money that the provider took and nobody here knows of', async () => {
    const { intents } = await readLedger(rig.stripeUrl);
    const lost = intents.find(({ captured }) => captured > 0)!.metadata.attempt_id;
    const back = {
      cause: 'refund',
      causeId: 'rfd_planted',
      kind: 'refund',
      attemptId: lost,
      eventId: null,
      currency: 'EUR',
      currencyDigits: 2,
      entries: refundEntries(5_000, noParts),
      atMs: null,
    } as const;
    expect(await enter(rig.pool, back)).toBe(true);
    const changed = await json<Reconciled>('payments', 'reconcile');
    expect(changed.differences).toMatchObject([{ what: 'booked_not_captured', attempt_id: lost }]);
    await rig.pool.query('DELETE FROM booking WHERE attempt_id = $1', [lost]);
    const charged = await json<Reconciled>('payments', 'reconcile');
    expect(charged.differences).toMatchObject([{ what: 'provider', attempt_id: lost }]);
    await rig.pool.query('DELETE FROM payment_attempt WHERE attempt_id = $1', [lost]);
    const unknown = await json<Reconciled>('payments', 'reconcile');
    expect(unknown.differences).toMatchObject([{ what: 'unknown_attempt', attempt_id: lost }]);
    expect(
      (await json<Reconciled>('payments', 'reconcile', '--event', 'evt_show')).differences,
    ).toEqual([]);
  });

  it('gives up what waits for the bank, and frees the money', async () => {
    expect(await pay(50, 'pm_card_processing')).toBe('pending');
    const waits = await eventually(
      async () =>
        (
          await rig.pool.query<{ attempt_id: string }>(
            `SELECT attempt_id FROM payment_attempt WHERE state = 'AUTHORISING'
               AND payment_intent_id IS NOT NULL`,
          )
        ).rows,
      (rows) => rows.length === 1,
    );
    const id = waits[0].attempt_id;
    expect((await run('payments', 'void', id, '--dry-run')).out).toContain('would give it up');
    expect((await run('payments', 'retry', id)).code).toBe(0);
    expect((await run('payments', 'void', id)).out).toBe(`${id} is VOIDING, and due now\n`);
    // Until then it is due now, or goes on between the look and the change.
    const ended = await eventually(
      () => run('payments', 'retry', id),
      ({ err }) => err === `holdfastctl: ${id} is FAILED: it has ended\n`,
    );
    expect(ended.code).toBe(3);
    expect((await run('payments', 'void', id)).code).toBe(3);
    const { intents } = await readLedger(rig.stripeUrl);
    const own = intents.filter(({ metadata }) => metadata.attempt_id === id);
    expect(own).toMatchObject([{ status: 'canceled', captured: 0 }]);
  }, 30_000);

  it('says with 4 that the provider does not answer', async () => {
    let err = '';
    const code = await runCommandLine(['payments', 'reconcile'], {
      out: () => undefined,
      err: (text) => void (err += text),
      env: { DATABASE_URL: rig.databaseUrl, STRIPE_API_BASE: 'http://127.0.0.1:1' },
    });
    expect([code, err]).toEqual([
      4,
      expect.stringMatching(/^holdfastctl: the payment provider does not answer: [^\n]+\n$/),
    ]);
  });

  it('gives a booking back, and lets finance end what did not arrive', async () => {
    const holdId = await rig.inventory.hold({ userId: 'usr_bea', seats: [90], totalMinor: 700 });
    const token = 'pm_card_refundFail';
    const paid = await payments.book({ userId: 'usr_bea', holdId, key: 'key-back', token });
    if (paid.kind !== 'confirmed') throw new Error(paid.kind);
    const { bookingId } = paid.booking;
    const words = ['payments', 'refund', bookingId, '--reason', 'ill', '--as', 'sue', '--key', 'k'];
    const { refund_id: id } = await json<{ refund_id: string }>(...words);
    expect((await json<{ refund_id: string }>(...words)).refund_id).toBe(id);
    const over = await run('payments', 'refund', bookingId, '--amount', '1', '--reason', 'more');
    expect(over).toMatchObject({ code: 3, err: expect.stringContaining('already_refunded') });
    const stateOf = async (): Promise<string> =>
      (await rig.pool.query<{ state: string }>('SELECT state FROM refund')).rows[0].state;
    expect(await eventually(stateOf, (state) => state === 'FAILED')).toBe('FAILED');
    await rig.pool.query(`UPDATE refund SET updated_at = updated_at - interval '2 minutes',
      created_at = created_at - interval '10 minutes'`);
    await older();
    const owed = (await json<Reconciled>('payments', 'reconcile')).differences;
    expect(owed.filter(({ what }) => what === 'refund_failed')).toHaveLength(1);
    expect((await json<Stuck[]>('payments', 'stuck')).map((one) => one.attempt_id)).toContain(id);
    expect(await run('payments', 'close-refund', id, '--reason', 'transfer')).toMatchObject({
      code: 0,
    });
    const again = await run('payments', 'retry-refund', id, '--reason', 'once more');
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining('is CLOSED') });
    const closed = (await json<Reconciled>('payments', 'reconcile')).differences;
    expect(closed.filter(({ what }) => what === 'refund_failed')).toEqual([]);
    const { rows } = await rig.pool.query<{ what: string }>('SELECT what FROM audit ORDER BY 1');
    expect(rows.map(({ what }) => what)).toEqual(['payments close-refund', 'payments refund']);
    // Had his bank paid him meanwhile, nobody else has: what is lost is in the books already.
    await rig.pool.query(`INSERT INTO dispute (dispute_id, attempt_id, status, withdrawn_minor,
      lost_minor, hints) SELECT 'du_1', attempt_id, 'lost', 700, 700, 0 FROM refund`);
    await rig.pool.query(`UPDATE refund SET state = 'FAILED', key_no = 1`);
    await run('payments', 'close-refund', id, '--reason', 'his bank paid him');
    const elsewhere = `SELECT FROM ledger_transaction WHERE kind = 'paid_elsewhere'`;
    expect((await rig.pool.query(elsewhere)).rowCount).toBe(1);
    expect(await stateOf()).toBe('CLOSED');
  });

  it('names a refund that a bank has had for days, and none that it may still take', async () => {
    const holdId = await rig.inventory.hold({ userId: 'usr_cid', seats: [80], totalMinor: 900 });
    const paid = await payments.book({ userId: 'usr_cid', holdId, key: 'key-sent' });
    if (paid.kind !== 'confirmed') throw new Error(paid.kind);
    const { bookingId } = paid.booking;
    await run('payments', 'refund', bookingId, '--reason', 'ill', '--key', 'sent');
    const done = `SELECT FROM refund WHERE booking_id = $1 AND state = 'DONE'`;
    const back = async () => (await rig.pool.query(done, [bookingId])).rowCount;
    expect(await eventually(back, (rows) => rows === 1)).toBe(1);
    const sentFor = (days: number) =>
      rig.pool.query(
        `UPDATE refund SET state = 'SENT', next_try_at = now() + interval '1 day',
           updated_at = now() - $2 * interval '1 day' WHERE booking_id = $1`,
        [bookingId, days],
      );
    await sentFor(4);
    expect(await run('payments', 'stuck')).toMatchObject({ code: 0 });
    await sentFor(6);
    const stuck = await json<Stuck[]>('payments', 'stuck');
    expect(stuck).toMatchObject([{ state: 'SENT', attempt_id: expect.stringMatching(/^rfd_/) }]);
  }, 30_000);
});

describe('holdfastctl event cancel', () => {
  it('keeps the booking fees and their tax where it is told to', async () => {
    await allowCancelling(rig.pool, null);
    await sayParts(rig.pool, 3_300, { feeMinor: 300, taxMinor: 550, feeTaxMinor: 50 });
    const holdId = await rig.inventory.hold({ userId: 'usr_dan', seats: [70], totalMinor: 3_300 });
    const paid = await payments.book({ userId: 'usr_dan', holdId, key: 'key-fee' });
    if (paid.kind !== 'confirmed') throw new Error(paid.kind);
    const cancel = ['event', 'cancel', showId, '--reason', 'ill', '--as', 'fin'];
    const dry = await run(...cancel, '--fees', 'kept', '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining(`would cancel ${showId}`) });
    const begun = await json(...cancel, '--fees', 'kept');
    expect(begun).toMatchObject({ result: 'begun', asked_by: 'fin', reason: 'ill' });
    // What goes back is said once: on other terms it is another cancellation.
    const other = await run(...cancel, '--fees', 'refunded');
    expect(other).toMatchObject({ code: 3, err: expect.stringContaining('event_cancelled') });
    const done = `SELECT amount_minor::int AS amount, kept_minor::int AS kept FROM refund
      WHERE booking_id = $1 AND state = 'DONE'`;
    const { rows } = await eventually(
      () => rig.pool.query(done, [paid.booking.bookingId]),
      ({ rowCount }) => rowCount === 1,
    );
    expect(rows).toEqual([{ amount: 3_000, kept: 300 }]);
    const { rows: entered } = await rig.pool.query<{ account: string; sum: number }>(
      `SELECT account, sum(amount_minor)::int AS sum
       FROM ledger_transaction JOIN ledger_entry USING (transaction_id)
       WHERE attempt_id = (SELECT attempt_id FROM payment_attempt WHERE booking_id = $1)
       GROUP BY account ORDER BY account`,
      [paid.booking.bookingId],
    );
    expect(entered.map(({ account, sum }) => [account, sum])).toEqual([
      ['booking_fees', -250],
      ['provider_receivable', 300],
      ['tax_payable', -50],
      ['ticket_sales', 0],
    ]);
    const report = await run('event', 'cancellation', showId);
    expect(report.out).toMatch(/ refunded: \d+, \d+ EUR, 300 kept/);
  }, 30_000);
});
