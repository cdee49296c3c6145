import { describe, expect, it } from '@jest/globals';

import type { BookReply, BookingView, BuyerAction } from '#libs/contracts/payments.js';
import type { HoldId } from '#libs/inventory/ids.js';

import { eventually } from './testing/audit.js';
import { confirmed, paymentsBench } from './testing/payments-bench.js';
import { answerBank, orderFaults, readLedger } from './testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;
const token = 'pm_card_authenticationRequired';

interface Asked {
  readonly holdId: HoldId;
  readonly key: string;
  readonly booking: BookingView;
  readonly action: BuyerAction;
}

async function asked(ttlMs?: number, returnUrl?: string): Promise<Asked> {
  const holdId = await bench.hold(ttlMs === undefined ? {} : { ttlMs });
  const key = bench.newKey();
  const back = returnUrl === undefined ? {} : { returnUrl };
  const reply = await bench.payments.book({ userId, holdId, key, token, ...back });
  return { holdId, key, ...waiting(reply) };
}

function waiting(reply: BookReply): Pick<Asked, 'booking' | 'action'> {
  if (reply.kind !== 'pending') throw new Error(`not pending: ${JSON.stringify(reply)}`);
  const { action } = reply.booking;
  if (action === undefined) throw new Error('the buyer has nothing to do');
  return { booking: reply.booking, action };
}

/** As a page would: asks until the booking no longer waits. */
async function polled({ booking }: Asked): Promise<BookingView> {
  const reply = await eventually(
    () => bench.payments.get(userId, booking.bookingId),
    (found) => found.kind === 'found' && found.booking.state !== 'PENDING',
  );
  if (reply.kind !== 'found') throw new Error('the booking is gone');
  return reply.booking;
}

/** With the secret from the buyer's browser, as Stripe's script would. */
async function confirmAgain({ action }: Asked): Promise<number> {
  const [id] = action.clientSecret.split('_secret_');
  const answer = await fetch(`${bench.rig.stripeUrl}/v1/payment_intents/${id}/confirm`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_browser' },
    body: 'payment_method=pm_card_visa',
  });
  return answer.status;
}

describe('a card whose bank asks its customer (3-D Secure)', () => {
  it('keeps the hold and says what to do; once that is done the seats are sold', async () => {
    const before = await bench.capturedNow();
    const paying = await asked();
    expect(paying.booking.state).toBe('PENDING');
    expect(paying.action).toMatchObject({ type: 'use_stripe_sdk' });
    expect(paying.action.clientSecret).toMatch(/^pi_.+_secret_/);
    expect(await bench.rig.inventory.statusOf(paying.holdId)).toBe('paying');
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    const booked = await polled(paying);
    expect(booked.state).toBe('CONFIRMED');
    expect(booked.action).toBeUndefined();
    const captured = await eventually(
      () => bench.capturedNow(),
      (sum) => sum > before,
    );
    expect(captured).toBe(before + 5_000);
  });

  it('sends him back where he came from', async () => {
    const returnUrl = 'https://tickets.example/paid';
    const { action } = await asked(undefined, returnUrl);
    expect(action.type).toBe('redirect_to_url');
    const body = new URLSearchParams({ outcome: 'complete', client_secret: action.clientSecret });
    const page = new URL(action.url ?? '', bench.rig.stripeUrl);
    const answer = await fetch(page, { method: 'POST', redirect: 'manual', body });
    expect(answer.headers.get('location')).toMatch(`${returnUrl}?payment_intent=pi_`);
  });

  it('is told the same again under its key, and no other attempt begins meanwhile', async () => {
    const paying = await asked();
    const { holdId, key } = paying;
    const again = await bench.payments.book({ userId, holdId, key, token });
    expect(waiting(again).action).toEqual(paying.action);
    const other = await bench.payments.book({ userId, holdId, key: bench.newKey() });
    expect(other.kind).toBe('payment_in_progress');
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    confirmed(
      await eventually(
        () => bench.payments.book({ userId, holdId, key, token }),
        (reply) => reply.kind !== 'pending',
      ),
    );
  });

  it('that says no leaves the hold, and another card pays at once', async () => {
    const paying = await asked();
    await answerBank(bench.rig.stripeUrl, paying.action, 'fail');
    const declined = await polled(paying);
    expect(declined).toMatchObject({
      state: 'DECLINED',
      declineCode: 'payment_intent_authentication_failure',
    });
    expect(await bench.rig.inventory.statusOf(paying.holdId)).toBe('held');
    // What the browser still has pays for nothing, not hours later either.
    expect(await confirmAgain(paying)).toBe(400);
    const { holdId } = paying;
    confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey() }));
  });

  it('is let go when the buyer does not come back before the hold is over', async () => {
    const before = await readLedger(bench.rig.stripeUrl);
    const paying = await asked(700);
    expect((await polled(paying)).state).toBe('EXPIRED');
    expect(await confirmAgain(paying)).toBe(400);
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.authorised).toBe(before.authorised);
  });

  it('is nobody else’s to see', async () => {
    const paying = await asked();
    const seen = await bench.payments.get('usr_eve', paying.booking.bookingId);
    expect(seen.kind).toBe('not_found');
    await answerBank(bench.rig.stripeUrl, paying.action, 'fail');
    await polled(paying);
  });

  it('goes on when the process that asked is gone, and nobody asks how it ended', async () => {
    const paying = await asked();
    await bench.payments.stop();
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    bench.payments = await bench.rig.start();
    const state = await eventually(
      async () => {
        const found = await bench.rig.pool.query<{ state: string; challenge: unknown }>(
          'SELECT state, challenge FROM payment_attempt WHERE booking_id = $1',
          [paying.booking.bookingId],
        );
        return found.rows[0];
      },
      (row) => row.state === 'CAPTURED',
    );
    // The secret is kept no longer than it is needed.
    expect(state).toEqual({ state: 'CAPTURED', challenge: null });
  });

  it('is answered while the provider fails, and is paid once all the same', async () => {
    const before = await bench.capturedNow();
    const paying = await asked();
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    await orderFaults(bench.rig.stripeUrl, [
      { kind: 'error_after', operation: 'payment_intents.retrieve' },
      { kind: 'drop_after', operation: 'payment_intents.capture' },
    ]);
    expect((await polled(paying)).state).toBe('CONFIRMED');
    const captured = await eventually(
      () => bench.capturedNow(),
      (sum) => sum > before,
    );
    expect(captured).toBe(before + 5_000);
  });
});
