import { describe, expect, it } from '@jest/globals';

import type { SeatIndex } from '#libs/inventory/ids.js';

import { liveStates, settledStates, type Attempt, type SagaState } from './attempt.js';
import {
  decideSaga,
  nextStep,
  retryDelayMs,
  type SagaInput,
  type StepType,
  type Transition,
} from './decide-saga.js';

const nowMs = 1_800_000_000_000;

const attempt = (changes: Partial<Attempt> = {}): Attempt =>
  ({
    attemptId: 'att_1',
    bookingId: 'bkg_show_1',
    userId: 'usr_1',
    holdId: 'rsv_show_1',
    eventId: 'evt_show',
    fingerprint: 'f',
    paymentToken: 'pm_card_visa',
    state: 'STARTED',
    verdict: null,
    seats: [],
    areas: [],
    amountMinor: 5_000,
    currency: 'EUR',
    currencyDigits: 2,
    deadlineMs: nowMs + 60_000,
    intentId: null,
    challenge: null,
    returnUrl: null,
    acceptsAlternative: false,
    hints: 0,
    declineCode: null,
    reason: null,
    error: null,
    keyNo: 0,
    tries: 0,
    leaseNo: 1,
    createdAtMs: nowMs,
    trace: null,
    ...changes,
  }) as Attempt;

const intent = (status: string, declineCode: string | null = null): SagaInput =>
  ({ type: 'intent', intent: { id: 'pi_1', status, declineCode } }) as SagaInput;

const begun = (amountMinor: number): SagaInput => ({
  type: 'begun',
  seats: [],
  areas: [],
  amountMinor,
  deadlineMs: nowMs + 1,
});

const spent: SagaInput = { type: 'key_spent', reason: 'why' };
const refused = (code: string): SagaInput => ({ type: 'refused', code });
const provider = (fault: 'buyer' | 'request' | 'access'): SagaInput => ({
  type: 'provider_refused',
  code: 'no',
  fault,
});

describe('the next step', () => {
  const paid = { intentId: 'pi_1' };
  it.each<[SagaState, Partial<Attempt>, unknown]>([
    ['STARTED', {}, { type: 'begin' }],
    ['AUTHORISING', {}, { type: 'authorise', key: 'att_1', notAfterMs: nowMs + 60_000 }],
    [
      'AUTHORISING',
      { keyNo: 2 },
      { type: 'authorise', key: 'att_1.2', notAfterMs: nowMs + 60_000 },
    ],
    ['AUTHORISING', { deadlineMs: nowMs - 1 }, { type: 'spend_key', key: 'att_1' }],
    [
      'AUTHORISING',
      { deadlineMs: nowMs - 1, createdAtMs: nowMs - 30 * 3_600_000 },
      { type: 'look_up' },
    ],
    ['AUTHORISING', { paymentToken: null }, { type: 'look_up' }],
    ['AUTHORISING', paid, { type: 'watch', intentId: 'pi_1' }],
    ['AUTHORISING', { ...paid, deadlineMs: nowMs - 1 }, { type: 'abandon', intentId: 'pi_1' }],
    ['AUTHORISED', paid, { type: 'book' }],
    ['BOOKED', paid, { type: 'capture', key: 'att_1.capture', intentId: 'pi_1' }],
    ['VOIDING', { ...paid, keyNo: 1 }, { type: 'void', key: 'att_1.void.1', intentId: 'pi_1' }],
    ['RELEASING', {}, { type: 'release' }],
    ['UNBOOKING', paid, { type: 'unbook' }],
  ])('of %s with %j is %j', (state, changes, expected) => {
    expect(nextStep(attempt({ state, ...changes }), nowMs)).toEqual(expected);
  });

  it.each(settledStates)('of %s is none', (state) => {
    expect(nextStep(attempt({ state }), nowMs)).toEqual({ type: 'none' });
  });

  it('is never a capture or a cancellation without an intent', () => {
    for (const state of ['BOOKED', 'VOIDING'] as const) {
      expect(() => nextStep(attempt({ state }), nowMs)).toThrow('without an intent');
    }
  });
});

const challenge = { clientSecret: 'pi_1_secret', type: 'use_stripe_sdk', url: null };

describe('an attempt that waits for its buyer', () => {
  const asked: SagaInput = {
    type: 'intent',
    intent: { id: 'pi_1', status: 'action_required', declineCode: null, challenge },
  };
  const waiting = attempt({ state: 'AUTHORISING', intentId: 'pi_1', challenge });

  it('keeps its intent, and what the buyer is to do', () => {
    const after = decideSaga(attempt({ state: 'AUTHORISING' }), 'authorise', asked);
    const kept = { state: 'AUTHORISING', tries: 0, intentId: 'pi_1', challenge, pause: true };
    expect(after).toEqual(kept);
    expect(decideSaga(waiting, 'watch', asked)).toEqual({ ...kept, tries: 1 });
  });

  it('asks for the intent until the deadline, and gives it up then', () => {
    expect(nextStep(waiting, nowMs)).toEqual({ type: 'watch', intentId: 'pi_1' });
    const abandon = { type: 'abandon', intentId: 'pi_1' };
    expect(nextStep({ ...waiting, deadlineMs: nowMs - 1 }, nowMs)).toEqual(abandon);
    expect(decideSaga(waiting, 'abandon', asked)).toEqual({
      state: 'VOIDING',
      verdict: 'EXPIRED',
      reason: 'not_authenticated_in_time',
    });
  });

  it('cancels what was declined: with the secret another card could pay hours later', () => {
    const declined = decideSaga(waiting, 'watch', intent('declined', 'lost_card'));
    expect(declined).toMatchObject({ state: 'VOIDING', verdict: 'DECLINED' });
    const voiding = attempt({ state: 'VOIDING', intentId: 'pi_1', verdict: 'DECLINED' });
    expect(decideSaga(voiding, 'void', intent('declined'))).toMatchObject({ state: 'VOIDING' });
    expect(decideSaga(voiding, 'void', intent('cancelled'))).toMatchObject({ state: 'RELEASING' });
  });
});

describe('a decision', () => {
  const paid = { intentId: 'pi_1' };
  const voiding = { intentId: 'pi_1', verdict: 'DECLINED' } as const;
  type Row = [SagaState, Partial<Attempt>, StepType, SagaInput, Partial<Transition>];
  it.each<Row>([
    ['STARTED', {}, 'begin', begun(5_000), { state: 'AUTHORISING', amountMinor: 5_000 }],
    ['STARTED', {}, 'begin', begun(0), { state: 'AUTHORISED' }],
    [
      'STARTED',
      {},
      'begin',
      refused('hold_expired'),
      { state: 'REJECTED', reason: 'hold_expired' },
    ],
    [
      'AUTHORISING',
      {},
      'authorise',
      intent('authorised'),
      { state: 'AUTHORISED', intentId: 'pi_1' },
    ],
    [
      'AUTHORISING',
      {},
      'authorise',
      { type: 'declined', intentId: 'pi_1', declineCode: 'lost_card' },
      { state: 'RELEASING', verdict: 'DECLINED', declineCode: 'lost_card' },
    ],
    [
      'AUTHORISING',
      {},
      'authorise',
      intent('declined', 'lost_card'),
      { state: 'RELEASING', verdict: 'DECLINED', declineCode: 'lost_card' },
    ],
    [
      'AUTHORISING',
      {},
      'authorise',
      intent('action_required'),
      { state: 'VOIDING', verdict: 'DECLINED', declineCode: 'authentication_required' },
    ],
    [
      'AUTHORISING',
      {},
      'authorise',
      provider('buyer'),
      { state: 'RELEASING', verdict: 'DECLINED' },
    ],
    ['AUTHORISING', {}, 'authorise', provider('access'), { state: 'RELEASING', verdict: 'FAILED' }],
    [
      'AUTHORISING',
      { tries: 1, leaseNo: 2 },
      'authorise',
      provider('request'),
      { state: 'RELEASING', verdict: 'FAILED' },
    ],
    // An earlier call under the key may have reserved money, of this worker or of one before it.
    [
      'AUTHORISING',
      { tries: 1 },
      'authorise',
      provider('access'),
      { state: 'AUTHORISING', tries: 2 },
    ],
    ['AUTHORISING', { leaseNo: 2 }, 'authorise', provider('access'), { state: 'AUTHORISING' }],
    ['AUTHORISING', { keyNo: 1 }, 'authorise', spent, { state: 'AUTHORISING', keyNo: 2 }],
    [
      'AUTHORISING',
      {},
      'authorise',
      intent('processing'),
      { state: 'AUTHORISING', tries: 1, intentId: 'pi_1', pause: true },
    ],
    ['AUTHORISING', paid, 'watch', intent('processing'), { state: 'AUTHORISING', tries: 1 }],
    ['AUTHORISING', paid, 'watch', intent('authorised'), { state: 'AUTHORISED' }],
    ['AUTHORISING', paid, 'watch', intent('declined'), { state: 'RELEASING', verdict: 'DECLINED' }],
    ['AUTHORISING', paid, 'watch', provider('access'), { state: 'AUTHORISING', tries: 1 }],
    [
      'AUTHORISING',
      paid,
      'abandon',
      intent('processing'),
      { state: 'VOIDING', verdict: 'EXPIRED' },
    ],
    ['AUTHORISING', paid, 'abandon', intent('declined'), { state: 'VOIDING', verdict: 'EXPIRED' }],
    ['AUTHORISING', paid, 'abandon', provider('access'), { state: 'VOIDING', verdict: 'EXPIRED' }],
    ['AUTHORISING', paid, 'abandon', intent('authorised'), { state: 'AUTHORISED' }],
    ['AUTHORISING', paid, 'abandon', intent('captured'), { state: 'AUTHORISED' }],
    ['AUTHORISING', {}, 'look_up', intent('authorised'), { state: 'AUTHORISED' }],
    ['AUTHORISING', {}, 'look_up', spent, { state: 'EXPIRED' }],
    ['AUTHORISING', {}, 'look_up', provider('access'), { state: 'AUTHORISING', tries: 1 }],
    [
      'AUTHORISING',
      {},
      'authorise',
      intent('cancelled'),
      { state: 'RELEASING', verdict: 'FAILED' },
    ],
    ['AUTHORISING', {}, 'spend_key', spent, { state: 'EXPIRED' }],
    ['AUTHORISING', {}, 'spend_key', provider('buyer'), { state: 'EXPIRED' }],
    ['AUTHORISING', {}, 'spend_key', provider('request'), { state: 'EXPIRED' }],
    ['AUTHORISING', {}, 'spend_key', provider('access'), { state: 'AUTHORISING', tries: 1 }],
    [
      'AUTHORISING',
      {},
      'spend_key',
      intent('unconfirmed'),
      { state: 'VOIDING', verdict: 'EXPIRED', intentId: 'pi_1' },
    ],
    ['AUTHORISING', {}, 'spend_key', intent('authorised'), { state: 'AUTHORISED' }],
    ['AUTHORISED', { intentId: 'pi_1' }, 'book', { type: 'done' }, { state: 'BOOKED' }],
    ['AUTHORISED', {}, 'book', { type: 'done' }, { state: 'CAPTURED' }],
    [
      'AUTHORISED',
      { intentId: 'pi_1' },
      'book',
      refused('hold_expired'),
      { state: 'VOIDING', verdict: 'EXPIRED' },
    ],
    [
      'AUTHORISED',
      { intentId: 'pi_1' },
      'book',
      { type: 'refused', code: 'seats_unavailable', late: true },
      { state: 'VOIDING', verdict: 'EXPIRED', reason: 'seats_unavailable' },
    ],
    [
      'AUTHORISED',
      { intentId: 'pi_1' },
      'book',
      { type: 'booked_late', seats: [4 as SeatIndex], areas: [] },
      { state: 'BOOKED', seats: [4 as SeatIndex], areas: [] },
    ],
    [
      'AUTHORISED',
      {},
      'book',
      { type: 'booked_late', seats: [4 as SeatIndex], areas: [] },
      { state: 'CAPTURED', seats: [4 as SeatIndex], areas: [] },
    ],
    [
      'AUTHORISED',
      { intentId: 'pi_1' },
      'book',
      refused('payment_attempt_mismatch'),
      { state: 'VOIDING', verdict: 'FAILED' },
    ],
    ['AUTHORISED', {}, 'book', refused('hold_not_found'), { state: 'EXPIRED' }],
    [
      'VOIDING',
      { intentId: 'pi_1', verdict: 'EXPIRED' },
      'void',
      intent('refunded'),
      { state: 'EXPIRED' },
    ],
    [
      'BOOKED',
      { intentId: 'pi_1' },
      'capture',
      intent('captured'),
      { state: 'CAPTURED', moves: 'capture' },
    ],
    [
      'BOOKED',
      { intentId: 'pi_1' },
      'capture',
      intent('cancelled'),
      { state: 'UNBOOKING', verdict: 'FAILED' },
    ],
    ['BOOKED', { intentId: 'pi_1' }, 'capture', spent, { state: 'BOOKED', keyNo: 1, pause: true }],
    ['BOOKED', paid, 'capture', provider('access'), { state: 'BOOKED', tries: 1 }],
    ['BOOKED', paid, 'capture', provider('request'), { state: 'BOOKED', keyNo: 1, pause: true }],
    ['BOOKED', paid, 'capture', intent('processing'), { state: 'BOOKED', keyNo: 1, pause: true }],
    ['VOIDING', voiding, 'void', intent('cancelled'), { state: 'RELEASING' }],
    [
      'VOIDING',
      { ...voiding, verdict: 'EXPIRED' },
      'void',
      intent('cancelled'),
      { state: 'EXPIRED' },
    ],
    // Nobody could show it to the buyer.
    ['AUTHORISING', paid, 'watch', intent('action_required'), { state: 'VOIDING' }],
    // The answer is kept under its key: the same question would be answered so for ever.
    ['VOIDING', voiding, 'void', intent('processing'), { state: 'VOIDING', keyNo: 1, pause: true }],
    ['VOIDING', voiding, 'void', intent('authorised'), { state: 'VOIDING', keyNo: 1 }],
    ['RELEASING', { verdict: 'DECLINED' }, 'release', { type: 'done' }, { state: 'DECLINED' }],
    ['RELEASING', { verdict: 'FAILED' }, 'release', refused('hold_expired'), { state: 'FAILED' }],
    ['UNBOOKING', { verdict: 'FAILED' }, 'unbook', { type: 'done' }, { state: 'FAILED' }],
  ])('in %s %j after %s with %j is %j', (state, changes, step, input, expected) => {
    expect(decideSaga(attempt({ state, ...changes }), step, input)).toMatchObject(expected);
  });

  it('says when the intent was looked for', () => {
    const found = { ...(intent('authorised') as object), note: 'it was looked for' } as SagaInput;
    const after = decideSaga(attempt({ state: 'AUTHORISING' }), 'look_up', found);
    expect(after).toMatchObject({ state: 'AUTHORISED', error: 'it was looked for' });
  });

  it.each(liveStates)('in %s is to try again when the result is unclear', (state) => {
    const before = attempt({ state, intentId: 'pi_1', tries: 3 });
    const { type } = nextStep(before, nowMs);
    const transition = decideSaga(before, type, { type: 'unclear', reason: 'timeout' });
    expect(transition).toEqual({ state, tries: 4, error: 'timeout', pause: true });
  });

  it('settles an attempt with an authorisation only after a capture or a cancellation', () => {
    const inputs: SagaInput[] = [
      { type: 'done' },
      refused('hold_expired'),
      spent,
      provider('buyer'),
      intent('authorised'),
      intent('processing'),
    ];
    for (const input of inputs) {
      for (const state of ['AUTHORISED', 'BOOKED', 'VOIDING'] as const) {
        const before = attempt({ state, intentId: 'pi_1', verdict: 'EXPIRED' });
        const { type } = nextStep(before, nowMs);
        let settledBy: string | null = null;
        try {
          const after = decideSaga(before, type, input).state;
          if ((settledStates as readonly string[]).includes(after)) settledBy = after;
        } catch (error) {
          expect((error as Error).message).toContain('makes no sense');
        }
        expect(settledBy).toBeNull();
      }
    }
  });

  it('waits longer after each failure, but never over half a minute', () => {
    expect(retryDelayMs(0, 0)).toBe(125);
    expect(retryDelayMs(0, 0.999)).toBe(250);
    expect(retryDelayMs(3, 0)).toBe(1_000);
    expect(retryDelayMs(500, 0.999)).toBeLessThanOrEqual(30_000);
    expect(retryDelayMs(500, 0.999, 2_000)).toBeLessThanOrEqual(2_000);
  });
});
