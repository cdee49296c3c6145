import { describe, expect, it } from '@jest/globals';

import type { Catalogue } from '#libs/catalogue/catalogue.js';
import type { HoldId } from '#libs/inventory/ids.js';
import { until } from '#libs/testing/until.js';

import { audit, eventually } from './testing/audit.js';
import { fakeCatalogue } from './testing/fake-catalogue.js';
import { confirmed, paymentsBench } from './testing/payments-bench.js';
import { orderFaults, readLedger } from './testing/simulator-control.js';

const bench = paymentsBench();
const { userId } = bench;

describe('paying for a hold', () => {
  it('books the seats and captures the money once', async () => {
    const before = await bench.capturedNow();
    const holdId = await bench.hold();
    const booking = confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey() }));
    expect(booking).toMatchObject({
      eventId: 'evt_show',
      holdId,
      userId,
      state: 'CONFIRMED',
      seats: [`A-${bench.seat + 1}`],
      totalMinor: 5_000,
      currency: 'EUR',
    });
    expect(await bench.capturedNow()).toBe(before + 5_000);
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('gone');
    const shown = await bench.payments.get(userId, booking.bookingId);
    expect(shown).toMatchObject({
      kind: 'found',
      booking: { state: 'CONFIRMED', seats: booking.seats, areas: [{ area: 'Floor' }] },
    });
    expect(await bench.payments.get('usr_eve', booking.bookingId)).toEqual({ kind: 'not_found' });
  });

  it('takes a card token as well as a payment method', async () => {
    const holdId = await bench.hold();
    const call = { userId, holdId, key: bench.newKey(), token: 'tok_mastercard' };
    expect(confirmed(await bench.payments.book(call)).state).toBe('CONFIRMED');
  });

  it('asks no card for free seats', async () => {
    const before = (await readLedger(bench.rig.stripeUrl)).intents.length;
    const holdId = await bench.hold({ totalMinor: 0 });
    const booking = confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey() }));
    expect(booking.totalMinor).toBe(0);
    expect((await readLedger(bench.rig.stripeUrl)).intents).toHaveLength(before);
  });

  it('without a card books what is free, and nothing else', async () => {
    const free = await bench.hold({ totalMinor: 0 });
    const call = { userId, holdId: free, key: bench.newKey(), token: '' };
    expect(confirmed(await bench.payments.book(call)).state).toBe('CONFIRMED');
    const holdId = await bench.hold();
    const reply = await bench.payments.book({ ...call, holdId, key: bench.newKey() });
    expect(reply).toMatchObject({ kind: 'declined', because: 'payment_token_missing' });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
  });

  it('that is booked already names the booking, whatever the key', async () => {
    const holdId = await bench.hold();
    const { bookingId } = confirmed(
      await bench.payments.book({ userId, holdId, key: bench.newKey() }),
    );
    const again = { kind: 'hold_gone', bookingId };
    const other = { userId, holdId, key: bench.newKey() };
    expect(await bench.payments.book(other)).toMatchObject(again);
    expect(await bench.payments.book({ ...other, waitMs: 0 })).toMatchObject(again);
    const eve = { ...other, userId: 'usr_eve' };
    expect(await bench.payments.book(eve)).not.toHaveProperty('bookingId');
  });

  it('of a stranger’s reservation is refused at once, also if he does not wait', async () => {
    const holdId = await bench.hold();
    const gone = { kind: 'hold_gone', reason: 'not_found' };
    const eve = { userId: 'usr_eve', holdId, waitMs: 0 };
    expect(await bench.payments.book({ ...eve, key: bench.newKey() })).toEqual(gone);
    const none = 'rsv_show_0123456789abcdefghij' as HoldId;
    const nothing = { userId, holdId: none, key: bench.newKey(), waitMs: 0 };
    expect(await bench.payments.book(nothing)).toEqual(gone);
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
  });

  it('does not keep who does not wait until the provider has answered', async () => {
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'latency', latency_ms: 1_000 }]);
    const holdId = await bench.hold();
    const call = { userId, holdId, key: bench.newKey() };
    expect(await bench.payments.book({ ...call, waitMs: 0 })).toMatchObject({ kind: 'pending' });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('paying');
    confirmed(await bench.payments.book(call));
  });

  it('of a total that cannot be charged asks no card, and does not blame one', async () => {
    const before = (await readLedger(bench.rig.stripeUrl)).intents.length;
    const holdId = await bench.hold({ totalMinor: 20 });
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toMatchObject({ kind: 'declined', because: 'amount_not_chargeable' });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
    expect((await readLedger(bench.rig.stripeUrl)).intents).toHaveLength(before);
  });

  it('of an event whose decimals are not known begins nothing', async () => {
    const holdId = 'rsv_forint_0123456789abcdefghij' as HoldId;
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey() });
    expect(reply).toMatchObject({ kind: 'unavailable', because: 'amount_not_chargeable' });
  });

  it('answers pending when the caller cannot wait, and is found confirmed later', async () => {
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'latency', latency_ms: 400 }]);
    const holdId = await bench.hold();
    const reply = await bench.payments.book({ userId, holdId, key: bench.newKey(), waitMs: 50 });
    if (reply.kind !== 'pending') throw new Error(`not pending: ${reply.kind}`);
    expect(reply.booking.state).toBe('PENDING');
    const shown = await eventually(
      () => bench.payments.get(userId, reply.booking.bookingId),
      (answer) => answer.kind === 'found' && answer.booking.state === 'CONFIRMED',
    );
    expect(shown).toMatchObject({ kind: 'found', booking: { state: 'CONFIRMED' } });
  });

  it.each([
    ['pm_card_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_bogus', 'resource_missing'],
  ])('with %s is declined as %s; the hold is kept and another card pays', async (token, code) => {
    const holdId = await bench.hold();
    const key = bench.newKey();
    const reply = await bench.payments.book({ userId, holdId, key, token });
    expect(reply).toMatchObject({
      kind: 'declined',
      declineCode: code,
      booking: { state: 'DECLINED' },
    });
    expect(await bench.rig.inventory.statusOf(holdId)).toBe('held');
    expect(await bench.payments.book({ userId, holdId, key, token })).toEqual(reply);
    confirmed(await bench.payments.book({ userId, holdId, key: bench.newKey() }));
  });

  it('tells when the hold is gone, not the buyer’s, or of no event', async () => {
    const late = await bench.hold({ ttlMs: 0 });
    const gone = { kind: 'hold_gone' };
    const call = { userId, key: bench.newKey() };
    expect(await bench.payments.book({ ...call, holdId: late })).toEqual({
      ...gone,
      reason: 'expired',
    });
    const others = await bench.hold();
    expect(
      await bench.payments.book({ userId: 'usr_eve', holdId: others, key: bench.newKey() }),
    ).toEqual({
      ...gone,
      reason: 'not_found',
    });
    const nowhere = 'rsv_nowhere_abcdefghijklmnop' as HoldId;
    expect(await bench.payments.book({ userId, holdId: nowhere, key: bench.newKey() })).toEqual({
      ...gone,
      reason: 'not_found',
    });
    expect(
      await bench.payments.book({ userId, holdId: 'rubbish' as HoldId, key: bench.newKey() }),
    ).toEqual({
      ...gone,
      reason: 'not_found',
    });
    expect((await audit(bench.rig.pool, bench.rig.stripeUrl)).unsettled).toEqual([]);
  });
});

describe('an idempotency key', () => {
  it('charges once and answers the same, however often it is sent', async () => {
    const before = await bench.capturedNow();
    const holdId = await bench.hold();
    const key = bench.newKey();
    const first = await bench.payments.book({ userId, holdId, key });
    confirmed(first);
    expect(await bench.payments.book({ userId, holdId, key })).toEqual(first);
    expect(await bench.capturedNow()).toBe(before + 5_000);
  });

  it('is refused with another body', async () => {
    const holdId = await bench.hold();
    const key = bench.newKey();
    confirmed(await bench.payments.book({ userId, holdId, key }));
    const reused = { kind: 'key_reused' };
    expect(await bench.payments.book({ userId, holdId: await bench.hold(), key })).toEqual(reused);
    expect(await bench.payments.book({ userId, holdId, key, token: 'pm_card_amex' })).toEqual(
      reused,
    );
  });

  it('belongs to its buyer: the same key of another buyer is another payment', async () => {
    const key = bench.newKey();
    confirmed(await bench.payments.book({ userId, holdId: await bench.hold(), key }));
    const holdId = await bench.hold({ userId: 'usr_bob', totalMinor: 700 });
    expect(
      confirmed(await bench.payments.book({ userId: 'usr_bob', holdId, key })).totalMinor,
    ).toBe(700);
  });

  it('is begun, and ended by another process, when it came just before its own stops', async () => {
    let letIn = (): void => undefined;
    const atTheDoor = new Promise<void>((resolve) => (letIn = resolve));
    let asked = false;
    const catalogue: Catalogue = {
      ...fakeCatalogue,
      eventOf: async (eventId) => {
        asked = true;
        await atTheDoor;
        return fakeCatalogue.eventOf(eventId);
      },
    };
    const stopping = await bench.rig.start({ catalogue });
    const call = { userId, holdId: await bench.hold(), key: bench.newKey() };
    const reply = stopping.book(call);
    await until(() => asked, 'it was looked at');
    const stopped = stopping.stop();
    letIn();
    expect((await reply).kind).not.toBe('unavailable');
    await stopped;
    expect(confirmed(await bench.payments.book(call)).state).toBe('CONFIRMED');
  });

  it('charges once when twenty duplicates arrive at once at two processes', async () => {
    const before = await readLedger(bench.rig.stripeUrl);
    const second = await bench.rig.start();
    const call = { userId, holdId: await bench.hold(), key: bench.newKey() };
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? second : bench.payments).book(call)),
    );
    await second.stop();
    const first = confirmed(replies[0]);
    for (const reply of replies) expect(confirmed(reply)).toEqual(first);
    const after = await readLedger(bench.rig.stripeUrl);
    expect(after.captured).toBe(before.captured + 5_000);
    expect(after.intents).toHaveLength(before.intents.length + 1);
  });

  it('waits for the attempt that runs; another key for the same hold does not', async () => {
    await orderFaults(bench.rig.stripeUrl, [{ kind: 'latency', latency_ms: 400 }]);
    const holdId = await bench.hold();
    const key = bench.newKey();
    const running = bench.payments.book({ userId, holdId, key });
    await eventually(
      () => bench.rig.inventory.statusOf(holdId),
      (status) => status === 'paying',
    );
    expect(await bench.payments.book({ userId, holdId, key: bench.newKey() })).toEqual({
      kind: 'payment_in_progress',
    });
    const joined = await bench.payments.book({ userId, holdId, key });
    expect(joined).toEqual(await running);
    confirmed(joined);
  });
});

describe("a buyer's bookings", () => {
  it('are listed newest first, in pages, and are nobody else’s', async () => {
    const buyer = 'usr_list';
    const made: string[] = [];
    for (const token of ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_visa']) {
      const holdId = await bench.hold({ userId: buyer, totalMinor: 900 });
      const reply = await bench.payments.book({
        userId: buyer,
        holdId,
        key: bench.newKey(),
        token,
      });
      if (!('booking' in reply)) throw new Error(`no booking: ${reply.kind}`);
      made.unshift(reply.booking.bookingId);
    }
    const first = await bench.payments.list(buyer, 2);
    if (first.kind !== 'page') throw new Error('no page');
    expect(first.bookings.map((booking) => booking.bookingId)).toEqual(made.slice(0, 2));
    expect(first.bookings.map((booking) => booking.state)).toEqual(['CONFIRMED', 'DECLINED']);
    const second = await bench.payments.list(buyer, 2, first.nextCursor);
    if (second.kind !== 'page') throw new Error('no page');
    expect(second.bookings.map((booking) => booking.bookingId)).toEqual(made.slice(2));
    expect(second.nextCursor).toBeNull();
    expect(await bench.payments.list(buyer, 2, 'rubbish')).toEqual({ kind: 'invalid_cursor' });
    expect(await bench.payments.list('usr_nobody', 10)).toEqual({
      kind: 'page',
      bookings: [],
      nextCursor: null,
    });
  });
});
