import { describe, expect, it } from '@jest/globals';

import type {
  AttemptId,
  BookingId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';

import type { Attempt } from '../saga/attempt.js';
import type { AttemptStore } from '../store/attempt-store.js';
import type { RefundAsk, RefundStore } from './refund-ask.js';
import type { Refund, RefundId } from './refund.js';
import type { RefundWish } from './what-goes-back.js';

/** What a table of refunds must keep, whatever it is made of. */
export interface RefundTables {
  attempts(): AttemptStore;
  open(worker: string, leaseMs: number): RefundStore;
  /** Entries of the ledger for an attempt, and their sum on what the provider holds. */
  held(attemptId: AttemptId): Promise<{ readonly count: number; readonly sum: number }>;
}

const long = 60_000;
const whole: RefundWish = { what: 'whole' };

export function refundStoreFeatures(tables: RefundTables): void {
  describe('a table of refunds', () => {
    keys(tables);
    sums(tables);
    leases(tables);
    books(tables);
  });
}

/** Paid with 1000, for two seats. */
async function paid(tables: RefundTables): Promise<Attempt> {
  const id = systemRandom.token(20);
  const store = tables.attempts();
  const inserted = await store.insert({
    attemptId: `att_${id}` as AttemptId,
    bookingId: `bkg_show_${id}` as BookingId,
    userId: 'usr_ada' as UserId,
    holdId: `rsv_show_${id}` as HoldId,
    eventId: 'evt_show' as EventId,
    ...{ idempotencyKey: id, fingerprint: 'f', paymentToken: 'pm_card_visa', returnUrl: null },
    ...{ acceptsAlternative: false, currency: 'EUR', currencyDigits: 2, trace: id },
    ...{ tokenKey: null, addressKey: null, span: null },
  });
  if (inserted.kind !== 'new') throw new Error(inserted.kind);
  const seats = [1, 2] as SeatIndex[];
  const captured = { state: 'CAPTURED', seats, amountMinor: 1_000, moves: 'capture' } as const;
  const attempt = await store.advance(inserted.attempt, { ...captured, intentId: 'pi_1' }, 0);
  if (attempt === null) throw new Error('the lease was lost');
  return attempt;
}

const asking = (
  attempt: Attempt,
  wish: RefundWish = whole,
  more: Partial<RefundAsk> = {},
): RefundAsk => ({
  refundId: `rfd_${systemRandom.token(20)}` as RefundId,
  bookingId: attempt.bookingId,
  userId: null,
  ...{ asker: 'sue', requestKey: systemRandom.token(20), fingerprint: 'f', role: 'support' },
  ...{ reason: 'r', offSale: false, trace: 't' },
  terms: { wish, prices: null, feePerPlaceMinor: 0, currency: null },
  ...more,
});

async function claimed(store: RefundStore, refundId: RefundId): Promise<Refund> {
  const found = (await store.claimDue(1_000)).find((one) => one.refundId === refundId);
  if (found === undefined) throw new Error(`${refundId} is not due`);
  return found;
}

function keys(tables: RefundTables): void {
  it('makes one refund of a key, and knows another request under it', async () => {
    const store = tables.open('worker', long);
    const ask = asking(await paid(tables));
    const first = await store.request(ask);
    expect(first).toMatchObject({
      ...{ kind: 'refund', isNew: true },
      refund: { state: 'REQUESTED', amountMinor: 1_000, seats: [1, 2], leaseNo: 0 },
    });
    const again = await store.request({ ...ask, refundId: 'rfd_other' as RefundId });
    expect(again).toMatchObject({ isNew: false, refund: { refundId: ask.refundId } });
    expect(await store.request({ ...ask, fingerprint: 'g' })).toEqual({ kind: 'key_reused' });
    const other = await store.request(
      asking(await paid(tables), whole, { requestKey: ask.requestKey }),
    );
    expect(other).toEqual({ kind: 'key_reused' });
  });
}

function sums(tables: RefundTables): void {
  it('adds up what goes back of a payment, and knows whose it is', async () => {
    const store = tables.open('worker', long);
    const attempt = await paid(tables);
    const part = await store.request(asking(attempt, { what: 'amount', amountMinor: 700 }));
    expect(part).toMatchObject({ refund: { state: 'SEATS_FREED', seats: [] } });
    const more = asking(attempt, { what: 'amount', amountMinor: 301 });
    const refused = { kind: 'refused', reason: 'refund_too_high', leftMinor: 300 };
    expect(await store.request(more)).toEqual(refused);
    const strange = asking(attempt, whole, { userId: 'usr_eve' as UserId });
    const none = { kind: 'refused', reason: 'booking_not_found' };
    expect(await store.request(strange)).toEqual(none);
  });
}

function leases(tables: RefundTables): void {
  it('gives a refund to one worker at a time, who keeps it by its lease', async () => {
    const [away, other] = [tables.open('away', 0), tables.open('other', long)];
    const ask = asking(await paid(tables));
    await away.request(ask);
    const first = await claimed(away, ask.refundId);
    // It is over as soon as it begins.
    expect(await away.renew(first)).toBe(false);
    const second = await claimed(other, ask.refundId);
    expect(second.leaseNo).toBe(first.leaseNo + 1);
    expect((await away.claimDue(1_000)).map(({ refundId }) => refundId)).not.toContain(
      ask.refundId,
    );
    expect(await other.renew(first)).toBe(false);
    expect(await away.advance(first, { state: 'SEATS_FREED' }, 0)).toBeNull();
    expect(await other.renew(second)).toBe(true);
    expect(await other.advance(second, { state: 'SEATS_FREED' }, 0)).toMatchObject({
      ...{ state: 'SEATS_FREED', leaseNo: second.leaseNo },
    });
  });
}

function books(tables: RefundTables): void {
  it('enters what went back once, and what came back against it', async () => {
    const store = tables.open('worker', long);
    const attempt = await paid(tables);
    const { attemptId } = attempt;
    const ask = asking(attempt, { what: 'amount', amountMinor: 400 });
    await store.request(ask);
    const sent = await claimed(store, ask.refundId);
    const pause = { state: 'SEATS_FREED', tries: 1, error: 'timeout', pause: true } as const;
    expect(await store.advance(sent, pause, 0)).toMatchObject({ tries: 1, error: 'timeout' });
    const again = await claimed(store, ask.refundId);
    const moves = { state: 'DONE', providerRefundId: 're_1', moves: 'refund' } as const;
    const done = await store.advance(again, moves, 0);
    expect(done).toMatchObject({ state: 'DONE', providerRefundId: 're_1', tries: 0 });
    expect(await store.advance(again, moves, 0)).toBeNull();
    expect(await tables.held(attemptId)).toEqual({ count: 2, sum: 600 });
    const failed = { state: 'FAILED', failure: 'lost', moves: 'refund_failed' } as const;
    expect(await store.advance(done!, failed, 0)).toMatchObject({ failure: 'lost' });
    expect(await tables.held(attemptId)).toEqual({ count: 3, sum: 1_000 });
  });
}
