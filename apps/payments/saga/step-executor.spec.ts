import { beforeEach, describe, expect, it } from '@jest/globals';

import type { InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { AttemptId, BookingId, SeatIndex } from '#libs/inventory/ids.js';
import type { RefusalCode } from '#libs/inventory/refusal-codes.js';

import type { PaymentProvider, ProviderResult } from '../provider/provider.js';
import type { BookedPlaces, LateLook } from '../store/attempt-store.js';
import type { Attempt } from './attempt.js';
import type { SagaInput, Step } from './decide-saga.js';
import { executeStep } from './step-executor.js';

const attempt = {
  attemptId: 'att_1',
  bookingId: 'bkg_show_1',
  userId: 'usr_1',
  holdId: 'rsv_show_1',
  eventId: 'evt_show',
  paymentToken: 'pm_card_visa',
  returnUrl: null,
  acceptsAlternative: false,
  amountMinor: 5_000,
  currency: 'EUR',
  currencyDigits: 2,
  createdAtMs: 1_800_000_000_000,
  deadlineMs: 1_800_000_600_000,
  intentId: null,
  trace: '0af7651916cd43dd8448eb211c80319c',
} as Attempt;

const spent: ProviderResult = { kind: 'key_spent', by: 'failure', reason: 'it failed' };
const used: ProviderResult = { kind: 'key_spent', by: 'other_request', reason: 'used before' };
const intent = (status: string): ProviderResult =>
  ({ kind: 'intent', intent: { id: 'pi_1', status, declineCode: null } }) as ProviderResult;
const refusal = (code: RefusalCode) =>
  ({ kind: 'answered', answer: { kind: 'refused', refusal: { code } }, replayed: false }) as const;

/** What the owner, the table of bookings and the provider answer. */
let owner: CallResult;
let ladder: CallResult;
let look: LateLook | 'not_ours' | null;
/** What the look takes, in ms. */
let lookMs: number;
let booked: BookedPlaces | null;
let provider: Record<keyof PaymentProvider, ProviderResult | null>;
let meanwhile: () => void;
let sent: InventoryCall[];
let asked: [name: string, ...words: unknown[]][];

beforeEach(() => {
  owner = {
    kind: 'answered',
    answer: { kind: 'accepted', outcome: { type: 'done' } },
    replayed: false,
  };
  const none = { kind: 'unclear', reason: 'not asked' } as const;
  provider = {
    authorise: none,
    spendKey: none,
    recall: none,
    find: null,
    inspect: none,
    capture: none,
    cancel: none,
    refund: none,
  };
  [booked, sent, asked] = [null, [], []];
  [meanwhile, lookMs] = [() => undefined, 0];
  [ladder, look] = [refusal('seats_unavailable'), { newer: ['bkg_newer' as BookingId] }];
});

function run(step: Step, of: Attempt = attempt): Promise<SagaInput> {
  const inventory = {
    call(call: InventoryCall) {
      sent.push(call);
      const { request } = call;
      if (request.type !== 'BookLate') return Promise.resolve(owner);
      meanwhile();
      return Promise.resolve(ladder);
    },
  } as InventoryClient;
  const asking = Object.keys(provider).map((name) => {
    const say = (...words: unknown[]): Promise<ProviderResult | null> => {
      asked.push([name, ...words]);
      return Promise.resolve(provider[name as keyof PaymentProvider]);
    };
    return [name, say];
  });
  const bookedPlaces = () => Promise.resolve(booked);
  let nowMs = 77_000;
  const lookLate = () => {
    nowMs += lookMs;
    return Promise.resolve(look);
  };
  const clock = { monotonicMs: () => nowMs };
  const line = Object.fromEntries(asking) as PaymentProvider;
  const ports = { inventory, provider: line, bookedPlaces, lookLate, clock, leaseMs: 5_000 };
  return executeStep(ports, of, step);
}

const authorise: Step = { type: 'authorise', key: 'att_1', notAfterMs: 1 };
const spendKey: Step = { type: 'spend_key', key: 'att_1' };
const names = () => asked.map(([name]) => name);

describe('money that goes back', () => {
  const step: Step = { type: 'void', key: 'att_1.void', intentId: 'pi_1' };

  it('is refunded where somebody has captured it, and else cancelled', async () => {
    provider.cancel = intent('cancelled');
    expect(await run(step)).toMatchObject({ intent: { status: 'cancelled' } });
    expect(names()).toEqual(['cancel']);
    provider.cancel = intent('captured');
    provider.refund = intent('refunded');
    expect(await run(step)).toMatchObject({ intent: { status: 'refunded' } });
    expect(asked.at(-1)).toEqual(['refund', 'pi_1', 'att_1.void.refund']);
  });
});

describe('a hold that is gone when its money is there', () => {
  const paid = { ...attempt, intentId: 'pi_1', acceptsAlternative: true } as Attempt;
  const types = () => sent.map(({ request }) => request.type);

  beforeEach(() => {
    owner = refusal('hold_expired');
  });

  it('is put to the ladder, with all that it goes by', async () => {
    const outcome = { type: 'booking', seats: [4, 5], areas: [] } as never;
    ladder = { kind: 'answered', answer: { kind: 'accepted', outcome }, replayed: false };
    const input = await run({ type: 'book' }, paid);
    expect(input).toEqual({ type: 'booked_late', seats: [4, 5], areas: [] });
    expect(types()).toEqual(['BookHold', 'BookLate']);
    expect(sent[1]).toMatchObject({
      commandId: 'pay.att_1.book_late',
      request: { alternative: true, totalMinor: 5_000, newer: ['bkg_newer'] },
    });
  });

  it('gives the money back for the reason that the ladder has', async () => {
    const input = await run({ type: 'book' }, paid);
    expect(input).toEqual({ type: 'refused', code: 'seats_unavailable', late: true });
    ladder = { kind: 'unknown', retryAfterMs: 1 };
    expect(await run({ type: 'book' }, paid)).toMatchObject({ type: 'unclear' });
  });

  it('is booked within the lease that its look renewed, or not at all (G5)', async () => {
    lookMs = 1_000;
    await run({ type: 'book' }, paid);
    expect(sent[1]).toMatchObject({ request: { type: 'BookLate' }, withinMs: 3_500 });
    sent = [];
    lookMs = 4_500;
    expect(await run({ type: 'book' }, paid)).toMatchObject({ type: 'unclear' });
    [lookMs, look] = [0, 'not_ours'];
    expect(await run({ type: 'book' }, paid)).toMatchObject({ type: 'unclear' });
    expect(types()).toEqual(['BookHold', 'BookHold']);
  });

  it('has what another worker booked for it meanwhile', async () => {
    const places = { seats: [7, 8] as SeatIndex[], areas: [] };
    ladder = refusal('command_id_reused');
    meanwhile = () => {
      booked = places;
    };
    expect(await run({ type: 'book' }, paid)).toEqual({ type: 'booked_late', ...places });
  });

  it('is over where nothing was paid, or the journal cannot say more', async () => {
    const over = { type: 'refused', code: 'hold_expired' };
    expect(await run({ type: 'book' }, { ...paid, intentId: null })).toEqual(over);
    look = null;
    expect(await run({ type: 'book' }, paid)).toEqual(over);
    owner = refusal('payment_attempt_mismatch');
    await run({ type: 'book' }, paid);
    expect(types()).toEqual(['BookHold', 'BookHold', 'BookHold']);
  });
});

describe('a command of a payment', () => {
  it('is named by its attempt and step, so that the next process sends the same (G4)', async () => {
    await run({ type: 'book' });
    await run({ type: 'book' });
    await run({ type: 'book' }, { ...attempt, attemptId: 'att_2' as AttemptId });
    expect(sent.map(({ commandId }) => commandId)).toEqual([
      'pay.att_1.book',
      'pay.att_1.book',
      'pay.att_2.book',
    ]);
    expect(sent.every(({ keyed }) => keyed)).toBe(true);
  });

  it('carries the trace of the request that made the attempt, if that is known', async () => {
    await run({ type: 'release' });
    await run({ type: 'release' }, { ...attempt, trace: null });
    expect(sent.map(({ trace }) => trace)).toEqual([attempt.trace, undefined]);
  });

  it('without an answer is unclear, whatever the reason, and never a refusal (G5)', async () => {
    for (const kind of ['unknown', 'overloaded', 'unavailable', 'unknown_event'] as const) {
      owner = { kind, retryAfterMs: 1, executed: 'no' };
      expect(await run({ type: 'book' })).toMatchObject({ type: 'unclear' });
      expect(await run({ type: 'begin' })).toMatchObject({ type: 'unclear' });
    }
  });
});

describe('booking', () => {
  it('is done when the journal has its places, whatever the owner remembers (G5)', async () => {
    owner = refusal('hold_not_found');
    expect(await run({ type: 'book' })).toEqual({ type: 'refused', code: 'hold_not_found' });
    booked = { seats: [7, 8] as SeatIndex[], areas: [] };
    expect(await run({ type: 'book' })).toEqual({ type: 'booked_late', ...booked });
  });
});

describe('authorising', () => {
  it('asks within the time of the hold only', async () => {
    await run(authorise);
    expect(asked).toMatchObject([['authorise', { key: 'att_1', amountMinor: 5_000 }, 1]]);
  });

  it('finds the intent that the provider failed at', async () => {
    provider.authorise = spent;
    expect(await run(authorise)).toMatchObject({ type: 'key_spent' });
    provider.find = intent('authorised');
    expect(await run(authorise)).toMatchObject({
      type: 'intent',
      note: expect.stringContaining('looked for'),
    });
    const window = { fromMs: attempt.createdAtMs, toMs: attempt.deadlineMs };
    expect(asked.at(-1)).toEqual(['find', 'att_1', window]);
  });

  it('cannot be known while the provider cannot be asked', async () => {
    provider.authorise = spent;
    provider.find = { kind: 'unclear', reason: 'timeout' };
    expect(await run(authorise)).toEqual({ type: 'unclear', reason: 'timeout' });
  });
});

describe('spending a key', () => {
  it('that was never used is enough', async () => {
    provider.spendKey = intent('unconfirmed');
    expect(await run(spendKey)).toMatchObject({ type: 'intent' });
    expect(names()).toEqual(['spendKey']);
  });

  it('that was used asks again for its answer, and lists nothing', async () => {
    provider.spendKey = used;
    for (const answer of [intent('authorised'), intent('processing')]) {
      provider.recall = answer;
      expect(await run(spendKey)).toMatchObject(
        answer.kind === 'intent' ? { intent: answer.intent } : {},
      );
    }
    provider.recall = { kind: 'declined', intentId: 'pi_1', declineCode: 'lost_card' };
    expect(await run(spendKey)).toMatchObject({ type: 'declined' });
    expect(names()).not.toContain('find');
    const [[, first], [, second]] = asked;
    expect(second).toEqual(first);
  });

  it('at which the provider failed for the authorisation looks for the intent', async () => {
    [provider.spendKey, provider.recall] = [used, spent];
    expect(await run(spendKey)).toMatchObject({ type: 'key_spent' });
    provider.find = intent('authorised');
    expect(await run(spendKey)).toMatchObject({
      type: 'intent',
      note: expect.stringContaining('looked for'),
    });
  });

  it('at which the provider failed for the spending needs no more: nobody authorised', async () => {
    provider.spendKey = spent;
    expect(await run(spendKey)).toMatchObject({ type: 'key_spent' });
    expect(names()).toEqual(['spendKey']);
  });
});

describe('a key that is too old to say anything', () => {
  it('is not used: what is at the provider is looked for', async () => {
    const tokenless = { ...attempt, paymentToken: null };
    expect(await run({ type: 'look_up' }, tokenless)).toMatchObject({ type: 'key_spent' });
    provider.find = intent('authorised');
    expect(await run({ type: 'look_up' }, tokenless)).toMatchObject({ type: 'intent' });
    expect(names()).toEqual(['find', 'find']);
  });
});

describe('an intent that the bank is still deciding', () => {
  it('is asked itself, not its key', async () => {
    provider.inspect = intent('authorised');
    expect(await run({ type: 'watch', intentId: 'pi_1' })).toMatchObject({ type: 'intent' });
    expect(asked).toEqual([['inspect', 'pi_1']]);
  });

  it('is asked once more before it is given up', async () => {
    provider.inspect = intent('authorised');
    expect(await run({ type: 'abandon', intentId: 'pi_1' })).toMatchObject({ type: 'intent' });
    expect(asked).toEqual([['inspect', 'pi_1']]);
  });
});

describe('capturing and cancelling', () => {
  it('believes the intent, not a spent key', async () => {
    [provider.capture, provider.cancel] = [spent, spent];
    const ends = { capture: 'captured', void: 'cancelled' } as const;
    for (const type of ['capture', 'void'] as const) {
      const step: Step = { type, key: 'k', intentId: 'pi_1' };
      provider.inspect = intent(ends[type]);
      expect(await run(step)).toMatchObject({ type: 'intent', intent: { status: ends[type] } });
      provider.inspect = intent('authorised');
      expect(await run(step)).toMatchObject({ type: 'key_spent' });
      provider.inspect = { kind: 'unclear', reason: 'no answer' };
      expect(await run(step)).toMatchObject({ type: 'unclear' });
    }
  });
});
