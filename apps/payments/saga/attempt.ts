import type { BuyerAction } from '#libs/contracts/payments.js';
import type { PriceParts } from '#libs/contracts/money/price-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type {
  AttemptId,
  BookingId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';

/**
 * One attempt to pay for one hold, as stored. The state names the step that comes next:
 *
 *   STARTED ──begin──> AUTHORISING ──authorise──> AUTHORISED ──book──> BOOKED ──capture──> CAPTURED
 *      │                   │                          │                   │
 *      └─> REJECTED        │ declined                 │ seats lost        │ authorisation lost
 *                          v                          v                   v
 *                      RELEASING <────────────── VOIDING             UNBOOKING ──> FAILED
 *                          └──> DECLINED | FAILED     └──> EXPIRED
 *
 * AUTHORISING with a challenge waits for the buyer (3-D Secure). It is no state of its own, so that
 * a release that knows nothing of it does what it always did with such a card, and lets it go.
 */
export const liveStates = [
  'STARTED',
  'AUTHORISING',
  'AUTHORISED',
  'BOOKED',
  'VOIDING',
  'RELEASING',
  'UNBOOKING',
] as const;

export const settledStates = ['CAPTURED', 'DECLINED', 'EXPIRED', 'FAILED', 'REJECTED'] as const;

export type LiveState = (typeof liveStates)[number];
export type SettledState = (typeof settledStates)[number];
export type SagaState = LiveState | SettledState;
/** Where an attempt that is being undone ends. */
export type Verdict = 'DECLINED' | 'EXPIRED' | 'FAILED';

export interface Attempt {
  readonly attemptId: AttemptId;
  readonly bookingId: BookingId;
  readonly userId: UserId;
  readonly holdId: HoldId;
  readonly eventId: EventId;
  readonly fingerprint: string;
  /** null as soon as no authorisation can be asked for, or asked about, with it. */
  readonly paymentToken: string | null;
  readonly state: SagaState;
  readonly verdict: Verdict | null;
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly amountMinor: number;
  /** What of it is fee and tax; null: not known, as of an attempt from before. */
  readonly parts: PriceParts | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** Decimals of the amount; null: made by a release that did not say. */
  readonly currencyDigits: number | null;
  /** Until when the hold waits; null before BeginPayment. */
  readonly deadlineMs: number | null;
  readonly intentId: string | null;
  /** What the buyer is to do; null: nothing. His secret is forgotten when he has done it. */
  readonly challenge: BuyerAction | null;
  readonly returnUrl: string | null;
  /** To an equal block of the same total, should his seats be gone when the money comes late. */
  readonly acceptsAlternative: boolean;
  /** Counts who said that there is news at the provider: none is missed while it is asked. */
  readonly hints: number;
  readonly declineCode: string | null;
  /** Why it ends, or ended, otherwise than CAPTURED; null before that is decided. */
  readonly reason: string | null;
  /** The last failed try of any step, for operators. */
  readonly error: string | null;
  /** How many of the provider's idempotency keys were spent in this state. */
  readonly keyNo: number;
  /** Failed tries of the present step. */
  readonly tries: number;
  readonly leaseNo: number;
  readonly createdAtMs: number;
  /** Of the request that made it; null when that was before traces were kept. */
  readonly trace: string | null;
  /** Of that request, when it is traced (TC1); null: it is not. */
  readonly span: string | null;
}

/**
 * A secret is kept no longer than it is needed: until the provider's answer is known. While it is
 * still processing there is none, and a release that knows nothing of that asks anew, with it.
 */
export const needsToken = (state: SagaState): boolean =>
  state === 'STARTED' || state === 'AUTHORISING';

/** Nothing goes on before the buyer has answered his bank, or the hold is over. */
export const waitsForBuyer = (attempt: Attempt): boolean =>
  attempt.state === 'AUTHORISING' && attempt.challenge !== null;

/** What every log line about an attempt says of it. */
export const namedAttempt = (attempt: Attempt): Readonly<Record<string, string>> => ({
  ...(attempt.trace === null ? {} : { trace: attempt.trace }),
  attempt: attempt.attemptId,
  booking: attempt.bookingId,
  reservation: attempt.holdId,
  event: attempt.eventId,
  user: attempt.userId,
});

/** Money is there for its booking, or may yet be taken. */
export const mayBeBooked = (state: SagaState): boolean =>
  state === 'AUTHORISED' || state === 'BOOKED' || state === 'CAPTURED';

export const isSettled = (state: SagaState): state is SettledState =>
  (settledStates as readonly string[]).includes(state);
