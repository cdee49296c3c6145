import { describe, expect, it } from '@jest/globals';

import { startTcpProxy } from '#libs/testing/tcp-proxy.js';

import { eventually } from './testing/audit.js';
import { refuseBooking } from './testing/fake-inventory.js';
import { confirmed, paymentsBench } from './testing/payments-bench.js';
import { orderFaults, readLedger, type OrderedFault } from './testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;

describe('when the seats are lost', () => {
  it('the authorisation is cancelled and nothing is captured', async () => {
    const holdId = await bench.hold();
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at === 'before' && step === 'book') await bench.rig.inventory.takeAway(holdId);
      },
    });
    const before = await readLedger(bench.rig.stripeUrl);
    const reply = await other.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toEqual({ kind: 'hold_gone', reason: 'expired' });
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.voided).toBe(before.voided + 5_000);
    expect(after.captured).toBe(before.captured);
    await other.stop();
  });

  it('and the money was captured by hand, it is refunded', async () => {
    const holdId = await bench.hold();
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at !== 'before' || step !== 'void') return;
        const found = await bench.rig.pool.query<{ payment_intent_id: string }>(
          'SELECT payment_intent_id FROM payment_attempt WHERE hold_id = $1',
          [holdId],
        );
        const intent = found.rows[0].payment_intent_id;
        await fetch(`${bench.rig.stripeUrl}/v1/payment_intents/${intent}/capture`, {
          method: 'POST',
          headers: { authorization: 'Bearer sk_test_bank' },
        });
      },
    });
    bench.rig.inventory.interfere = refuseBooking;
    const before = await readLedger(bench.rig.stripeUrl);
    const reply = await other.book({ userId, holdId, key: bench.newKey() });
    bench.rig.inventory.interfere = null;
    expect(reply.kind).toBe('declined');
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.captured - before.captured).toBe(5_000);
    expect(after.refunded - before.refunded).toBe(5_000);
    await other.stop();
  });

  it('and not sold to anybody, they are booked late: the money stays where it is', async () => {
    const holdId = await bench.hold();
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at === 'before' && step === 'book') await bench.rig.inventory.expire(holdId);
      },
    });
    const before = await readLedger(bench.rig.stripeUrl);
    confirmed(await other.book({ userId, holdId, key: bench.newKey() }));
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.captured).toBe(before.captured + 5_000);
    await other.stop();
  });

  it('a booking stands when the owner has forgotten its answer', async () => {
    const holdId = await bench.hold();
    bench.rig.inventory.interfere = (call) => {
      if (call.request.type !== 'BookHold') return null;
      bench.rig.inventory.interfere = null;
      return { kind: 'unknown', retryAfterMs: 1 };
    };
    // The command had its effect, and when it is sent again the owner knows neither.
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at !== 'after' || step !== 'book') return;
        const attempt = await bench.rig.pool.query<{ attempt_id: string; booking_id: string }>(
          'SELECT attempt_id, booking_id FROM payment_attempt WHERE hold_id = $1',
          [holdId],
        );
        const { attempt_id: attemptId, booking_id: bookingId } = attempt.rows[0];
        await bench.rig.pool.query(
          `INSERT INTO booking (booking_id, event_id, batch_no, hold_id, attempt_id, user_id, seats,
           areas, total_minor, booked_at)
         VALUES ($1, 'evt_show', 1, $2, $3, $4, '{}', '[]', 5000, now()) ON CONFLICT DO NOTHING`,
          [bookingId, holdId, attemptId, userId],
        );
        await bench.rig.inventory.expire(holdId);
      },
    });
    await bench.payments.stop();
    confirmed(await other.book({ userId, holdId, key: bench.newKey() }));
    await other.stop();
    bench.payments = await bench.rig.start();
  });

  it('an authorisation that the bank took back frees the booked seats again', async () => {
    const holdId = await bench.hold();
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at !== 'before' || step !== 'capture') return;
        const found = await bench.rig.pool.query<{ payment_intent_id: string }>(
          'SELECT payment_intent_id FROM payment_attempt WHERE hold_id = $1',
          [holdId],
        );
        await fetch(
          `${bench.rig.stripeUrl}/v1/payment_intents/${found.rows[0].payment_intent_id}/cancel`,
          {
            method: 'POST',
            headers: { authorization: 'Bearer sk_test_bank' },
          },
        );
      },
    });
    const reply = await other.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toMatchObject({
      kind: 'declined',
      declineCode: 'processing_error',
      booking: { state: 'FAILED' },
    });
    const seats = await bench.rig.pool.query(
      'SELECT FROM booked_seat WHERE seat = $1 AND cancelled_batch IS NULL',
      [bench.seat],
    );
    expect(seats.rows).toHaveLength(0);
    await other.stop();
  });
});

describe('when the provider fails', () => {
  const create = 'payment_intents.create';
  const capture = 'payment_intents.capture';
  it.each<[string, OrderedFault]>([
    ['a 500 without effect at the authorisation', { kind: 'error_before', operation: create }],
    ['a 500 with effect at the authorisation', { kind: 'error_after', operation: create }],
    ['a dropped request', { kind: 'drop_before', operation: create, times: 2 }],
    ['a dropped answer', { kind: 'drop_after', operation: create, times: 2 }],
    ['a rate limit', { kind: 'rate_limit', operation: create, times: 2 }],
    ['an intent that is locked', { kind: 'lock_timeout', operation: capture, times: 2 }],
    ['a key that is in use', { kind: 'key_in_use', operation: create, times: 2 }],
    ['a 500 without effect at the capture', { kind: 'error_before', operation: capture }],
    ['a 500 with effect at the capture', { kind: 'error_after', operation: capture }],
    ['a dropped answer to the capture', { kind: 'drop_after', operation: capture, times: 2 }],
  ])('with %s the booking is still paid exactly once', async (_, fault) => {
    await orderFaults(bench.rig.stripeUrl, [fault]);
    const before = await bench.capturedNow();
    const reply = await bench.payments.book({
      userId,
      holdId: await bench.hold(),
      key: bench.newKey(),
    });
    expect(reply.kind).toBe('confirmed');
    const captured = await eventually(
      () => bench.capturedNow(),
      (sum) => sum === before + 5_000,
    );
    expect(captured).toBe(before + 5_000);
  });

  it('with an answer after the timeout the booking is still paid exactly once', async () => {
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'latency', operation: create, latency_ms: 3_400 },
    ]);
    const before = await bench.capturedNow();
    confirmed(
      await bench.payments.book({ userId, holdId: await bench.hold(), key: bench.newKey() }),
    );
    expect(await bench.capturedNow()).toBe(before + 5_000);
  });

  it('with a failing cancellation the authorisation is given back in the end', async () => {
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'error_before', operation: 'payment_intents.cancel' },
    ]);
    const holdId = await bench.hold();
    bench.rig.inventory.interfere = refuseBooking;
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toMatchObject({ kind: 'declined', declineCode: 'processing_error' });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
  });

  it('for longer than the hold lives, the attempt expires and cannot charge any more', async () => {
    await bench.payments.stop();
    const steps: string[] = [];
    bench.payments = await bench.rig.start({ failpoint: (_, step) => void steps.push(step) });
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'drop_before', times: null }]);
    const before = await readLedger(bench.rig.stripeUrl);
    const holdId = await bench.hold({ ttlMs: 700 });
    const key = bench.newKey();
    const pending = await bench.payments.book({ userId, holdId, key, waitMs: 100 });
    expect(pending.kind).toBe('pending');
    const spending = (seen: boolean): boolean => seen;
    expect(await eventually(() => Promise.resolve(steps.includes('spend_key')), spending)).toBe(
      true,
    );
    await orderFaults(bench.rig.stripeUrl, []);
    const reply = await bench.payments.book({ userId, holdId, key, waitMs: 15_000 });
    expect(reply).toEqual({ kind: 'hold_gone', reason: 'expired' });
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.authorised).toBe(before.authorised);
    expect(after.captured).toBe(before.captured);
  });

  it('for longer than the hold lives after the card was charged, the money goes back', async () => {
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'drop_after', operation: create, times: null },
    ]);
    const before = await readLedger(bench.rig.stripeUrl);
    const holdId = await bench.hold({ ttlMs: 700 });
    const key = bench.newKey();
    const pending = await bench.payments.book({ userId, holdId, key, waitMs: 900 });
    expect(pending.kind).toBe('pending');
    await bench.rig.inventory.takeAway(holdId);
    await orderFaults(bench.rig.stripeUrl, []);
    const reply = await bench.payments.book({ userId, holdId, key, waitMs: 15_000 });
    expect(reply).toEqual({ kind: 'hold_gone', reason: 'expired' });
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.voided).toBe(before.voided + 5_000);
  });
});

describe('when the bank takes its time', () => {
  it('the buyer waits for it, and pays once', async () => {
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'processing', latency_ms: 600 }]);
    const before = await readLedger(bench.rig.stripeUrl);
    const holdId = await bench.hold();
    const key = bench.newKey();
    const waiting = await bench.payments.book({ userId, holdId, key, waitMs: 200 });
    expect(waiting).toMatchObject({ kind: 'pending', booking: { state: 'PENDING' } });
    confirmed(await bench.payments.book({ userId, holdId, key }));
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.captured).toBe(before.captured + 5_000);
    expect(after.intents).toHaveLength(before.intents.length + 1);
  });

  it('and declines in the end, the hold is kept for another card', async () => {
    const holdId = await bench.hold();
    const token = 'pm_card_processingDeclined';
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey(), token });
    expect(reply).toMatchObject({ kind: 'declined', declineCode: 'generic_decline' });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
    confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey() }));
  });

  it('for longer than the hold waits, the money is given back when it has decided', async () => {
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'processing', latency_ms: 2_500 }]);
    const before = await readLedger(bench.rig.stripeUrl);
    const holdId = await bench.hold({ ttlMs: 700 });
    const other = await bench.rig.start({
      failpoint: async (at, step) => {
        if (at === 'before' && step === 'abandon') await bench.rig.inventory.takeAway(holdId);
      },
    });
    const reply = await other.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toEqual({ kind: 'hold_gone', reason: 'expired' });
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.voided).toBe(before.voided + 5_000);
    expect(after.captured).toBe(before.captured);
    await other.stop();
  });
});

describe('when the database falls silent', () => {
  it('the attempt goes on when it answers again, and is paid once', async () => {
    const url = new URL(bench.rig.databaseUrl);
    const proxy = await startTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    let jammed = false;
    const other = await bench.rig.start({
      databaseUrl: url.href,
      // What the provider did is known to nobody while its result cannot be kept.
      failpoint: (at, step) => {
        if (at !== 'after' || step !== 'authorise' || jammed) return;
        jammed = true;
        proxy.jam();
      },
    });
    await bench.payments.stop();
    const before = await readLedger(bench.rig.stripeUrl);
    const holdId = await bench.hold();
    const key = bench.newKey();
    const unheard = other.book({ userId, holdId, key, waitMs: 20_000 }).catch(() => null);
    await eventually(
      () => Promise.resolve(jammed),
      (seen) => seen,
    );
    // Nothing of this call was begun, and it says so in the time of one statement.
    const unavailable = { kind: 'unavailable', retryAfterMs: 1_000 };
    expect(await other.book({ userId, holdId, key })).toEqual(unavailable);
    proxy.flow();
    confirmed(await other.book({ userId, holdId, key, waitMs: 20_000 }));
    await unheard;
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.captured).toBe(before.captured + 5_000);
    expect(after.intents).toHaveLength(before.intents.length + 1);
    await other.stop();
    await proxy.close();
    bench.payments = await bench.rig.start();
  }, 60_000);
});

describe('when the inventory cannot be reached', () => {
  it.each(['BeginPayment', 'BookHold', 'FailPayment'])('%s is asked again', async (type) => {
    const answers = [
      { kind: 'unavailable', retryAfterMs: 1, executed: 'no' },
      { kind: 'unknown', retryAfterMs: 1 },
      { kind: 'overloaded', retryAfterMs: 1 },
    ] as const;
    let asked = 0;
    bench.rig.inventory.interfere = (call) =>
      call.request.type === type && asked < answers.length ? answers[asked++] : null;
    const token = type === 'FailPayment' ? 'pm_card_chargeDeclined' : 'pm_card_visa';
    const holdId = await bench.hold();
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey(), token });
    expect(asked).toBe(3);
    expect(reply.kind).toBe(type === 'FailPayment' ? 'declined' : 'confirmed');
  });
});
