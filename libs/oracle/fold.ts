import type { Fact } from '#libs/inventory/facts.js';
import { mayCause } from './causers.js';
import { Charges } from './charges.js';
import type { HistoryPlan } from './history.js';
import { Lateness } from './lateness.js';
import {
  Model,
  quantities,
  sameMembers,
  sameQuantities,
  type HoldEnd,
  type HoldState,
} from './model.js';
import { Places, type ExpectOfFact } from './places.js';
import type { CheckName, Findings } from './verdict.js';

/**
 * Folds facts into the model and judges each one against what came before it (G1, G3, G4). A fact
 * that is wrong is reported and folded all the same, as far as it makes sense, so that one fault
 * does not hide the next.
 */
export class Fold {
  readonly model: Model;
  #nowMs = 0;
  readonly #commands = new Set<string>();
  readonly #places: Places;
  readonly #charges: Charges;
  readonly #lateness: Lateness;
  readonly #flagsOfSeat: HistoryPlan['flagsOfSeat'];

  constructor(
    plan: HistoryPlan,
    private readonly findings: Findings,
  ) {
    this.model = new Model(plan.seatIds);
    const expect: ExpectOfFact = (...look) => this.#expect(...look);
    this.#charges = new Charges(this.model, expect);
    this.#lateness = new Lateness(this.model, plan, this.#charges, expect);
    this.#flagsOfSeat = plan.flagsOfSeat;
    const capacityOf = (area: number) =>
      this.#charges.capacities?.[area] ?? plan.areaCapacities[area] ?? 0;
    this.#places = new Places(this.model, plan, capacityOf, expect);
    findings.touch(
      'time_monotone',
      'command_once',
      'caused_by_who_may',
      'seat_one_owner',
      'places_exist',
      'charged_as_held',
      'rules_in_order',
      'hold_kept_until_deadline',
      'hold_live_when_used',
      'late_as_held',
      'nothing_after_cancellation',
      'booking_from_live_hold',
      'cancel_of_live_booking',
    );
  }

  apply(fact: Fact): void {
    this.model.version++;
    const nowMs = this.#nowMs;
    this.#expect('time_monotone', fact.atMs >= nowMs, fact, () => `${fact.atMs} after ${nowMs}`);
    this.#nowMs = Math.max(nowMs, fact.atMs);
    this.#lateness.check(fact);
    this.#checkCommand(fact);
    this.#expect('caused_by_who_may', mayCause(fact), fact, () => `by ${fact.by.role}`);
    this.#fold(fact);
  }

  #fold(fact: Fact): void {
    switch (fact.type) {
      case 'SeatsHeld':
        return this.#held(fact);
      case 'HoldExtended':
        return this.#extended(fact);
      case 'HoldReleased':
        return this.#released(fact);
      case 'HoldExpired':
        return this.#expired(fact);
      case 'PaymentBegun':
        return this.#paymentBegun(fact);
      case 'PaymentFailed':
        return this.#paymentFailed(fact);
      case 'SeatsBooked':
        return this.#booked(fact);
      case 'SeatsBookedLate':
        return this.#bookedLate(fact);
      case 'BookingCancelled':
        return this.#cancelled(fact);
      case 'SeatsBlocked':
        return this.#blocked(fact);
      case 'SeatsUnblocked':
        return this.#unblocked(fact);
      case 'RulesChanged':
        return this.#charges.rulesChanged(fact);
      case 'EventCancelled':
        return this.#lateness.cancelled(fact);
      case 'SaleOpened':
      case 'SaleClosed':
      case 'CommandRefused':
        return;
    }
  }

  /** One fact names its command: two that name the same are two effects, also side by side. */
  #checkCommand(fact: Fact): void {
    const commandId = fact.cause?.commandId;
    if (commandId === undefined) return;
    const fresh = !this.#commands.has(commandId);
    this.#expect('command_once', fresh, fact, () => `command ${commandId} ran before`);
    this.#commands.add(commandId);
  }

  #held(fact: Fact & { type: 'SeatsHeld' }): void {
    const { model } = this;
    const isNew = !model.made.has(fact.holdId);
    this.#expect('command_once', isNew, fact, () => `hold ${fact.holdId} was made before`);
    this.#expect('hold_kept_until_deadline', fact.deadlineMs > fact.atMs, fact, () => 'no time');
    for (const seat of fact.seats) {
      this.#places.take(fact, seat, { word: 'held', owner: fact.holdId });
    }
    for (const { area, quantity } of fact.areas) this.#places.change(fact, area, 'held', quantity);
    this.#checkNeed(fact);
    model.holds.set(fact.holdId, {
      userId: fact.userId,
      seats: new Set(fact.seats),
      areas: quantities(fact.areas),
      deadlineMs: fact.deadlineMs,
      ownDeadlineMs: fact.deadlineMs,
      attemptId: null,
      prices: this.#charges.held(fact),
      total: fact.totalMinor,
    });
    model.made.set(fact.holdId, {
      userId: fact.userId,
      seats: fact.seats,
      version: model.version,
    });
  }

  /** Looked at from the first change of the rules on: those of before are not in the journal. */
  #checkNeed(fact: Fact & { type: 'SeatsHeld' }): void {
    if (this.#charges.release !== 'never' || fact.prices === null) return;
    if (!fact.seats.some((seat) => (this.#flagsOfSeat[seat] & 1) !== 0)) return;
    const isSaid = (fact.wheelchairs ?? 0) > 0;
    this.#expect('kept_for_need', isSaid, fact, () => `${fact.holdId} has a space without need`);
  }

  #extended(fact: Fact & { type: 'HoldExtended' }): void {
    const hold = this.#liveHold(fact);
    if (hold === undefined) return;
    this.#keepDeadline(fact, fact.deadlineMs, hold.deadlineMs);
    hold.deadlineMs = fact.deadlineMs;
    hold.ownDeadlineMs = fact.deadlineMs;
  }

  #released(fact: Fact & { type: 'HoldReleased' }): void {
    const hold = this.#liveHold(fact);
    if (hold === undefined) return;
    this.#charges.released(fact, hold);
    for (const seat of fact.seats) this.#places.free(fact, seat, hold);
    for (const { area, quantity } of fact.areas) {
      const left = (hold.areas.get(area) ?? 0) - quantity;
      this.#expect('hold_live_when_used', left >= 0, fact, () => `area ${area} not in the hold`);
      if (left > 0) hold.areas.set(area, left);
      else hold.areas.delete(area);
      this.#places.change(fact, area, 'held', -quantity);
    }
    if (hold.seats.size === 0 && hold.areas.size === 0) this.#end(fact.holdId, 'released');
  }

  #expired(fact: Fact & { type: 'HoldExpired' }): void {
    const hold = this.#liveHold(fact);
    if (hold === undefined) return;
    this.#expect(
      'hold_kept_until_deadline',
      fact.atMs >= hold.deadlineMs,
      fact,
      () => `hold ${fact.holdId} was freed ${hold.deadlineMs - fact.atMs} ms early`,
    );
    const { userId, total } = hold;
    const lapsed = { userId, seats: new Set(hold.seats), areas: new Map(hold.areas), total };
    this.model.lapsed.set(fact.holdId, lapsed);
    for (const seat of [...hold.seats]) this.#places.free(fact, seat, hold);
    for (const [area, quantity] of hold.areas) this.#places.change(fact, area, 'held', -quantity);
    this.#end(fact.holdId, 'expired');
  }

  #paymentBegun(fact: Fact & { type: 'PaymentBegun' }): void {
    const hold = this.#liveHold(fact);
    if (hold === undefined) return;
    const again = hold.attemptId === fact.attemptId && hold.deadlineMs === fact.deadlineMs;
    const may = hold.attemptId === null || again;
    this.#expect('booking_from_live_hold', may, fact, () => 'already paying');
    this.#keepDeadline(fact, fact.deadlineMs, hold.deadlineMs);
    hold.attemptId = fact.attemptId;
    hold.deadlineMs = fact.deadlineMs;
  }

  #paymentFailed(fact: Fact & { type: 'PaymentFailed' }): void {
    const hold = this.#liveHold(fact);
    if (hold === undefined) return;
    this.#attemptMatches(fact, hold);
    this.#keepDeadline(fact, fact.deadlineMs, hold.ownDeadlineMs);
    hold.attemptId = null;
    hold.deadlineMs = fact.deadlineMs;
    hold.ownDeadlineMs = fact.deadlineMs;
  }

  #booked(fact: Fact & { type: 'SeatsBooked' }): void {
    const { model } = this;
    const hold = this.#liveHold(fact);
    const isNew = !model.bookings.has(fact.bookingId);
    this.#expect('command_once', isNew, fact, () => `booking ${fact.bookingId} was made before`);
    if (hold !== undefined) {
      this.#charges.booked(fact, hold);
      this.#attemptMatches(fact, hold);
      const whole =
        sameMembers(hold.seats, fact.seats) &&
        sameQuantities(hold.areas, quantities(fact.areas)) &&
        hold.userId === fact.userId;
      this.#expect('booking_from_live_hold', whole, fact, () => 'not the whole hold of its buyer');
    }
    for (const seat of fact.seats) {
      const owner = model.seats.get(seat)?.owner;
      this.#expect(
        'seat_one_owner',
        owner === fact.holdId,
        fact,
        () => `seat ${seat} is sold but belongs to ${owner ?? 'nobody'}`,
      );
      model.setSeat(seat, { word: 'booked', owner: fact.bookingId });
    }
    for (const { area, quantity } of fact.areas) {
      this.#places.change(fact, area, 'held', -quantity);
      this.#places.change(fact, area, 'booked', quantity);
    }
    if (hold !== undefined) this.#end(fact.holdId, 'booked');
    model.bookings.set(fact.bookingId, {
      holdId: fact.holdId,
      userId: fact.userId,
      sold: fact.seats,
      live: new Set(fact.seats),
      areas: quantities(fact.areas),
      cancelled: false,
    });
  }

  /** Over a hold of the same buyer that time has ended, at what that had cost. */
  #bookedLate(fact: Fact & { type: 'SeatsBookedLate' }): void {
    const { model } = this;
    const isNew = !model.bookings.has(fact.bookingId);
    this.#expect('command_once', isNew, fact, () => `booking ${fact.bookingId} was made before`);
    this.#lateness.booked(fact);
    for (const seat of fact.seats) {
      this.#places.take(fact, seat, { word: 'booked', owner: fact.bookingId });
    }
    for (const { area, quantity } of fact.areas) {
      this.#places.change(fact, area, 'booked', quantity);
    }
    model.bookings.set(fact.bookingId, {
      holdId: fact.holdId,
      userId: fact.userId,
      sold: fact.seats,
      live: new Set(fact.seats),
      areas: quantities(fact.areas),
      cancelled: false,
    });
  }

  #cancelled(fact: Fact & { type: 'BookingCancelled' }): void {
    const booking = this.model.bookings.get(fact.bookingId);
    const isLive = booking !== undefined && !booking.cancelled;
    this.#expect('cancel_of_live_booking', isLive, fact, () => `no live ${fact.bookingId}`);
    if (booking === undefined) return;
    for (const seat of fact.seats) {
      const sold = booking.live.delete(seat);
      this.#expect('cancel_of_live_booking', sold, fact, () => `seat ${seat} is not in it`);
      const next = fact.offSale === undefined ? null : ({ word: 'blocked', owner: '' } as const);
      if (sold) this.model.setSeat(seat, next);
    }
    for (const { area, quantity } of fact.areas) {
      const left = (booking.areas.get(area) ?? 0) - quantity;
      this.#expect('cancel_of_live_booking', left >= 0, fact, () => `area ${area} is not in it`);
      if (left > 0) booking.areas.set(area, left);
      else booking.areas.delete(area);
      this.#places.change(fact, area, 'booked', -quantity);
      if (fact.offSale !== undefined) this.#places.change(fact, area, 'blocked', quantity);
    }
    booking.cancelled = booking.live.size === 0 && booking.areas.size === 0;
  }

  #blocked(fact: Fact & { type: 'SeatsBlocked' }): void {
    for (const seat of fact.seats) {
      this.#places.take(fact, seat, { word: 'blocked', owner: fact.reason });
    }
    for (const { area, quantity } of fact.areas)
      this.#places.change(fact, area, 'blocked', quantity);
  }

  #unblocked(fact: Fact & { type: 'SeatsUnblocked' }): void {
    for (const seat of fact.seats) {
      const isBlocked = this.model.seats.get(seat)?.word === 'blocked';
      this.#expect('seat_one_owner', isBlocked, fact, () => `seat ${seat} was not blocked`);
      if (isBlocked) this.model.setSeat(seat, null);
    }
    for (const { area, quantity } of fact.areas)
      this.#places.change(fact, area, 'blocked', -quantity);
  }

  #liveHold(fact: Fact & { holdId: string }): HoldState | undefined {
    const hold = this.model.holds.get(fact.holdId);
    const end = this.model.ended.get(fact.holdId) ?? 'never made';
    this.#expect('hold_live_when_used', hold !== undefined, fact, () => `${fact.holdId}: ${end}`);
    const inTime = fact.type === 'HoldExpired' || hold === undefined || fact.atMs < hold.deadlineMs;
    this.#expect('hold_live_when_used', inTime, fact, () => `${fact.holdId}: past its deadline`);
    return hold;
  }

  #keepDeadline(fact: Fact, deadlineMs: number, promisedMs: number): void {
    this.#expect(
      'hold_kept_until_deadline',
      deadlineMs >= promisedMs,
      fact,
      () => `the deadline was cut by ${promisedMs - deadlineMs} ms`,
    );
  }

  #attemptMatches(fact: Fact & { attemptId: string }, hold: HoldState): void {
    this.#expect(
      'booking_from_live_hold',
      hold.attemptId === fact.attemptId,
      fact,
      () => `attempt ${fact.attemptId}, but the hold is paid by ${hold.attemptId ?? 'none'}`,
    );
  }

  #end(holdId: string, how: HoldEnd): void {
    this.model.holds.delete(holdId);
    this.model.ended.set(holdId, how);
  }

  #expect(name: CheckName, holds: boolean, fact: Fact, message: () => string): void {
    const { version } = this.model;
    this.findings.expect(name, holds, () => `fact ${version} ${fact.type}: ${message()}`);
  }
}
