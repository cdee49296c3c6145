import { factLevelNewest, levelWithRules } from '#libs/inventory/inventory.js';
import type {
  Answer,
  AreaQuantity,
  Command,
  Envelope,
  HoldSeats,
  Outcome,
  Refusal,
  SeatIndex,
} from '#libs/inventory/inventory.js';
import {
  bodyOf,
  changedPrice,
  done,
  foreignPlaces,
  holdOutcome,
  listed,
  placesOf,
  priceOf,
  refuse,
  remove,
  sorted,
  sortedAreas,
  withLists,
  type NaiveHold,
  type Result,
} from './naive-values.js';
import { isSpace, keptSeats } from './naive-pool.js';
import { NaiveState } from './naive-state.js';
import { bestBlocks, equalBlock, nearestAlternative, strandedJudgement } from './naive-blocks.js';

const retryGrace = 60_000;

/**
 * The inventory as one would write it in an afternoon: objects in Maps, everything recomputed,
 * overdue holds removed as soon as the clock is looked at. It shares no code with the core, so
 * that both being wrong in the same way is unlikely; property tests compare their answers.
 * The clock it is given must not go back.
 */
export class NaiveInventory extends NaiveState {
  handle(envelope: Envelope): { answer: Answer; replayed: boolean } {
    const { command, nowMs } = envelope;
    this.passTime(nowMs);
    this.factLevel = envelope.factLevel ?? factLevelNewest;
    if (command.type === 'Tick') {
      return { answer: { kind: 'accepted', outcome: { type: 'done' } }, replayed: false };
    }
    const body = bodyOf(envelope);
    const known = this.remembered.find(({ id }) => id === envelope.commandId);
    if (known !== undefined && known.body === body) return { answer: known.answer, replayed: true };
    const unfit = this.unfit(command);
    if (unfit !== null) return { answer: { kind: 'refused', refusal: unfit }, replayed: false };
    if (known !== undefined) {
      const refusal: Refusal = { code: 'command_id_reused' };
      return { answer: { kind: 'refused', refusal }, replayed: false };
    }
    const result = this.execute(envelope);
    const answer: Answer =
      'outcome' in result
        ? { kind: 'accepted', outcome: structuredClone(result.outcome) }
        : { kind: 'refused', refusal: structuredClone(result.refusal) };
    const old = this.factLevel < levelWithRules;
    if (answer.kind === 'accepted' || (envelope.keyed && !(old && isNew(answer.refusal)))) {
      this.remembered.push({ id: envelope.commandId, body, answer });
      if (this.remembered.length > this.windowMax) this.remembered.shift();
    }
    return { answer, replayed: false };
  }

  private passTime(now: number): void {
    this.now = now;
    const { opensAtMs } = this.rules;
    if (this.sale === 'scheduled' && opensAtMs !== null && now >= opensAtMs) this.sale = 'open';
    for (const hold of [...this.holds.values()]) {
      if (hold.deadline > now) continue;
      this.holds.delete(hold.id);
      this.ended.set(hold.id, { user: hold.user, expired: true });
    }
  }

  private unfit(command: Command): Refusal | null {
    return this.unfitCart(command) ?? this.unwritable(command);
  }

  private unfitCart(command: Command): Refusal | null {
    if (command.type === 'HoldSeats') {
      const places =
        command.seats.length +
        [...command.areas, ...command.best].reduce((sum, { quantity }) => sum + quantity, 0);
      const limit = this.rules.placesPerHoldMax;
      if (places > limit) return { code: 'too_many_places', limit };
    }
    const seats = 'seats' in command ? (command.seats ?? []) : [];
    const repeated = [...new Set(seats)].filter(
      (seat) => seats.filter((other) => other === seat).length > 1,
    );
    if (repeated.length === 0) return null;
    return { code: 'duplicate_seat', seats: repeated.sort((a, b) => a - b) };
  }

  private execute({ command, userId, nowMs }: Envelope): Result {
    switch (command.type) {
      case 'ChangeRules':
        return this.changeRules(command);
      case 'OpenSale':
      case 'CloseSale':
      case 'CancelEvent':
        return this.turnSale(command.type);
      case 'HoldSeats':
        return this.hold(command, userId, nowMs);
      case 'ExtendHold':
        if (this.sale === 'cancelled') return refuse({ code: 'event_cancelled' });
        return this.withHold(command.holdId, userId, (hold) => this.extend(hold, command, nowMs));
      case 'ReleaseHold':
        return this.release(command, userId);
      case 'BeginPayment':
        if (this.sale === 'cancelled') return refuse({ code: 'event_cancelled' });
        return this.withHold(command.holdId, userId, (hold) => {
          if (hold.attempt?.id === command.attemptId) return holdOutcome(hold);
          if (hold.attempt !== null) return refuse({ code: 'payment_in_progress' });
          if (this.isOver(nowMs)) return refuse({ code: 'sale_ended' });
          hold.attempt = { id: command.attemptId, before: hold.deadline };
          const latest = hold.madeAt + this.rules.holdTtlMsMax;
          const payment = Math.min(nowMs + this.rules.paymentTtlMs, latest);
          hold.deadline = Math.max(hold.deadline, payment);
          return holdOutcome(hold);
        });
      case 'FailPayment':
        return this.withAttempt(command.holdId, userId, command.attemptId, (hold, before) => {
          hold.deadline = Math.max(before, Math.min(nowMs + retryGrace, hold.deadline));
          hold.attempt = null;
          return holdOutcome(hold);
        });
      case 'BookHold':
        return this.book(command, userId);
      case 'BookLate':
        return this.bookLate(command, userId, nowMs);
      case 'CancelBooking':
        return this.cancel(command);
      case 'BlockSeats':
        return this.block(command.seats, command.areas);
      case 'UnblockSeats':
        return this.unblock(command.seats, command.areas);
      case 'Tick':
        return done;
    }
  }

  private bookLate(command: Command & { type: 'BookLate' }, user: string, now: number): Result {
    const { holdId, bookingId, attemptId } = command;
    const live = this.holds.get(holdId);
    if (live?.user === user) {
      return this.book({ type: 'BookHold', holdId, bookingId, attemptId }, user);
    }
    if (this.bookings.has(bookingId)) {
      return refuse({ code: 'invalid_command', field: 'bookingId' });
    }
    const closed = this.notOpen(now) ?? this.unknown(command.seats, command.areas);
    if (closed !== null) return refuse(closed);
    const ended = this.ended.get(holdId);
    if (live !== undefined || ended?.expired !== true || ended.user !== user) {
      return refuse({ code: 'hold_not_found' });
    }
    const mine = [...this.holds.values()].some((hold) => hold.user === user);
    if (mine || command.newer.some((id) => this.bookings.has(id))) {
      return refuse({ code: 'superseded' });
    }
    const areas = new Map(sortedAreas(command.areas).map((a) => [a.area as number, a.quantity]));
    const wanted = sorted(command.seats);
    const limit = this.rules.placesPerBuyerMax;
    const left = Math.max(0, limit - this.placesOfBuyer(user));
    if (placesOf({ seats: wanted, areas }) > left) {
      return refuse({ code: 'buyer_limit', limit, left });
    }
    const full = this.fullAreas(command.areas);
    if (full.length > 0) return refuse({ code: 'area_full', areas: full });
    const taken = wanted.filter((seat) => this.statusOf(seat) !== 'free');
    const block = taken.length > 0 && command.alternative ? equalBlock(this, wanted) : null;
    const seats = taken.length === 0 ? wanted : block;
    const total =
      seats === null || taken.length === 0 ? command.totalMinor : this.cost(seats, areas);
    if (seats === null || total !== command.totalMinor) {
      return refuse({ code: 'seats_unavailable', seats: taken });
    }
    const kept = this.kept({ type: 'HoldSeats', holdId, seats, areas: [], best: [] });
    if (kept.length > 0) return refuse({ code: 'accessible_seats_protected', seats: kept });
    this.bookings.set(bookingId, { id: bookingId, user, seats: [...seats], areas });
    return {
      outcome: {
        type: 'booking',
        bookingId,
        holdId,
        seats: seats,
        areas: listed(areas),
        totalMinor: command.totalMinor,
      } as Outcome,
    };
  }

  private hold(command: HoldSeats, user: string, now: number): Result {
    const closed = this.notOpen(now);
    if (closed !== null) return refuse(closed);
    const unknown = this.unknown(command.seats, command.areas);
    if (unknown !== null) return refuse(unknown);
    if (this.holds.has(command.holdId) || this.ended.has(command.holdId)) {
      return refuse({ code: 'hold_id_taken' });
    }
    const wanted = sorted(command.seats);
    const conflicts = wanted.filter((seat) => this.statusOf(seat) !== 'free');
    if (conflicts.length > 0) {
      const nearest = nearestAlternative(this, wanted);
      const legal = nearest !== null && this.kept({ ...command, seats: nearest }).length === 0;
      const alternative = legal ? nearest : null;
      const refusal: Refusal = { code: 'seats_unavailable', seats: conflicts };
      return refuse(alternative === null ? refusal : { ...refusal, alternative });
    }
    const full = this.fullAreas(command.areas);
    if (full.length > 0) return refuse({ code: 'area_full', areas: full });
    const kept = this.kept(command);
    if (kept.length > 0) return refuse({ code: 'accessible_seats_protected', seats: kept });
    let cart: SeatIndex[] = wanted;
    for (const request of command.best) {
      const block = bestBlocks(this, request, cart);
      if (block === null) return refuse({ code: 'no_block_available' });
      cart = sorted([...cart, ...block]);
    }
    if (this.rules.strandedSingles === 'refuse') {
      const refusal = strandedJudgement(this, wanted, cart);
      if (refusal !== null) return refuse(refusal);
    }
    const areas = new Map(sortedAreas(command.areas).map((a) => [a.area as number, a.quantity]));
    const limit = Math.min(command.partyMax ?? Infinity, this.rules.placesPerBuyerMax);
    const left = Math.max(0, limit - this.placesOfBuyer(user));
    if (placesOf({ seats: cart, areas }) > left) {
      return refuse({ code: 'buyer_limit', limit, left });
    }
    const spacesLeft = this.tooManySpaces(command, cart, user);
    if (spacesLeft !== null) return refuse(spacesLeft);
    const seatPrices = new Map(cart.map((seat) => [seat as number, this.seatPrice(seat)]));
    const areaPrices = new Map([...areas.keys()].map((area) => [area, this.areaPrice(area)]));
    const total = priceOf({ seats: cart, areas, seatPrices, areaPrices });
    if (command.expectedTotal !== undefined && command.expectedTotal !== total) {
      return refuse(changedPrice(cart, areas, seatPrices, areaPrices, total));
    }
    const hold: NaiveHold = {
      id: command.holdId,
      user,
      seats: cart,
      areas,
      total,
      seatPrices,
      areaPrices,
      deadline: now + this.rules.holdTtlMs,
      madeAt: now,
      attempt: null,
    };
    this.holds.set(hold.id, hold);
    return holdOutcome(hold);
  }

  private kept(command: HoldSeats): SeatIndex[] {
    return this.factLevel < levelWithRules ? [] : (keptSeats(this, command) as SeatIndex[]);
  }

  private tooManySpaces(command: HoldSeats, cart: SeatIndex[], user: string): Refusal | null {
    const wishes = command.best.map(({ wheelchairs }) => wheelchairs ?? 0);
    const need = wishes.reduce((sum, one) => sum + one, command.wheelchairs ?? 0);
    if (this.factLevel < levelWithRules || need === 0) return null;
    const limit = this.rules.wheelchairsPerBuyerMax;
    const left = Math.max(0, limit - this.spacesOfBuyer(user));
    const wanted = Math.min(need, cart.filter((seat) => isSpace(this, seat)).length);
    return wanted > left ? { code: 'accessible_limit', limit, left } : null;
  }

  private extend(hold: NaiveHold, command: { byMs?: number }, now: number): Result {
    if (hold.attempt !== null) return refuse({ code: 'payment_in_progress' });
    const limit = this.rules.holdTtlMsMax;
    const left = Math.max(0, hold.madeAt + limit - hold.deadline);
    const tooFar: Refusal = { code: 'extension_limit', limit, left };
    if (command.byMs !== undefined) {
      if (command.byMs > left) return refuse(tooFar);
      hold.deadline += command.byMs;
    } else {
      if (left === 0) return refuse(tooFar);
      const fresh = Math.min(now + this.rules.holdTtlMs, hold.madeAt + limit);
      hold.deadline = Math.max(hold.deadline, fresh);
    }
    return holdOutcome(hold);
  }

  private release(command: Command & { type: 'ReleaseHold' }, user: string): Result {
    const unknown = this.unknown(command.seats ?? [], command.areas ?? []);
    if (unknown !== null) return refuse(unknown);
    return this.withHold(command.holdId, user, (hold) => {
      const whole = command.seats === undefined && command.areas === undefined;
      const seats = whole ? hold.seats : sorted(command.seats ?? []);
      const areas = whole ? listed(hold.areas) : sortedAreas(command.areas ?? []);
      const foreign = foreignPlaces(hold, seats, areas, 'not_in_hold');
      if (foreign !== null) return refuse(foreign);
      if (hold.attempt !== null) return refuse({ code: 'payment_in_progress' });
      remove(hold, seats, areas);
      hold.total = priceOf(hold);
      if (placesOf(hold) === 0) {
        this.holds.delete(hold.id);
        this.ended.set(hold.id, { user, expired: false });
      }
      return holdOutcome(hold);
    });
  }

  private book(command: Command & { type: 'BookHold' }, user: string): Result {
    if (this.sale === 'cancelled') return refuse({ code: 'event_cancelled' });
    return this.withHold(command.holdId, user, (live) => {
      if (this.bookings.has(command.bookingId)) {
        return refuse({ code: 'invalid_command', field: 'bookingId' });
      }
      return this.withAttempt(live.id, user, command.attemptId, (hold) => {
        this.holds.delete(hold.id);
        this.ended.set(hold.id, { user, expired: false });
        const { seats, areas, total } = hold;
        this.bookings.set(command.bookingId, { id: command.bookingId, user, seats, areas });
        return {
          outcome: {
            type: 'booking',
            bookingId: command.bookingId,
            holdId: command.holdId,
            seats: seats as SeatIndex[],
            areas: listed(areas),
            totalMinor: total,
          } as unknown as Outcome,
        };
      });
    });
  }

  private changeRules({ rules, capacities }: Command & { type: 'ChangeRules' }): Result {
    const unknown = capacities.map(({ area }) => area).filter((a) => a >= this.capacities.length);
    if (unknown.length > 0) return refuse({ code: 'unknown_area', areas: unknown });
    for (const { area, capacity } of capacities) {
      const { held, booked, blocked } = this.areaTaken(area);
      const limit = held + booked + blocked;
      if (limit > capacity) return refuse({ code: 'area_full', areas: [area], limit });
    }
    const before = { rules: this.rules, capacities: [...this.capacities] };
    for (const { area, capacity } of capacities) this.capacities[area] = capacity;
    this.rules = { ...this.rules, ...rules };
    this.revision += 1;
    const after = { rules: this.rules, capacities: [...this.capacities] };
    return { outcome: { type: 'rules_changed', revision: this.revision, before, after } };
  }

  private cancel(command: Command & { type: 'CancelBooking' }): Result {
    const unknown = this.unknown(command.seats ?? [], command.areas ?? []);
    if (unknown !== null) return refuse(unknown);
    const booking = this.bookings.get(command.bookingId);
    if (booking === undefined) return refuse({ code: 'booking_not_found' });
    const whole = command.seats === undefined && command.areas === undefined;
    const seats = whole ? booking.seats : sorted(command.seats ?? []);
    const areas = whole ? listed(booking.areas) : sortedAreas(command.areas ?? []);
    const foreign = foreignPlaces(booking, seats, areas, 'not_in_booking');
    if (foreign !== null) return refuse(foreign);
    if (command.offSale === true) this.keepOffSale(seats, areas);
    remove(booking, seats, areas);
    if (placesOf(booking) === 0) this.bookings.delete(booking.id);
    const left = booking.seats as SeatIndex[];
    return { outcome: { type: 'cancelled', bookingId: command.bookingId, seats: left } };
  }

  private block(seats: readonly SeatIndex[], areas: readonly AreaQuantity[]): Result {
    const unknown = this.unknown(seats, areas);
    if (unknown !== null) return refuse(unknown);
    const taken = sorted(seats).filter((seat) => this.statusOf(seat) !== 'free');
    if (taken.length > 0) return refuse({ code: 'seats_unavailable', seats: taken });
    const full = this.fullAreas(areas);
    if (full.length > 0) return refuse({ code: 'area_full', areas: full });
    this.keepOffSale(seats, areas);
    return done;
  }

  private unblock(seats: readonly SeatIndex[], areas: readonly AreaQuantity[]): Result {
    const unknown = this.unknown(seats, areas);
    if (unknown !== null) return refuse(unknown);
    const wrongSeats = sorted(seats).filter((seat) => !this.blockedSeats.has(seat));
    const wrongAreas = sortedAreas(areas)
      .filter(({ area, quantity }) => (this.blockedPlaces.get(area) ?? 0) < quantity)
      .map(({ area }) => area);
    if (wrongSeats.length + wrongAreas.length > 0) {
      return refuse(withLists({ code: 'seats_not_blocked' }, wrongSeats, wrongAreas));
    }
    for (const seat of seats) this.blockedSeats.delete(seat);
    for (const { area, quantity } of areas) {
      this.blockedPlaces.set(area, (this.blockedPlaces.get(area) ?? 0) - quantity);
    }
    return done;
  }
}

/** What facts below the newest level cannot say. */
const isNew = ({ code }: Refusal): boolean => code === 'price_changed' || code === 'sale_ended';
