import { limits } from '#libs/contracts/limits.js';
import type { PriceParts } from '#libs/contracts/money/price-parts.js';
import type { Answer, HoldOutcome, Outcome } from '#libs/inventory/rules/decision.js';
import type { Command } from '#libs/inventory/commands.js';
import type { BookingId, CommandId, MinorUnits } from '#libs/inventory/ids.js';
import type { CallResult, InventoryClient, TracedCall } from '#libs/routing/inventory-call.js';
import type { Clock } from '#libs/platform/clock.js';
import { assert, unreachable } from '#libs/platform/assert.js';

import type { AuthoriseRequest, PaymentProvider, ProviderResult } from '../provider/provider.js';
import type { BookedPlaces, LateLook } from '../store/attempt-store.js';
import type { Attempt } from './attempt.js';
import type { SagaInput, Step } from './decide-saga.js';

/**
 * Executes one step of the saga against the inventory and the payment provider. Never decides:
 * it turns what it hears into an input for decideSaga. Safe to run twice, also at the same time.
 */
export interface StepPorts {
  readonly inventory: InventoryClient;
  readonly provider: PaymentProvider;
  readonly bookedPlaces: (bookingId: BookingId) => Promise<BookedPlaces | null>;
  readonly lookLate: (attempt: Attempt) => Promise<LateLook | 'not_ours' | null>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** For how long the look at a late payment keeps the attempt this worker's. */
  readonly leaseMs: number;
  /** What of its total is fee and tax; null: nobody knows. Absent: nobody asks. */
  readonly partsOf?: (attempt: Attempt, hold: HoldOutcome) => Promise<PriceParts | null>;
  /** For a command of the step that runs; absent, or null: it is not traced. */
  readonly traced?: () => TracedCall | null;
}

export function executeStep(ports: StepPorts, attempt: Attempt, step: Step): Promise<SagaInput> {
  switch (step.type) {
    case 'begin':
      return begin(ports, attempt);
    case 'authorise':
      return authorise(ports, attempt, step);
    case 'spend_key':
      return spendKey(ports, attempt, step.key);
    case 'look_up':
      return lookUp(ports, attempt, 'the key is too old to say anything');
    case 'watch':
    case 'abandon':
      return ports.provider.inspect(step.intentId).then(inputOf);
    case 'book':
      return book(ports, attempt);
    case 'capture':
      return orInspect(ports.provider, step.intentId, captureOf(ports, step));
    case 'void':
      return giveBack(ports, step);
    case 'release': {
      const { holdId, attemptId } = attempt;
      return simple(ports, attempt, 'fail', { type: 'FailPayment', holdId, attemptId });
    }
    case 'unbook': {
      const { bookingId } = attempt;
      return simple(ports, attempt, 'cancel', { type: 'CancelBooking', bookingId });
    }
    case 'none':
      return Promise.resolve({ type: 'done' });
    default:
      return unreachable(step);
  }
}

const captureOf = (
  { provider }: StepPorts,
  { intentId, key }: Extract<Step, { type: 'capture' }>,
): Promise<ProviderResult> => provider.capture(intentId, key);

async function begin(ports: StepPorts, attempt: Attempt): Promise<SagaInput> {
  const { holdId, attemptId } = attempt;
  const result = await send(ports, attempt, 'begin', { type: 'BeginPayment', holdId, attemptId });
  const answer = answerOf(result);
  if ('type' in answer) return answer;
  if (answer.kind === 'refused') return { type: 'refused', code: answer.refusal.code };
  const hold = holdOf(answer.outcome);
  const parts = (await ports.partsOf?.(attempt, hold)) ?? null;
  return {
    type: 'begun',
    seats: hold.seats,
    areas: hold.areas,
    amountMinor: hold.totalMinor,
    ...(parts === null ? {} : { parts }),
    deadlineMs: hold.deadlineMs,
  };
}

async function book(ports: StepPorts, attempt: Attempt): Promise<SagaInput> {
  const { holdId, bookingId, attemptId } = attempt;
  const command: Command = { type: 'BookHold', holdId, bookingId, attemptId };
  const input = await simple(ports, attempt, 'book', command);
  if (input.type !== 'refused') return input;
  const before = await bookedBefore(ports, bookingId);
  if (before !== null) return before;
  const gone = input.code === 'hold_expired' || input.code === 'hold_not_found';
  return gone && attempt.intentId !== null ? bookLate(ports, attempt, input) : input;
}

/**
 * The owner remembers answers for a bounded number of commands; the booking row is for ever. It
 * says which places: a lost answer of the ladder may have been an alternative block.
 */
async function bookedBefore(ports: StepPorts, bookingId: BookingId): Promise<SagaInput | null> {
  const places = await ports.bookedPlaces(bookingId);
  if (places === null) return null;
  const { seats, areas } = places;
  return { type: 'booked_late', seats, areas };
}

/**
 * The hold is gone for good, so what comes of a repetition is the ladder's answer again (G4). Not
 * asked for while the journal cannot say it: an owner of the release before does not know it.
 *
 * It has its effect while this worker's lease lasts or not at all: nothing of the hold is left that
 * would refuse a worker who stood still while another gave the money back.
 */
async function bookLate(
  ports: StepPorts,
  attempt: Attempt,
  refused: SagaInput,
): Promise<SagaInput> {
  const sinceMs = ports.clock.monotonicMs();
  const look = await ports.lookLate(attempt);
  if (look === null) return refused;
  const keptMs = ports.leaseMs * limits.sagaFencePart;
  const withinMs = Math.floor(sinceMs + keptMs - ports.clock.monotonicMs());
  if (look === 'not_ours' || withinMs <= 0) return { type: 'unclear', reason: 'the lease is over' };
  const { holdId, bookingId, attemptId, seats, areas, amountMinor } = attempt;
  const command: Command = {
    type: 'BookLate',
    holdId,
    bookingId,
    attemptId,
    seats,
    areas,
    totalMinor: amountMinor as MinorUnits,
    alternative: attempt.acceptsAlternative,
    newer: look.newer,
  };
  const answer = answerOf(await send(ports, attempt, 'book_late', command, withinMs));
  if ('type' in answer) return answer;
  if (answer.kind === 'refused') {
    // Another worker may have been faster, and have told the owner of other newer attempts.
    const { code } = answer.refusal;
    return (await bookedBefore(ports, bookingId)) ?? { type: 'refused', code, late: true };
  }
  const { outcome } = answer;
  assert(outcome.type === 'booking', `BookLate answered ${outcome.type}`);
  return { type: 'booked_late', seats: outcome.seats, areas: outcome.areas };
}

/** Places that were booked for money that had gone back by then are free again. */
export function dropLate(ports: StepPorts, attempt: Attempt): Promise<SagaInput> {
  const { bookingId } = attempt;
  return simple(ports, attempt, 'drop_late', { type: 'CancelBooking', bookingId });
}

async function authorise(
  ports: StepPorts,
  attempt: Attempt,
  step: Extract<Step, { type: 'authorise' }>,
): Promise<SagaInput> {
  const request = requestOf(attempt, step.key);
  return orLookUp(ports, attempt, await ports.provider.authorise(request, step.notAfterMs));
}

/** Only a key that was used is recalled: an unused one is spent by now, and authorises nothing. */
async function spendKey(ports: StepPorts, attempt: Attempt, key: string): Promise<SagaInput> {
  const request = requestOf(attempt, key);
  const result = await ports.provider.spendKey(request);
  const used = result.kind === 'key_spent' && result.by === 'other_request';
  if (!used) return inputOf(result);
  return orLookUp(ports, attempt, await ports.provider.recall(request));
}

/** What the provider failed at may have had its effect all the same. */
function orLookUp(
  ports: StepPorts,
  attempt: Attempt,
  result: ProviderResult,
): SagaInput | Promise<SagaInput> {
  if (result.kind !== 'key_spent') return inputOf(result);
  return lookUp(ports, attempt, result.reason);
}

/** The last resort: all that was created in the hold's own time is looked through. */
async function lookUp(ports: StepPorts, attempt: Attempt, why: string): Promise<SagaInput> {
  const { attemptId, createdAtMs, deadlineMs } = attempt;
  const window = { fromMs: createdAtMs, toMs: deadlineMs ?? createdAtMs };
  const found = await ports.provider.find(attemptId, window);
  if (found === null) return { type: 'key_spent', reason: `${why}; there is no intent` };
  const input = inputOf(found);
  if (input.type !== 'intent') return input;
  return { ...input, note: `${why}; the intent was looked for by the attempt's id` };
}

/** What was authorised is cancelled; what somebody has captured all the same is refunded. */
async function giveBack(
  { provider }: StepPorts,
  { intentId, key }: Extract<Step, { type: 'void' }>,
): Promise<SagaInput> {
  const input = await orInspect(provider, intentId, provider.cancel(intentId, key));
  const captured = input.type === 'intent' && input.intent.status === 'captured';
  return captured ? inputOf(await provider.refund(intentId, `${key}.refund`)) : input;
}

/** A spent key says nothing about the intent; the intent itself does. */
async function orInspect(
  provider: PaymentProvider,
  intentId: string,
  asked: Promise<ProviderResult>,
): Promise<SagaInput> {
  const result = await asked;
  if (result.kind !== 'key_spent') return inputOf(result);
  const seen = await provider.inspect(intentId);
  const final =
    seen.kind === 'intent' &&
    (seen.intent.status === 'captured' || seen.intent.status === 'cancelled');
  // What could not be asked is asked later under the same key; what did not happen, under the next.
  return inputOf(seen.kind !== 'intent' || final ? seen : result);
}

function inputOf(result: ProviderResult): SagaInput {
  switch (result.kind) {
    case 'intent':
      return { type: 'intent', intent: result.intent };
    case 'declined':
      return {
        type: 'declined',
        intentId: result.intentId,
        declineCode: result.declineCode,
        card: result.card ?? null,
      };
    case 'refused':
      return { type: 'provider_refused', code: result.code, fault: result.fault };
    case 'key_spent':
      return { type: 'key_spent', reason: result.reason };
    case 'unclear':
      return { type: 'unclear', reason: result.reason };
  }
}

function requestOf(attempt: Attempt, key: string): AuthoriseRequest {
  assert(attempt.paymentToken !== null, 'an attempt without its token cannot be authorised');
  return {
    key,
    amountMinor: attempt.amountMinor,
    currencyDigits: attempt.currencyDigits,
    currency: attempt.currency,
    paymentToken: attempt.paymentToken,
    returnUrl: attempt.returnUrl,
    metadata: {
      attempt_id: attempt.attemptId,
      booking_id: attempt.bookingId,
      reservation_id: attempt.holdId,
      event_id: attempt.eventId,
    },
  };
}

/** A command of which only yes or no matters. */
async function simple(
  ports: StepPorts,
  attempt: Attempt,
  name: string,
  command: Command,
): Promise<SagaInput> {
  const answer = answerOf(await send(ports, attempt, name, command));
  if ('type' in answer) return answer;
  return answer.kind === 'accepted'
    ? { type: 'done' }
    : { type: 'refused', code: answer.refusal.code };
}

/** The command id follows from the attempt: sent again after a crash it is the same (G4). */
function send(
  ports: StepPorts,
  attempt: Attempt,
  name: string,
  request: Command,
  withinMs: number = limits.commandDeadlineMsMax,
): Promise<CallResult> {
  const traced = ports.traced?.() ?? null;
  return ports.inventory.call({
    eventId: attempt.eventId,
    commandId: `pay.${attempt.attemptId}.${name}` as CommandId,
    keyed: true,
    userId: attempt.userId,
    request,
    withinMs,
    ...(attempt.trace === null ? {} : { trace: attempt.trace }),
    ...(traced === null ? {} : { traced }),
  });
}

function answerOf(result: CallResult): Answer | Extract<SagaInput, { type: 'unclear' }> {
  if (result.kind === 'answered') return result.answer;
  return { type: 'unclear', reason: `inventory: ${result.kind}` };
}

function holdOf(outcome: Outcome): Extract<Outcome, { type: 'hold' }> {
  assert(outcome.type === 'hold', `BeginPayment answered ${outcome.type}`);
  return outcome;
}
