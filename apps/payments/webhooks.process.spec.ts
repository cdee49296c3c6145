import { describe, expect, it } from '@jest/globals';

import type { BookingView, BuyerAction } from '#libs/contracts/payments.js';
import { signatureOf } from './simulator/webhooks.js';
import { eventually } from './testing/audit.js';
import { webhookSecret } from './testing/payments-rig.js';
import { paymentsBench } from './testing/payments-bench.js';
import { answerBank, orderFaults, orderWeather } from './testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;
const token = 'pm_card_authenticationRequired';

async function asked(): Promise<{ booking: BookingView; action: BuyerAction }> {
  const holdId = await bench.hold();
  const reply = await bench.payments.book({ userId, holdId, key: bench.newKey(), token });
  if (reply.kind !== 'pending' || reply.booking.action === undefined) throw new Error(reply.kind);
  return { booking: reply.booking, action: reply.booking.action };
}

/** Nobody asks for the booking: the row is looked at. */
const settled = ({ bookingId }: BookingView): Promise<string> =>
  eventually(
    async () => {
      const found = await bench.rig.pool.query<{ state: string }>(
        'SELECT state FROM payment_attempt WHERE booking_id = $1',
        [bookingId],
      );
      return found.rows[0].state;
    },
    (state) => state === 'CAPTURED' || state === 'DECLINED',
  );

async function events(attemptId?: string): Promise<number> {
  const found = await bench.rig.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM provider_event WHERE $1::text IS NULL OR attempt_id = $1',
    [attemptId ?? null],
  );
  return found.rows[0].count;
}

async function attemptOf({ bookingId }: BookingView): Promise<string> {
  const found = await bench.rig.pool.query<{ attempt_id: string }>(
    'SELECT attempt_id FROM payment_attempt WHERE booking_id = $1',
    [bookingId],
  );
  return found.rows[0].attempt_id;
}

function event(id: string, type: string, attemptId: string): string {
  const object = { object: 'payment_intent', id: 'pi_1', metadata: { attempt_id: attemptId } };
  const created = Math.floor(Date.now() / 1_000);
  return JSON.stringify({ id, object: 'event', type, created, data: { object } });
}

const sign = (body: string): string =>
  signatureOf(body, webhookSecret, Math.floor(Date.now() / 1_000));

const nothing = (): Promise<string> => attemptCounts();
async function attemptCounts(): Promise<string> {
  const found = await bench.rig.pool.query('SELECT sum(hints), count(*) FROM payment_attempt');
  return JSON.stringify([found.rows, await events()]);
}

describe('what the provider says', () => {
  it('lets a payment go on that waits for its buyer, without anybody asking', async () => {
    const paying = await asked();
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    expect(await settled(paying.booking)).toBe('CAPTURED');
    const attemptId = await attemptOf(paying.booking);
    // created, requires_action, capturable and its charge, then captured twice over.
    expect(
      await eventually(
        () => events(attemptId),
        (count) => count === 6,
      ),
    ).toBe(6);
  });

  it('may come three times, late and in any order', async () => {
    await orderWeather(bench.rig.stripeUrl, { copies: 3, delay_ms_max: 300 });
    const all = await Promise.all([asked(), asked(), asked(), asked()]);
    await Promise.all(
      all.map(({ action }, index) =>
        answerBank(bench.rig.stripeUrl, action, index === 0 ? 'fail' : 'complete'),
      ),
    );
    const states = await Promise.all(all.map(({ booking }) => settled(booking)));
    expect(states).toEqual(['DECLINED', 'CAPTURED', 'CAPTURED', 'CAPTURED']);
    await orderWeather(bench.rig.stripeUrl, {});
  });

  it('may be there before the answer to what it tells of', async () => {
    const fault = { kind: 'late_answer', operation: 'payment_intents.create', latency_ms: 400 };
    await orderFaults(bench.rig.stripeUrl, [fault]);
    const paying = await asked();
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    expect(await settled(paying.booking)).toBe('CAPTURED');
  });

  it('may never come: then the provider is asked', async () => {
    await orderWeather(bench.rig.stripeUrl, { loss: 1 });
    const before = await events();
    const paying = await asked();
    await answerBank(bench.rig.stripeUrl, paying.action, 'complete');
    expect(await settled(paying.booking)).toBe('CAPTURED');
    expect(await events()).toBe(before);
    await orderWeather(bench.rig.stripeUrl, {});
  });
});

describe('a webhook that is not right', () => {
  it('changes nothing, and is told so', async () => {
    await orderWeather(bench.rig.stripeUrl, { loss: 1 });
    const paying = await asked();
    const attemptId = await attemptOf(paying.booking);
    const before = await nothing();
    const body = event('evt_forged', 'payment_intent.succeeded', attemptId);
    const old = signatureOf(body, webhookSecret, Math.floor(Date.now() / 1_000) - 400);
    const ahead = signatureOf(body, webhookSecret, Math.floor(Date.now() / 1_000) + 400);
    for (const signature of ['', 'rubbish', old, ahead, sign(`${body} `)]) {
      expect(await bench.payments.webhook(body, signature)).toEqual({ kind: 'bad_signature' });
    }
    const noEvent = '{"object":"charge"}';
    const reply = await bench.payments.webhook(noEvent, sign(noEvent));
    expect(reply).toEqual({ kind: 'unreadable' });
    expect(await nothing()).toBe(before);
    await answerBank(bench.rig.stripeUrl, paying.action, 'fail');
    await bench.payments.webhook(body, sign(body));
    expect(await settled(paying.booking)).toBe('DECLINED');
    await orderWeather(bench.rig.stripeUrl, {});
  });

  it('of an attempt that is not there, or an unknown type, is recorded and no more', async () => {
    const before = await events();
    const strange = event('evt_strange', 'invoice.paid', 'att_nobody');
    const lost = event('evt_lost', 'payment_intent.succeeded', 'att_nobody');
    for (const body of [strange, lost, lost, strange]) {
      expect(await bench.payments.webhook(body, sign(body))).toEqual({ kind: 'recorded' });
    }
    expect(await events()).toBe(before + 2);
  });
});
