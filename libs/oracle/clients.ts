import type { BookingAttempt, BuyerEvidence, HoldAttempt } from './evidence.js';
import { sameMembers, type MadeHold, type Model } from './model.js';
import type { Findings } from './verdict.js';

/**
 * What buyers were told against what the journal has (G2, G4): acknowledged = there, refused =
 * not there, unknown = there at most once, and the order in which answers came is kept.
 */
export function checkClients(
  buyers: readonly BuyerEvidence[],
  model: Model,
  seatIds: readonly string[],
  findings: Findings,
): void {
  findings.touch(
    'acknowledged_in_journal',
    'one_answer_per_effect',
    'promise_kept',
    'refused_without_effect',
    'unknown_at_most_once',
    'real_time_order',
  );
  const holdsOf = groupByUser(model.made);
  const bookingsOf = groupByUser(model.bookings);
  for (const buyer of buyers) {
    const look: Look = { buyer, model, seatIds, findings };
    checkHolds(look, holdsOf.get(buyer.userId) ?? new Map<string, MadeHold>());
    checkBookings(look, [...(bookingsOf.get(buyer.userId)?.keys() ?? [])]);
    checkReleases(look);
  }
  checkOrder(buyers, model, findings);
}

interface Look {
  readonly buyer: BuyerEvidence;
  readonly model: Model;
  readonly seatIds: readonly string[];
  readonly findings: Findings;
}

function checkHolds(look: Look, journal: ReadonlyMap<string, MadeHold>): void {
  const { buyer, findings, seatIds } = look;
  const seatsOf = (hold: MadeHold) => hold.seats.map((seat) => seatIds[seat]);
  const unaccounted = new Map(journal);
  for (const attempt of buyer.holds) {
    if (attempt.outcome !== 'acknowledged') continue;
    const id = attempt.reservationId ?? '';
    const hold = journal.get(id);
    findings.expect(
      'acknowledged_in_journal',
      hold !== undefined && sameMembers(seatsOf(hold), attempt.seats),
      () => `hold ${id} of ${buyer.userId}: ${hold === undefined ? 'missing' : 'other seats'}`,
    );
    findings.expect(
      'one_answer_per_effect',
      hold === undefined || unaccounted.delete(id),
      () => `hold ${id} was given as the answer to two requests`,
    );
    checkPromise(look, id, attempt);
  }
  const seatLists = [...unaccounted].map(([id, hold]) => ({ id, seats: seatsOf(hold) }));
  checkUnaccounted(look, 'hold', seatLists, buyer.holds);
}

/** G3 as the buyer sees it: by the clock of the database, not by that of the owner. */
function checkPromise({ model, findings }: Look, id: string, attempt: HoldAttempt): void {
  const { promisedUntilMs } = attempt;
  if (promisedUntilMs === undefined) return;
  const endedAtMs = model.expiryWrittenAtMs.get(id);
  findings.expect(
    'promise_kept',
    endedAtMs === undefined || endedAtMs >= promisedUntilMs,
    () =>
      `hold ${id} expired ${promisedUntilMs - (endedAtMs ?? 0)} ms before the time it was given`,
  );
}

/** Effects without an acknowledgement need an unanswered request each, for just those seats. */
function checkUnaccounted(
  { buyer, findings }: Look,
  what: string,
  effects: readonly { readonly id: string; readonly seats: readonly string[] }[],
  attempts: readonly (HoldAttempt | BookingAttempt)[],
): void {
  const unknown = attempts.filter((attempt) => attempt.outcome === 'unknown');
  const open = [...unknown];
  for (const { id, seats } of effects) {
    const at = open.findIndex((attempt) => sameMembers(attempt.seats, seats));
    const explained = at >= 0;
    if (explained) open.splice(at, 1);
    const hadUnknown = unknown.some((attempt) => sameMembers(attempt.seats, seats));
    findings.expect(
      hadUnknown ? 'unknown_at_most_once' : 'refused_without_effect',
      explained,
      () => `${what} ${id} of ${buyer.userId} is in the journal, but was not acknowledged`,
    );
  }
  // Requests that left nothing behind were looked at too.
  for (const attempt of attempts) {
    if (attempt.outcome === 'refused') findings.expect('refused_without_effect', true, nothing);
    if (attempt.outcome === 'unknown') findings.expect('unknown_at_most_once', true, nothing);
  }
}

const nothing = () => '';

function checkBookings(look: Look, journal: readonly string[]): void {
  const { buyer, model, seatIds, findings } = look;
  const unaccounted = new Set(journal);
  for (const attempt of buyer.bookings) {
    if (attempt.outcome !== 'acknowledged') continue;
    const id = attempt.bookingId ?? '';
    const booking = model.bookings.get(id);
    const found =
      booking !== undefined &&
      booking.userId === buyer.userId &&
      booking.holdId === attempt.reservationId &&
      sameMembers(
        booking.sold.map((seat) => seatIds[seat]),
        attempt.seats,
      );
    findings.expect(
      'acknowledged_in_journal',
      found,
      () => `booking ${id} of ${buyer.userId}: ${booking === undefined ? 'missing' : 'different'}`,
    );
    findings.expect(
      'one_answer_per_effect',
      !found || unaccounted.delete(id),
      () => `booking ${id} was given as the answer to two requests`,
    );
  }
  const effects = [...unaccounted].map((id) => ({
    id,
    seats: (model.bookings.get(id)?.sold ?? []).map((seat) => seatIds[seat]),
  }));
  checkUnaccounted(look, 'booking', effects, buyer.bookings);
}

function checkReleases({ buyer, model, findings }: Look): void {
  for (const attempt of buyer.releases) {
    if (attempt.outcome !== 'acknowledged') continue;
    const end = model.ended.get(attempt.reservationId);
    findings.expect(
      'acknowledged_in_journal',
      end === 'released',
      () => `release of ${attempt.reservationId}: the hold is ${end ?? 'still live'}`,
    );
  }
}

/** Walks back through the journal: nothing may follow that was answered before this was sent. */
function checkOrder(buyers: readonly BuyerEvidence[], model: Model, findings: Findings): void {
  const answered = buyers
    .flatMap((buyer) => buyer.holds)
    .filter((attempt) => attempt.outcome === 'acknowledged')
    .flatMap((attempt) => {
      const hold = model.made.get(attempt.reservationId ?? '');
      return hold === undefined ? [] : [{ attempt, version: hold.version }];
    })
    .sort((a, b) => b.version - a.version);
  let earliestAnswer: HoldAttempt | undefined;
  for (const { attempt } of answered) {
    const earliest = earliestAnswer;
    findings.expect(
      'real_time_order',
      earliest === undefined || earliest.answeredAtMs >= attempt.sentAtMs,
      () =>
        `hold ${earliest?.reservationId} was answered before ` +
        `${attempt.reservationId} was sent, but is later in the journal`,
    );
    if (earliest === undefined || attempt.answeredAtMs < earliest.answeredAtMs) {
      earliestAnswer = attempt;
    }
  }
}

function groupByUser<T extends { readonly userId: string }>(
  entries: ReadonlyMap<string, T>,
): Map<string, Map<string, T>> {
  const groups = new Map<string, Map<string, T>>();
  for (const [id, entry] of entries) {
    let group = groups.get(entry.userId);
    if (group === undefined) groups.set(entry.userId, (group = new Map<string, T>()));
    group.set(id, entry);
  }
  return groups;
}
