import type { PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { SeatIndex } from '#libs/inventory/ids.js';

import type { BuyerAction } from '#libs/contracts/payments.js';
import { keyLifetimeMs, type IntentView, type RefusalFault } from '../provider/provider.js';
import { isSettled, type Attempt, type SagaState, type Verdict } from './attempt.js';

/**
 * The decisions of the money saga, pure: which step an attempt needs next, and what the result of
 * a step makes of it. The runner executes and persists; nothing else decides (G5).
 *
 * 1. Nothing is asked of the provider before BeginPayment is durable.
 * 2. Seats are booked only over an authorisation, money is captured only over booked seats.
 * 3. An attempt settles only when no call of it, however late, can still move money: an
 *    authorisation is captured or cancelled, and an idempotency key without an answer is spent.
 * 4. Every step may be executed again after a crash: commands and provider calls carry keys that
 *    follow from the attempt, its state and keyNo alone, and all that a call says is in the row
 *    before it is made. So a lost answer is asked for again under its key, not looked for.
 * 5. An answer that is not final is never asked for again under its key, which would repeat it
 *    for ever: the intent itself is asked, or the next key is used.
 * 6. An intent whose secret a buyer was given is captured or cancelled, declined ones too: with it
 *    another card could pay, hours later.
 */
export type Step =
  | { readonly type: 'begin' }
  | { readonly type: 'authorise'; readonly key: string; readonly notAfterMs: number }
  /** The hold's deadline has passed without an answer from the provider. */
  | { readonly type: 'spend_key'; readonly key: string }
  /** The key is too old to say anything: what is at the provider is looked for. */
  | { readonly type: 'look_up' }
  /** The bank is still deciding. */
  | { readonly type: 'watch'; readonly intentId: string }
  /** The bank has decided for longer than the hold waits: it is asked once more. */
  | { readonly type: 'abandon'; readonly intentId: string }
  | { readonly type: 'book' }
  | { readonly type: 'capture'; readonly key: string; readonly intentId: string }
  | { readonly type: 'void'; readonly key: string; readonly intentId: string }
  | { readonly type: 'release' }
  | { readonly type: 'unbook' }
  | { readonly type: 'none' };

export type StepType = Step['type'];

export type SagaInput =
  | {
      readonly type: 'begun';
      readonly seats: readonly SeatIndex[];
      readonly areas: readonly AreaQuantity[];
      readonly amountMinor: number;
      /** Absent: not known. */
      readonly parts?: PriceParts;
      readonly deadlineMs: number;
    }
  /** `late`: the hold was gone, and the late-payment ladder has no place for the money either. */
  | { readonly type: 'refused'; readonly code: string; readonly late?: true }
  /** The hold is gone, and the booking has these places: the same, or those in their place. */
  | {
      readonly type: 'booked_late';
      readonly seats: readonly SeatIndex[];
      readonly areas: readonly AreaQuantity[];
    }
  /** The intent as the provider has it; `note` says so when it was looked for. */
  | { readonly type: 'intent'; readonly intent: IntentView; readonly note?: string }
  | {
      readonly type: 'declined';
      readonly intentId: string | null;
      readonly declineCode: string;
      readonly card?: string | null;
    }
  /** The provider will not do it, and did nothing. */
  | {
      readonly type: 'provider_refused';
      readonly code: string;
      readonly fault: RefusalFault;
    }
  /** The key can have no effect any more and there is no intent under it. */
  | { readonly type: 'key_spent'; readonly reason: string }
  | { readonly type: 'done' }
  /** Not known whether it happened, or it certainly did not yet: the same step again, later. */
  | { readonly type: 'unclear'; readonly reason: string };

/** Fields that change; absent = as before. A new state starts with tries = 0 and keyNo = 0. */
export interface Transition {
  readonly state: SagaState;
  readonly verdict?: Verdict;
  readonly seats?: readonly SeatIndex[];
  readonly areas?: readonly AreaQuantity[];
  readonly amountMinor?: number;
  readonly parts?: PriceParts;
  readonly deadlineMs?: number;
  readonly intentId?: string;
  /** The buyer has to do this first. */
  readonly challenge?: BuyerAction;
  readonly declineCode?: string;
  /** The provider's fingerprint of the card that was declined. */
  readonly card?: string;
  /** Why it ends as it will; set by the step that decides so, and not written over. */
  readonly reason?: string;
  /** What went wrong with a step that is tried again. */
  readonly error?: string;
  readonly keyNo?: number;
  readonly tries?: number;
  /** Money moved: it is entered in the ledger with the new state. */
  readonly moves?: 'capture';
  /** The step failed: do not go on at once. */
  readonly pause?: true;
}

export function nextStep(attempt: Attempt, nowMs: number): Step {
  switch (attempt.state) {
    case 'STARTED':
      return { type: 'begin' };
    case 'AUTHORISING':
      return nextOfAuthorising(attempt, nowMs);
    case 'AUTHORISED':
      return { type: 'book' };
    case 'BOOKED':
      return { type: 'capture', key: keyOf(attempt, '.capture'), intentId: intentOf(attempt) };
    case 'VOIDING':
      return { type: 'void', key: keyOf(attempt, '.void'), intentId: intentOf(attempt) };
    case 'RELEASING':
      return { type: 'release' };
    case 'UNBOOKING':
      return { type: 'unbook' };
    case 'CAPTURED':
    case 'DECLINED':
    case 'EXPIRED':
    case 'FAILED':
    case 'REJECTED':
      return { type: 'none' };
  }
}

export function decideSaga(attempt: Attempt, step: StepType, input: SagaInput): Transition {
  if (input.type === 'unclear') return again(attempt, input.reason);
  switch (step) {
    case 'begin':
      return afterBegin(attempt, input) ?? misplaced(attempt, input);
    case 'authorise':
      return afterAuthorise(attempt, input) ?? misplaced(attempt, input);
    case 'spend_key':
      return afterSpendKey(attempt, input) ?? misplaced(attempt, input);
    case 'look_up':
      return afterLookUp(attempt, input) ?? misplaced(attempt, input);
    case 'watch':
      return afterWatch(attempt, input) ?? misplaced(attempt, input);
    case 'abandon':
      return afterAbandon(attempt, input);
    case 'book':
      return afterBook(attempt, input) ?? misplaced(attempt, input);
    case 'capture':
      return afterCapture(attempt, input) ?? misplaced(attempt, input);
    case 'void':
      return afterVoid(attempt, input) ?? misplaced(attempt, input);
    case 'release':
      // A refusal means that the hold no longer waits for this attempt: what was wanted.
      return { state: attempt.verdict ?? 'FAILED' };
    case 'unbook':
      return { state: 'FAILED' };
    case 'none':
      return { state: attempt.state };
  }
}

const retryDelayMsMax = 30_000;

/** Milliseconds until the step is tried again; `fraction` in [0, 1) spreads the retries. */
export function retryDelayMs(tries: number, fraction: number, mostMs = retryDelayMsMax): number {
  const ceiling = Math.min(mostMs, 250 * 2 ** Math.min(tries, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * fraction);
}

function nextOfAuthorising(attempt: Attempt, nowMs: number): Step {
  const { intentId, createdAtMs } = attempt;
  const deadlineMs = attempt.deadlineMs ?? createdAtMs;
  const late = nowMs > deadlineMs;
  if (intentId !== null) return { type: late ? 'abandon' : 'watch', intentId };
  const old = nowMs - createdAtMs > keyLifetimeMs || attempt.paymentToken === null;
  if (old) return { type: 'look_up' };
  const key = keyOf(attempt, '');
  return late ? { type: 'spend_key', key } : { type: 'authorise', key, notAfterMs: deadlineMs };
}

function afterBegin(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'refused') return { state: 'REJECTED', reason: input.code };
  if (input.type !== 'begun') return null;
  const { seats, areas, amountMinor, parts, deadlineMs } = input;
  // Free seats need no card: there is nothing to authorise, capture or give back.
  const state = amountMinor === 0 ? 'AUTHORISED' : 'AUTHORISING';
  const told = parts === undefined ? {} : { parts };
  const begun = { state, seats, areas, amountMinor, deadlineMs, ...told } as const;
  if (state === 'AUTHORISED' || attempt.paymentToken !== null) return begun;
  return { ...begun, state: 'RELEASING', verdict: 'FAILED', reason: 'payment_token_missing' };
}

function afterAuthorise(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'intent') return afterIntent(attempt, input);
  if (input.type === 'declined') {
    const known = input.intentId === null ? {} : { intentId: input.intentId };
    const { declineCode } = input;
    return { state: 'RELEASING', verdict: 'DECLINED', declineCode, ...known, ...cardOf(input) };
  }
  if (input.type === 'provider_refused') {
    if (input.fault === 'buyer') {
      return { state: 'RELEASING', verdict: 'DECLINED', declineCode: input.code };
    }
    // Our credentials are refused before the key is looked at: an earlier call under the key may
    // have reserved money all the same. Only the very first call of an attempt may end it.
    const first = attempt.tries === 0 && attempt.leaseNo === 1;
    return first || input.fault === 'request'
      ? { state: 'RELEASING', verdict: 'FAILED', reason: input.code }
      : again(attempt, input.code);
  }
  // The provider failed for good under this key and nothing exists: the next key is safe.
  if (input.type === 'key_spent') return nextKey(attempt, input.reason);
  return null;
}

function afterSpendKey(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'intent') return afterIntent(attempt, input);
  if (input.type === 'declined') return afterAuthorise(attempt, input);
  if (input.type === 'key_spent') return { state: 'EXPIRED', reason: input.reason };
  if (input.type !== 'provider_refused') return null;
  // Refused for what it asks, an authorisation would be too; refused for our credentials, it
  // might still come through later.
  if (input.fault === 'access') return again(attempt, input.code);
  return { state: 'EXPIRED', reason: input.code };
}

function afterLookUp(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'intent') return afterIntent(attempt, input);
  if (input.type === 'key_spent') return { state: 'EXPIRED', reason: input.reason };
  return input.type === 'provider_refused' ? again(attempt, input.code) : null;
}

function afterWatch(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'intent') return afterIntent(attempt, input);
  return input.type === 'provider_refused' ? again(attempt, input.code) : null;
}

/** What was authorised in time and is looked at late is late money; all else is let go. */
function afterAbandon(attempt: Attempt, input: SagaInput): Transition {
  const status = input.type === 'intent' ? input.intent.status : null;
  if (status === 'authorised' || status === 'captured') return { state: 'AUTHORISED' };
  return {
    state: 'VOIDING',
    verdict: 'EXPIRED',
    reason: attempt.challenge === null ? 'processing_for_too_long' : 'not_authenticated_in_time',
  };
}

/** The intent of this attempt, however it was learned. */
function afterIntent(
  attempt: Attempt,
  { intent, note }: Extract<SagaInput, { type: 'intent' }>,
): Transition {
  const learned = afterStatus(attempt, intent);
  return note === undefined ? learned : { ...learned, error: note };
}

function afterStatus(attempt: Attempt, intent: IntentView): Transition {
  const intentId = intent.id;
  switch (intent.status) {
    case 'authorised':
    case 'captured':
      return { state: 'AUTHORISED', intentId };
    case 'declined':
      return {
        state: attempt.challenge === null ? 'RELEASING' : 'VOIDING',
        verdict: 'DECLINED',
        intentId,
        declineCode: intent.declineCode ?? 'generic_decline',
        ...cardOf(intent),
      };
    case 'action_required':
      return afterChallenge(attempt, intent);
    case 'unconfirmed':
      return { state: 'VOIDING', verdict: 'EXPIRED', intentId };
    case 'cancelled':
    case 'refunded':
      return { state: 'RELEASING', verdict: 'FAILED', intentId, reason: 'intent_cancelled' };
    case 'processing':
      return { ...again(attempt, 'processing'), intentId };
  }
}

/** The buyer may take as long as the hold waits; what nobody could show him is not waited for. */
function afterChallenge(attempt: Attempt, { id: intentId, challenge }: IntentView): Transition {
  if (challenge === undefined || challenge === null) {
    const declineCode = 'authentication_required';
    return { state: 'VOIDING', verdict: 'DECLINED', intentId, declineCode };
  }
  const tries = attempt.challenge === null ? 0 : attempt.tries + 1;
  return { state: 'AUTHORISING', tries, intentId, challenge, pause: true };
}

function afterBook(attempt: Attempt, input: SagaInput): Transition | null {
  const free = attempt.intentId === null;
  if (input.type === 'done') return { state: free ? 'CAPTURED' : 'BOOKED' };
  if (input.type === 'booked_late') {
    const { seats, areas } = input;
    return { state: free ? 'CAPTURED' : 'BOOKED', seats, areas };
  }
  if (input.type !== 'refused') return null;
  const gone =
    input.late === true || input.code === 'hold_expired' || input.code === 'hold_not_found';
  const verdict: Verdict = gone ? 'EXPIRED' : 'FAILED';
  if (!free) return { state: 'VOIDING', verdict, reason: input.code };
  return { state: gone ? 'EXPIRED' : 'RELEASING', verdict, reason: input.code };
}

function afterCapture(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'key_spent') return nextKey(attempt, input.reason);
  // Unknown intent or a wrong API key: the booking stands, an operator has to look.
  if (input.type === 'provider_refused') return refusedLater(attempt, input);
  if (input.type !== 'intent') return null;
  if (input.intent.status === 'captured') return { state: 'CAPTURED', moves: 'capture' };
  if (input.intent.status === 'cancelled') {
    // The bank let go of the authorisation: seats without money go back on sale.
    return { state: 'UNBOOKING', verdict: 'FAILED', reason: 'authorisation_lost' };
  }
  return nextKey(attempt, `not captured: ${input.intent.status}`);
}

function afterVoid(attempt: Attempt, input: SagaInput): Transition | null {
  if (input.type === 'key_spent') return nextKey(attempt, input.reason);
  if (input.type === 'provider_refused') return refusedLater(attempt, input);
  if (input.type !== 'intent') return null;
  const { status } = input.intent;
  const isBack = status === 'cancelled' || status === 'refunded';
  if (!isBack) return nextKey(attempt, `not cancelled: ${status}`);
  const verdict = attempt.verdict ?? 'FAILED';
  return { state: verdict === 'EXPIRED' ? 'EXPIRED' : 'RELEASING' };
}

const cardOf = ({ card }: { readonly card?: string | null }): Pick<Transition, 'card'> =>
  card === undefined || card === null ? {} : { card };

const again = (attempt: Attempt, reason: string): Transition => ({
  state: attempt.state,
  tries: attempt.tries + 1,
  error: reason,
  pause: true,
});

const nextKey = (attempt: Attempt, reason: string): Transition => ({
  ...again(attempt, reason),
  keyNo: attempt.keyNo + 1,
});

/** What was refused for the request is kept under its key, for as long as that lives. */
const refusedLater = (
  attempt: Attempt,
  { code, fault }: Extract<SagaInput, { type: 'provider_refused' }>,
): Transition => (fault === 'access' ? again(attempt, code) : nextKey(attempt, code));

function keyOf(attempt: Attempt, suffix: string): string {
  return `${attempt.attemptId}${suffix}${attempt.keyNo === 0 ? '' : `.${attempt.keyNo}`}`;
}

function intentOf(attempt: Attempt): string {
  if (attempt.intentId === null) {
    throw new Error(`attempt ${attempt.attemptId} is ${attempt.state} without an intent`);
  }
  return attempt.intentId;
}

function misplaced(attempt: Attempt, input: SagaInput): never {
  const settled = isSettled(attempt.state) ? ' (settled)' : '';
  throw new Error(`${input.type} makes no sense in ${attempt.state}${settled}`);
}
