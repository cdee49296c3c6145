import { beforeEach, describe, expect, it } from '@jest/globals';

import type { InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { AttemptId } from '#libs/inventory/ids.js';
import type { RefusalCode } from '#libs/inventory/refusals.js';

import type { PaymentProvider, ProviderResult } from '../provider/provider.js';
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
  amountMinor: 5_000,
  currency: 'EUR',
  createdAtMs: 1_800_000_000_000,
} as Attempt;

const spent: ProviderResult = { kind: 'key_spent', reason: 'used before' };
const intent = (status: string): ProviderResult =>
  ({ kind: 'intent', intent: { id: 'pi_1', status, declineCode: null } }) as ProviderResult;
const refusal = (code: RefusalCode) =>
  ({ kind: 'answered', answer: { kind: 'refused', refusal: { code } }, replayed: false }) as const;

/** What the owner, the table of bookings and the provider answer. */
let owner: CallResult;
let booked: boolean;
let provider: Record<keyof PaymentProvider, ProviderResult | null>;
let sent: InventoryCall[];
let asked: string[];

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
    find: null,
    inspect: none,
    capture: none,
    cancel: none,
  };
  [booked, sent, asked] = [false, [], []];
});

function run(step: Step, of: Attempt = attempt): Promise<SagaInput> {
  const inventory = {
    call(call: InventoryCall) {
      sent.push(call);
      return Promise.resolve(owner);
    },
  } as InventoryClient;
  const asking = Object.keys(provider).map((name) => {
    const say = (): Promise<ProviderResult | null> => {
      asked.push(name);
      return Promise.resolve(provider[name as keyof PaymentProvider]);
    };
    return [name, say];
  });
  const isBooked = () => Promise.resolve(booked);
  const ports = { inventory, provider: Object.fromEntries(asking) as PaymentProvider, isBooked };
  return executeStep(ports, of, step);
}

const authorise = (lookFirst: boolean): Step => ({ type: 'authorise', key: 'att_1', lookFirst });

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

  it('without an answer is unclear, whatever the reason, and never a refusal (G5)', async () => {
    for (const kind of ['unknown', 'overloaded', 'unavailable', 'unknown_event'] as const) {
      owner = { kind, retryAfterMs: 1, executed: 'no' };
      expect(await run({ type: 'book' })).toMatchObject({ type: 'unclear' });
      expect(await run({ type: 'begin' })).toMatchObject({ type: 'unclear' });
    }
  });
});

describe('booking', () => {
  it('is done when the journal has the booking, whatever the owner remembers (G5)', async () => {
    owner = refusal('hold_not_found');
    expect(await run({ type: 'book' })).toEqual({ type: 'refused', code: 'hold_not_found' });
    booked = true;
    expect(await run({ type: 'book' })).toEqual({ type: 'done' });
  });
});

describe('authorising', () => {
  it('finds the intent that a spent key hides', async () => {
    provider.authorise = spent;
    expect(await run(authorise(false))).toMatchObject({ type: 'key_spent' });
    provider.find = intent('authorised');
    expect(await run(authorise(false))).toMatchObject({ type: 'intent' });
    provider.spendKey = spent;
    expect(await run({ ...authorise(false), type: 'spend_key' } as Step)).toMatchObject({
      type: 'intent',
    });
  });

  it('looks before it uses a key that the provider may have forgotten', async () => {
    provider.find = intent('authorised');
    expect(await run(authorise(true))).toMatchObject({ type: 'intent' });
    expect(await run({ ...authorise(true), type: 'spend_key' } as Step)).toMatchObject({
      type: 'intent',
    });
    expect(asked).toEqual(['find', 'find']);
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
