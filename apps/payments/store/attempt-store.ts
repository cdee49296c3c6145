import type { AreaQuantity } from '#libs/inventory/commands.js';
import type {
  AttemptId,
  BookingId,
  EventId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';

import type { Attempt } from '../saga/attempt.js';
import type { Transition } from '../saga/decide-saga.js';
import type { ProviderNews } from '../webhooks/stripe-events.js';

/**
 * The table of payment attempts as one start of one payments process has it. Every change of state
 * is one transaction that holds the new state and its ledger rows; it applies only while the
 * caller still has the lease, so two workers never move one attempt (their provider calls carry
 * the same keys in any case, PP1). Implemented over Postgres, and in memory for simulated runs; one
 * feature suite holds both to the same rules.
 */
export interface AttemptStore {
  /** One attempt for a buyer's key, one live attempt for a buyer's hold. */
  insert(wanted: NewAttempt): Promise<Inserted>;
  byKey(userId: UserId, idempotencyKey: string): Promise<Attempt | null>;
  /**
   * All that is to be known before a new attempt is made, of one moment: a booking that is there
   * has its attempt there too.
   */
  lookBefore(tried: Tried, idempotencyKey: string, withinMs: number): Promise<LookBefore>;
  byId(attemptId: AttemptId): Promise<Attempt | null>;
  /** null: the lease was lost, somebody else goes on with the attempt. */
  advance(attempt: Attempt, to: Transition, nextTryDelayMs: number): Promise<Attempt | null>;
  /** Takes over up to `limit` attempts that are due and that nobody works on, of other events. */
  claimDue(limit: number, except?: readonly EventId[]): Promise<readonly Attempt[]>;
  renew(attemptIds: readonly AttemptId[]): Promise<void>;
  /** At a graceful stop: whoever scans next may go on at once. */
  giveBack(): Promise<void>;
  /** Those that have settled, or wait for their buyer. */
  answerableAmong(attemptIds: readonly AttemptId[]): Promise<readonly AttemptId[]>;
  /**
   * The buyer is back: an attempt that waits for him is due now, if it was not looked at within
   * `notWithinMs`. null: it does not, or it was.
   */
  hasten(bookingId: BookingId, notWithinMs: number): Promise<AttemptId | null>;
  /**
   * Records what the provider said and, in the same transaction, makes the attempt due that it is
   * about, if that waits for the provider. An event has its effect once, whenever it comes.
   */
  hear(news: ProviderNews): Promise<Heard>;
  /** Forgets the oldest events, at most `most`; how many. */
  forgetNews(olderThanMs: number, most: number): Promise<number>;
  /** Journal truth: the booking row is written with the batch that sold them. null: none lives. */
  bookedPlaces(bookingId: BookingId): Promise<BookedPlaces | null>;
  /** The booking that a buyer's hold became, by whatever key, and that still lives. */
  bookedAs(userId: UserId, holdId: HoldId): Promise<BookingId | null>;
  /**
   * What the late-payment ladder is told; null: the journal cannot say its answers yet. The lease
   * is renewed by it, unless somebody else has it: then `not_ours`.
   */
  lookLate(attempt: Attempt): Promise<LateLook | 'not_ours' | null>;
  /** Live attempts per state, and how many have not moved for `stuckAfterMs`. */
  census(stuckAfterMs: number): Promise<Census>;
}

export interface Heard {
  /** It was not recorded before. */
  readonly isNew: boolean;
  /** An attempt is due now, and nobody works on it. */
  readonly isDue: boolean;
}

export interface LookBefore {
  /** The attempt of this key of the buyer's. */
  readonly known: Attempt | null;
  /** What his hold became, by whatever key, if that lives. */
  readonly bookedAs: BookingId | null;
  /** What was declined lately of the same reservation, buyer, card and address (CT1). */
  readonly declines: Declines;
}

export interface BookedPlaces {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
}

export interface LateLook {
  /** What the buyer's newer attempts for the event would become, the newest first. */
  readonly newer: readonly BookingId[];
}

export interface NewAttempt {
  readonly attemptId: AttemptId;
  readonly bookingId: BookingId;
  readonly userId: UserId;
  readonly holdId: HoldId;
  readonly eventId: EventId;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
  /** null: for seats that cost nothing. */
  readonly paymentToken: string | null;
  readonly returnUrl: string | null;
  readonly acceptsAlternative: boolean;
  readonly currency: string;
  readonly currencyDigits: number;
  readonly trace: string;
  readonly span: string | null;
  readonly tokenKey: string | null;
  readonly addressKey: string | null;
}

/** What attempts have in common that may be one person's trying of cards. */
export interface Tried {
  readonly holdId: HoldId;
  readonly userId: UserId;
  /** Digest of the payment token; null: none, or one that is everybody's. */
  readonly tokenKey: string | null;
  /** What the gateway says of the address; null: nothing. */
  readonly addressKey: string | null;
}

/** How many were declined, at most declinesCountedMax, and how long ago the last was. */
export interface DeclinesOf {
  readonly count: number;
  /** By the clock of the table; 0 when none was. */
  readonly agoMs: number;
}

export const declineScopes = ['reservation', 'buyer', 'card', 'address'] as const;
export type DeclineScope = (typeof declineScopes)[number];

export interface Declines extends Readonly<Record<DeclineScope, DeclinesOf>> {
  /** The buyer's attempts that have not ended, for whatever reservation. */
  readonly live: number;
}

/** More are not told apart: the longest wait is reached long before. */
export const declinesCountedMax = 64;

export type Inserted =
  | { readonly kind: 'new'; readonly attempt: Attempt }
  /** The buyer used this idempotency key before. */
  | { readonly kind: 'same_key'; readonly attempt: Attempt }
  /** Another key of the same buyer is paying for the hold at this moment. */
  | { readonly kind: 'hold_busy' };

export interface Census {
  readonly byState: ReadonlyMap<string, number>;
  readonly stuck: number;
}
