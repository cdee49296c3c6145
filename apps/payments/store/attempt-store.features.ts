import { describe, expect, it } from '@jest/globals';

import type { AttemptId, EventId, UserId } from '#libs/inventory/ids.js';
import { systemRandom } from '#libs/platform/random.js';

import type { Attempt } from '../saga/attempt.js';
import type { ProviderNews } from '../webhooks/stripe-events.js';
import type { AttemptStore, Declines, NewAttempt, Tried } from './attempt-store.js';
import type { LedgerSum } from '../testing/ledger-sums.js';

/** What a table of attempts must keep, whatever it is made of. */
export interface AttemptTables {
  open(worker: string, leaseMs: number): AttemptStore;
  /** The ledger of an attempt: per kind the sum and the number of its entries, by name of kind. */
  entries(attemptId: string): Promise<readonly LedgerSum[]>;
  /** Asks until the answer is wanted, and lets time pass in between. */
  eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T>;
}

const brief = 50;
const long = 60_000;

const wanted = (changes: Partial<NewAttempt> = {}): NewAttempt => {
  const suffix = systemRandom.token(20);
  return {
    attemptId: `att_${suffix}`,
    bookingId: `bkg_show_${suffix}`,
    userId: 'usr_ada',
    holdId: `rsv_show_${suffix}`,
    eventId: 'evt_show',
    idempotencyKey: suffix,
    fingerprint: 'f',
    paymentToken: 'pm_card_visa',
    returnUrl: null,
    acceptsAlternative: false,
    currency: 'EUR',
    currencyDigits: 2,
    trace: '0af7651916cd43dd8448eb211c80319c',
    tokenKey: null,
    addressKey: null,
    ...changes,
  } as NewAttempt;
};

const declinesFor = async (
  store: AttemptStore,
  tried: Tried,
  withinMs: number,
): Promise<Declines> => (await store.lookBefore(tried, 'another', withinMs)).declines;

async function inserted(store: AttemptStore): Promise<Attempt> {
  const result = await store.insert(wanted());
  if (result.kind !== 'new') throw new Error(`not inserted: ${result.kind}`);
  return result.attempt;
}

export function attemptStoreFeatures(tables: AttemptTables): void {
  leases(tables);
  challenges(tables);
  news(tables);
  inserts(tables);
  ledger(tables);
  declines(tables);
  countedDeclines(tables);
}

function leases(tables: AttemptTables): void {
  describe('the lease of an attempt', () => {
    it('is renewed by a look at a late payment, unless somebody else has it', async () => {
      const away = tables.open('away', brief);
      const other = tables.open('other', brief);
      const first = await inserted(away);
      const claimed = () =>
        tables.eventually(
          () => other.claimDue(10),
          (attempts) => attempts.length > 0,
        );
      const [taken] = await claimed();
      expect(taken.attemptId).toBe(first.attemptId);
      expect(await away.lookLate(first)).toBe('not_ours');
      expect(await tables.open('other', long).lookLate(taken)).not.toBe('not_ours');
      // When the lease of a later one is over, this one's is not.
      const second = await inserted(away);
      const [next, ...more] = await claimed();
      expect([next.attemptId, more]).toEqual([second.attemptId, []]);
      for (const one of [taken, next]) await other.advance(one, { state: 'CAPTURED' }, 0);
    });

    it('fences a worker that was away while another took over', async () => {
      const away = tables.open('away', brief);
      const successor = tables.open('successor', long);
      const attempt = await inserted(away);
      const claimed = await tables.eventually(
        () => successor.claimDue(10),
        (attempts) => attempts.length > 0,
      );
      expect(claimed.map((one) => one.attemptId)).toEqual([attempt.attemptId]);

      expect(await away.advance(attempt, { state: 'CAPTURED' }, 0)).toBeNull();
      const moved = await successor.advance(claimed[0], { state: 'AUTHORISING' }, 0);
      expect(moved?.state).toBe('AUTHORISING');
      // Not even with the lease: the row is no longer in the state the step started from.
      expect(await successor.advance(claimed[0], { state: 'REJECTED' }, 0)).toBeNull();
      expect((await successor.byId(attempt.attemptId))?.state).toBe('AUTHORISING');
    });

    it('is held by one worker when many scan at once', async () => {
      const seeds = tables.open('seeds', 0);
      const ids: string[] = [];
      for (let count = 0; count < 20; count += 1) ids.push((await inserted(seeds)).attemptId);
      const scans = await Promise.all(
        Array.from({ length: 6 }, (_, worker) =>
          tables.open(`worker-${worker}`, long).claimDue(100),
        ),
      );
      const claimed = scans.flat().map((attempt) => attempt.attemptId as string);
      expect(claimed.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
    });

    it('is not claimed when it is of an event that the claimer has enough of', async () => {
      const seeds = tables.open('gone', 0);
      const [busy, calm] = ['evt_busy', 'evt_calm'] as EventId[];
      for (const eventId of [busy, busy, calm]) await seeds.insert(wanted({ eventId }));
      const store = tables.open('chooser', long);
      const eventsOf = (claimed: readonly Attempt[]): EventId[] =>
        claimed.map(({ eventId }) => eventId).filter((id) => id === busy || id === calm);
      expect(eventsOf(await store.claimDue(100, [busy]))).toEqual([calm]);
      expect(eventsOf(await store.claimDue(100))).toEqual([busy, busy]);
    });

    it('that is renewed or paused is not claimed before its time', async () => {
      const holder = tables.open('holder', brief);
      const attempt = await inserted(holder);
      await tables.open('holder', long).renew([attempt.attemptId]);
      const other = tables.open('other', long);
      const again = { state: 'STARTED', tries: 1, pause: true } as const;
      expect(await other.claimDue(100)).toEqual([]);
      expect((await holder.advance(attempt, again, long))?.tries).toBe(1);
      expect(await other.claimDue(100)).toEqual([]);
    });
  });
}

function challenges(tables: AttemptTables): void {
  const challenge = { clientSecret: 'pi_1_secret', type: 'use_stripe_sdk', url: null };
  const deadlineMs = 4_000_000_000_000;
  const asks = { state: 'AUTHORISING', intentId: 'pi_1', challenge, deadlineMs } as const;
  const waits = { ...asks, pause: true } as const;

  async function waiting(store: AttemptStore): Promise<Attempt> {
    const asked = await store.advance(await inserted(store), { state: 'AUTHORISING' }, 0);
    const left = asked === null ? null : await store.advance(asked, waits, long);
    if (left === null) throw new Error('the lease was lost');
    return left;
  }

  describe('an attempt that waits for its buyer', () => {
    it('is an answer for him, and not claimed before its time', async () => {
      const store = tables.open('waiter', long);
      const { stuck } = await store.census(-1_000);
      const { attemptId, ...attempt } = await waiting(store);
      expect(attempt).toMatchObject({ challenge, intentId: 'pi_1' });
      expect(await store.answerableAmong([attemptId])).toEqual([attemptId]);
      expect(await store.claimDue(100)).toEqual([]);
      // It is no trouble of anybody's that he takes his time.
      expect((await store.census(-1_000)).stuck).toBe(stuck);
    });

    it('is due when its buyer is back, and not for each of his questions', async () => {
      const store = tables.open('back', long);
      const { attemptId, bookingId } = await waiting(store);
      expect(await store.hasten(bookingId, long)).toBeNull();
      expect(await store.hasten(bookingId, 0)).toBe(attemptId);
      expect(await store.hasten(bookingId, long)).toBeNull();
      const [claimed] = await store.claimDue(100);
      expect(claimed.attemptId).toBe(attemptId);
      // He is back once more while the bank is asked: what it says now may be old by then.
      await store.hasten(bookingId, 0);
      await store.advance(claimed, waits, long);
      expect((await store.claimDue(100)).map((one) => one.attemptId)).toEqual([attemptId]);
    });

    it('forgets the secret when it goes on', async () => {
      const store = tables.open('secret', long);
      const { attemptId, bookingId } = await waiting(store);
      await store.hasten(bookingId, 0);
      const claimed = await store.claimDue(100);
      const [own] = claimed.filter((one) => one.attemptId === attemptId);
      expect((await store.advance(own, { state: 'AUTHORISED' }, 0))?.challenge).toBeNull();
      expect(await store.hasten(bookingId, 0)).toBeNull();
      expect(await store.answerableAmong([attemptId])).toEqual([]);
    });
  });
}

function news(tables: AttemptTables): void {
  const said = (attemptId: AttemptId | null, type = 'payment_intent.succeeded'): ProviderNews => ({
    eventId: `evt_${systemRandom.token(20)}`,
    type,
    attemptId,
    refundId: null,
    disputeId: null,
    createdAtMs: 1_800_000_000_000,
  });
  const nothing = { isNew: true, isDue: false };

  describe('what the provider says', () => {
    it('makes the attempt due that waits for it, once for each event', async () => {
      const store = tables.open('listener', long);
      const attempt = await inserted(store);
      const asked = await store.advance(attempt, { state: 'AUTHORISING' }, 0);
      const event = said(attempt.attemptId);
      // Somebody works on it: he looks once more when he is done.
      expect(await store.hear(event)).toEqual(nothing);
      const pause = { state: 'AUTHORISING', pause: true } as const;
      const paused = await store.advance(asked ?? attempt, pause, long);
      expect(paused?.hints).toBe(1);
      const [claimed] = await store.claimDue(100);
      expect(claimed.attemptId).toBe(attempt.attemptId);
      await store.advance(claimed, pause, long);
      expect(await store.hear(event)).toEqual({ isNew: false, isDue: false });
      expect(await store.claimDue(100)).toEqual([]);
      const next = said(attempt.attemptId, 'payment_intent.canceled');
      const twice = await Promise.all([store.hear(next), store.hear(next)]);
      expect(twice.filter(({ isNew }) => isNew)).toEqual([{ isNew: true, isDue: true }]);
      expect((await store.claimDue(100)).map((one) => one.attemptId)).toEqual([attempt.attemptId]);
    });

    it('is recorded and no more when it is of nobody, of no matter, or too late', async () => {
      const store = tables.open('listener', long);
      const attempt = await inserted(store);
      await store.advance(attempt, { state: 'AUTHORISING' }, 0);
      expect(await store.hear(said(null))).toEqual(nothing);
      expect(await store.hear(said('att_nobody' as AttemptId))).toEqual(nothing);
      expect(await store.hear(said(attempt.attemptId, 'charge.succeeded'))).toEqual(nothing);
      const settled = await inserted(store);
      await store.advance(settled, { state: 'CAPTURED' }, 0);
      expect(await store.hear(said(settled.attemptId))).toEqual(nothing);
      expect((await store.byId(attempt.attemptId))?.hints).toBe(0);
      expect((await store.byId(settled.attemptId))?.hints).toBe(0);
    });

    it('is forgotten when it is old, some at a time', async () => {
      const store = tables.open('listener', long);
      await store.forgetNews(0, 1_000);
      const events = [said(null), said(null), said(null)];
      for (const event of events) await store.hear(event);
      expect(await store.forgetNews(long, 10)).toBe(0);
      expect(await store.forgetNews(0, 2)).toBe(2);
      expect(await store.hear(events[2])).toEqual({ isNew: false, isDue: false });
      expect(await store.forgetNews(0, 10)).toBe(1);
      expect(await store.hear(events[2])).toEqual(nothing);
    });
  });
}

function inserts(tables: AttemptTables): void {
  describe('inserting an attempt', () => {
    it('gives one attempt to one key, and one live attempt to one hold', async () => {
      const store = tables.open('inserter', long);
      const first = wanted({ idempotencyKey: 'k', userId: 'usr_one' as never });
      const results = await Promise.all(
        Array.from({ length: 10 }, () => store.insert({ ...first, ...fresh() })),
      );
      expect(results.filter((result) => result.kind === 'new')).toHaveLength(1);
      expect(results.filter((result) => result.kind === 'same_key')).toHaveLength(9);
      const busy = await store.insert({ ...first, ...fresh(), idempotencyKey: 'other' });
      expect(busy.kind).toBe('hold_busy');
    });

    it('keeps the trace of the request that made it, over every change of hands', async () => {
      const [maker, heir] = [tables.open('maker', brief), tables.open('heir', long)];
      const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
      const made = await maker.insert(wanted({ trace }));
      if (made.kind !== 'new') throw new Error(`not inserted: ${made.kind}`);
      expect(made.attempt.trace).toBe(trace);
      const claimed = await tables.eventually(
        () => heir.claimDue(10),
        (attempts) => attempts.some(({ attemptId }) => attemptId === made.attempt.attemptId),
      );
      const mine = claimed.filter(({ attemptId }) => attemptId === made.attempt.attemptId);
      expect(mine.map((attempt) => attempt.trace)).toEqual([trace]);
      expect((await heir.advance(mine[0], { state: 'REJECTED' }, 0))?.trace).toBe(trace);
    });

    it('keeps why it ends, whatever goes wrong on the way there', async () => {
      const store = tables.open('keeper', long);
      const attempt = await inserted(store);
      const lost = { state: 'UNBOOKING', verdict: 'FAILED', reason: 'authorisation_lost' } as const;
      const unbooking = await store.advance(attempt, lost, 0);
      const failed = { state: 'UNBOOKING', tries: 1, error: 'inventory: unknown' } as const;
      const again = unbooking && (await store.advance(unbooking, failed, 0));
      expect(again).toMatchObject({ reason: 'authorisation_lost', error: 'inventory: unknown' });
      const settled = again && (await store.advance(again, { state: 'FAILED' }, 0));
      expect(settled).toMatchObject({ reason: 'authorisation_lost', state: 'FAILED' });
    });

    it('forgets the payment token as soon as its answer is known', async () => {
      const store = tables.open('forgetter', long);
      let attempt = await inserted(store);
      const asked = await store.advance(attempt, { state: 'AUTHORISING' }, 0);
      expect(asked?.paymentToken).toBe('pm_card_visa');
      const known = { state: 'AUTHORISING', intentId: 'pi_1' } as const;
      const watched = asked && (await store.advance(asked, known, 0));
      // The release before asks anew while it is processing, and needs it for that.
      expect(watched?.paymentToken).toBe('pm_card_visa');
      attempt = await inserted(store);
      const authorised = await store.advance(attempt, { state: 'AUTHORISED' }, 0);
      expect(authorised?.paymentToken).toBeNull();
    });

    it('forgets the payment token when the attempt settles', async () => {
      const store = tables.open('settler', long);
      const attempt = await inserted(store);
      expect(attempt.paymentToken).toBe('pm_card_visa');
      const settled = await store.advance(attempt, { state: 'REJECTED' }, 0);
      expect(settled?.paymentToken).toBeNull();
    });

    const fresh = (): Pick<NewAttempt, 'attemptId' | 'bookingId'> => {
      const { attemptId, bookingId } = wanted();
      return { attemptId, bookingId };
    };
  });
}

function ledger(tables: AttemptTables): void {
  describe('the ledger', () => {
    it('is written with the step that moves the money, and not by who lost its lease', async () => {
      const store = tables.open('book-keeper', long);
      const paid = await inserted(store);
      const authorised = await store.advance(paid, { state: 'AUTHORISED', amountMinor: 700 }, 0);
      if (authorised === null) throw new Error('the lease was lost');
      expect(await tables.entries(paid.attemptId)).toEqual([]);
      const captured = { state: 'CAPTURED', moves: 'capture' } as const;
      await store.advance(authorised, captured, 0);
      expect(await store.advance(authorised, captured, 0)).toBeNull();
      expect(await tables.entries(paid.attemptId)).toEqual([
        { kind: 'capture', sum: '0', count: 2 },
      ]);
    });
  });
}

const within = 60_000;
const own = (): NewAttempt => {
  const suffix = systemRandom.token(20);
  const shared = { userId: `usr_${suffix}` as UserId, tokenKey: `t${suffix}` };
  return wanted({ ...shared, addressKey: `a${suffix}` });
};

async function declined(store: AttemptStore, attempt: NewAttempt, card?: string) {
  const result = await store.insert(attempt);
  if (result.kind !== 'new') throw new Error(`not inserted: ${result.kind}`);
  const verdict = { state: 'RELEASING', verdict: 'DECLINED' } as const;
  const told = card === undefined ? verdict : { ...verdict, card };
  const releasing = await store.advance(result.attempt, told, 0);
  // It counts from the moment on in which it is known.
  if (releasing !== null) await store.advance(releasing, { state: 'DECLINED' }, 0);
}

function declines(tables: AttemptTables): void {
  describe('declined attempts', () => {
    it('are counted by reservation, buyer, card and address', async () => {
      const store = tables.open('counter', long);
      const first = own();
      await declined(store, first, 'print');
      const { addressKey, userId, tokenKey } = first;
      await declined(store, { ...own(), addressKey });
      await declined(store, { ...own(), userId });
      await declined(store, own());
      const seen = await declinesFor(store, first, within);
      expect(seen).toMatchObject({
        reservation: { count: 1 },
        buyer: { count: 2 },
        card: { count: 1 },
        address: { count: 2 },
        live: 0,
      });
      expect(seen.buyer.agoMs).toBeGreaterThanOrEqual(0);
      const other = await declinesFor(store, { ...own(), tokenKey }, within);
      expect(other).toMatchObject({ reservation: { count: 0 }, card: { count: 1 } });
    });

    it('of one card count for all its tokens that were declined', async () => {
      const store = tables.open('cards', long);
      const [one, two] = [own(), own()];
      const print = `print-${one.userId}`;
      await declined(store, one, print);
      await declined(store, two, print);
      for (const { tokenKey } of [one, two]) {
        const seen = await declinesFor(store, { ...own(), tokenKey }, within);
        expect(seen.card.count).toBe(2);
      }
    });

    it('are counted by the token where the provider names no card', async () => {
      const store = tables.open('tokens', long);
      const first = own();
      await declined(store, first);
      await declined(store, { ...own(), tokenKey: first.tokenKey });
      expect((await declinesFor(store, first, within)).card.count).toBe(2);
      const none = { ...own(), tokenKey: null, addressKey: null };
      const nothing = await declinesFor(store, none, within);
      expect(nothing).toMatchObject({ card: { count: 0 }, address: { count: 0 } });
    });
  });
}

function countedDeclines(tables: AttemptTables): void {
  describe('declined attempts that count', () => {
    it('are not the others: paid ones never count, those under way for their buyer', async () => {
      const store = tables.open('others', long);
      const paid = own();
      const result = await store.insert(paid);
      if (result.kind !== 'new') throw new Error(`not inserted: ${result.kind}`);
      expect((await declinesFor(store, paid, within)).live).toBe(1);
      await store.advance(result.attempt, { state: 'CAPTURED' }, 0);
      const seen = await declinesFor(store, paid, within);
      expect(seen).toMatchObject({ reservation: { count: 0 }, buyer: { count: 0 }, live: 0 });
    });

    it('are forgotten after a while', async () => {
      const store = tables.open('forgets', long);
      const first = own();
      await declined(store, first);
      const seen = await tables.eventually(
        () => declinesFor(store, first, brief),
        ({ buyer }) => buyer.count === 0,
      );
      expect(seen.buyer.count).toBe(0);
    });
  });
}
