import { eventIdOf, eventOfHold, holdIdOf } from '#libs/contracts/ids.js';
import type { HoldView } from '#libs/contracts/wire.js';
import type { Command, HoldSeats } from '#libs/inventory/commands.js';
import type { HoldOutcome, Outcome } from '#libs/inventory/rules/decision.js';
import type { EventId, HoldId, MinorUnits } from '#libs/inventory/ids.js';
import type { CallResult, InventoryClient } from '#libs/routing/inventory-call.js';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import type { AddressMarks } from '../../admission/address-marks.js';
import type { Caller } from '../../auth/authenticator.js';
import type { EventBook, EventEntry } from '../../events/event-book.js';
import type { Exchange } from '../../http/exchange.js';
import { partyOf, type RoomGuardParts } from '../../room/room-guard.js';
import type { Handlers } from '../area.js';
import {
  CartProblem,
  isAsWished,
  placesIn,
  placesProblem,
  resolveCart,
  type AreaBody,
  type Cart,
  type CartBody,
} from './cart.js';
import { commandIdentity, holdIdFor, type CommandIdentity } from './command-ids.js';
import { answerFailure, answerRefusal } from './failures.js';
import { holdFields, stateJson } from './hold-json.js';
import { noWishes, partyRefusal, wishesOf, type Wishes } from './hold-wishes.js';
import { QuickHoldReader } from './quick-hold.js';
import type { reservationRows } from './rows.js';

/**
 * Reservations: the public face of holds. The gateway turns names into indexes and the owner's
 * answer into JSON; every decision is the owner's.
 *
 * create() is the hot path of the system: no promise, no second look-up, one hand-built answer.
 */
export interface ReservationParts extends RoomGuardParts {
  readonly inventory: InventoryClient;
  readonly events: EventBook;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly addressMarks: Pick<AddressMarks, 'ofCaller'>;
}

export function reservationHandlers(parts: ReservationParts): Handlers<typeof reservationRows> {
  const reservations = new Reservations(parts);
  return {
    createReservation: { handle: reservations.create, quick: reservations.createQuickly },
    showReservation: reservations.show,
    releaseReservation: reservations.release,
    extendReservation: reservations.extend,
  };
}

interface ReservationRequest extends CartBody {
  readonly event_id: string;
  readonly expected_total?: number;
  readonly wheelchairs?: number;
  readonly admission?: string;
}

interface ReleaseRequest {
  readonly seat_ids?: readonly string[];
  readonly areas?: readonly AreaBody[];
}

type Render = (entry: EventEntry, hold: HoldOutcome) => string;

const created: Render = (entry, hold) => `{${holdFields(entry, hold)}}`;
const none: readonly never[] = [];

export class Reservations {
  private readonly quick: QuickHoldReader;

  constructor(private readonly parts: ReservationParts) {
    this.quick = new QuickHoldReader(parts.events);
  }

  readonly create = (exchange: Exchange): void => {
    this.hold(exchange, 201, created);
  };

  /** The same for a body that needs no JSON reader; false: create() must do it. */
  readonly createQuickly = (exchange: Exchange, body: Uint8Array): boolean => {
    const hold = this.quick.read(body);
    if (hold === null) return false;
    const cart = { seats: hold.seats, areas: none, best: none };
    if (this.party(exchange, hold.entry, cart, '') === null) return true;
    this.place(exchange, hold.entry, cart, noWishes, 201, created);
    return true;
  };

  /** The asynchronous pair's first half: the same hold, spoken of as a lock. */
  readonly lock = (exchange: Exchange): void => {
    this.hold(exchange, 200, (entry, hold) => `{"status":"locked",${holdFields(entry, hold)}}`);
  };

  readonly show = (exchange: Exchange): void => {
    this.withHold(exchange, (entry, caller, holdId) => {
      const call = {
        eventId: entry.detail.eventId,
        commandId: this.parts.inventory.nextCommandId(),
        keyed: false,
        userId: caller.userId,
        request: { type: 'GetHold', holdId } as const,
      };
      this.parts.inventory.send(exchange.follow(call), (result) => {
        if (result.kind === 'found' && result.view.type === 'hold_view') {
          answerView(exchange, entry, caller, result.view);
        } else {
          this.refuse(exchange, entry, result);
        }
      });
    });
  };

  readonly extend = (exchange: Exchange): void => {
    const { seconds } = exchange.body as { seconds?: number };
    this.change(exchange, (_entry, holdId) =>
      seconds === undefined
        ? { type: 'ExtendHold', holdId }
        : { type: 'ExtendHold', holdId, byMs: seconds * 1000 },
    );
  };

  readonly release = (exchange: Exchange): void => {
    const body = exchange.body as ReleaseRequest;
    this.change(exchange, (entry, holdId) => {
      if (body.seat_ids === undefined && body.areas === undefined) {
        return { type: 'ReleaseHold', holdId };
      }
      const cart = placesProblem(body) ?? resolveCart(entry.layout, body);
      if (cart instanceof CartProblem) return cart;
      return { type: 'ReleaseHold', holdId, seats: cart.seats, areas: cart.areas };
    });
  };

  private hold(exchange: Exchange, status: number, render: Render): void {
    const body = exchange.body as ReservationRequest;
    const problem = placesProblem(body);
    if (problem !== null) {
      exchange.error(problem.code, problem.extras);
      return;
    }
    const eventId = eventIdOf(body.event_id);
    if (eventId === null) {
      exchange.error('event_not_found');
      return;
    }
    this.withEvent(exchange, eventId, (entry) => {
      this.quick.remember(eventId);
      const cart = resolveCart(entry.layout, body);
      if (cart instanceof CartProblem) return exchange.error(cart.code, cart.extras);
      const party = this.party(exchange, entry, cart, body.admission ?? '');
      if (party !== null) this.place(exchange, entry, cart, wishesOf(body, party), status, render);
    });
  }

  /** null: there is a waiting room and it did not let him through, which has been answered. */
  private party(
    exchange: Exchange,
    { detail }: EventEntry,
    cart: Cart,
    admission: string,
  ): number | null {
    const { userId } = callerOf(exchange);
    const party = partyOf(this.parts, detail.eventId, userId, placesIn(cart), admission);
    if (typeof party === 'number') return party;
    exchange.error(party.code, party.extras);
    return null;
  }

  private place(
    exchange: Exchange,
    entry: EventEntry,
    cart: Cart,
    wishes: Wishes,
    status: number,
    render: Render,
  ): void {
    const { inventory, random, addressMarks } = this.parts;
    const caller = callerOf(exchange);
    const { userId, verified } = caller;
    if (!verified && entry.detail.rules.buyers === 'verified') {
      exchange.error('verified_buyers_only');
      return;
    }
    const identity = commandIdentity(exchange, userId, inventory);
    if (identity === null) return;
    const { eventId } = entry.detail;
    const holdId = holdIdFor(eventId, identity, random);
    const { seats, areas, best } = cart;
    const { commandId, keyed } = identity;
    const plain: HoldSeats = { type: 'HoldSeats', holdId, seats, areas, best };
    const request = wishes === noWishes ? plain : { ...plain, ...wishes };
    const { expectedTotal } = wishes;
    const said = { eventId, commandId, keyed, userId, request };
    const address = addressMarks.ofCaller(exchange, caller);
    const call = exchange.follow(address === null ? said : { ...said, address });
    inventory.send(call, (result) => {
      if (result.kind === 'answered' && result.answer.kind === 'accepted') {
        const hold = holdOf(result.answer.outcome);
        const wrong = unheeded(entry, cart, expectedTotal, hold);
        if (wrong === null) exchange.json(status, render(entry, hold));
        else if (result.replayed) exchange.error(wrong.code, wrong.extras);
        else this.giveBack(exchange, entry, hold, wrong);
        return;
      }
      const full = partyRefusal(result, wishes);
      if (full !== null) exchange.error('party_limit', full);
      else this.refuse(exchange, entry, result, holdId);
    });
  }

  /** What was made just now, and not what stood before under the same key. */
  private giveBack(
    exchange: Exchange,
    entry: EventEntry,
    { holdId }: HoldOutcome,
    { code, extras }: CartProblem,
  ): void {
    const { inventory } = this.parts;
    const { eventId } = entry.detail;
    const { userId } = callerOf(exchange);
    const request = { type: 'ReleaseHold', holdId } as const;
    const commandId = inventory.nextCommandId();
    const call = exchange.follow({ eventId, commandId, keyed: false, userId, request });
    inventory.send(call, () => exchange.error(code, extras));
  }

  private change(
    exchange: Exchange,
    commandOf: (entry: EventEntry, holdId: HoldId) => Command | CartProblem,
  ): void {
    this.withHold(exchange, (entry, caller, holdId) => {
      const command = commandOf(entry, holdId);
      if (command instanceof CartProblem) {
        exchange.error(command.code, command.extras);
        return;
      }
      const identity = commandIdentity(exchange, caller.userId, this.parts.inventory);
      if (identity !== null) this.send(exchange, entry, caller, holdId, command, identity);
    });
  }

  private send(
    exchange: Exchange,
    entry: EventEntry,
    caller: Caller,
    holdId: HoldId,
    request: Command,
    { commandId, keyed }: CommandIdentity,
  ): void {
    const { eventId } = entry.detail;
    const { userId } = caller;
    const call = exchange.follow({ eventId, commandId, keyed, userId, request });
    this.parts.inventory.send(call, (result) => {
      if (result.kind === 'answered' && result.answer.kind === 'accepted') {
        exchange.json(200, stateJson(entry, holdOf(result.answer.outcome)));
      } else {
        this.refuse(exchange, entry, result, holdId);
      }
    });
  }

  private withHold(
    exchange: Exchange,
    next: (entry: EventEntry, caller: Caller, holdId: HoldId) => void,
  ): void {
    const holdId = holdIdOf(exchange.params[0]);
    assert(holdId !== null, 'the path was validated');
    const caller = callerOf(exchange);
    this.withEvent(
      exchange,
      eventOfHold(holdId),
      (entry) => next(entry, caller, holdId),
      'reservation_not_found',
    );
  }

  private withEvent(
    exchange: Exchange,
    eventId: EventId,
    next: (entry: EventEntry) => void,
    missing: 'event_not_found' | 'reservation_not_found' = 'event_not_found',
  ): void {
    const step = (entry: EventEntry | null): void => {
      if (entry === null) exchange.error(missing);
      else next(entry);
    };
    const known = this.parts.events.get(eventId);
    if (known instanceof Promise) this.whenLoaded(exchange, eventId, known, step);
    else step(known);
  }

  /** Who is told that he waited too long is not served afterwards: nothing was done for him. */
  private whenLoaded(
    exchange: Exchange,
    eventId: EventId,
    loading: Promise<EventEntry | null>,
    step: (entry: EventEntry | null) => void,
  ): void {
    const { clock, log } = this.parts;
    const sinceMs = clock.monotonicMs();
    const cancel = clock.after(exchange.leftMs, () =>
      exchange.error('unavailable', { retry_after_ms: 1_000 }),
    );
    loading
      .finally(cancel)
      .then((entry) => {
        exchange.waitedMs += clock.monotonicMs() - sinceMs;
        if (!exchange.finished) step(entry);
      })
      .catch((error: unknown) => {
        const details = { err: error, event: eventId, trace: exchange.trace };
        log.error(details, 'an event could not be loaded');
        exchange.error('unavailable', { retry_after_ms: 1_000 });
      });
  }

  private refuse(exchange: Exchange, entry: EventEntry, result: CallResult, holdId?: HoldId): void {
    if (result.kind === 'answered' && result.answer.kind === 'refused') {
      const { refusal } = result.answer;
      const extras = refusal.code === 'sale_not_open' ? this.opening(entry) : {};
      answerRefusal(exchange, entry, refusal, extras);
      return;
    }
    assert(result.kind !== 'answered' && result.kind !== 'found', 'not the answer to this request');
    const open = result.kind !== 'overloaded';
    answerFailure(exchange, result, open && holdId !== undefined ? { reservation_id: holdId } : {});
  }

  /** When the sale opens by itself, a client should come back then and not before. */
  private opening(entry: EventEntry): { retry_after_ms?: number } {
    const { opensAtMs } = entry.detail.rules;
    const waitMs = opensAtMs === null ? 0 : opensAtMs - this.parts.clock.nowMs();
    return waitMs > 0 ? { retry_after_ms: waitMs } : {};
  }
}

/** A shard of the release before does not look at what the buyer expects and wishes. */
function unheeded(
  { detail, layout }: EventEntry,
  cart: Cart,
  expectedTotal: MinorUnits | undefined,
  { seats, totalMinor }: HoldOutcome,
): CartProblem | null {
  if (expectedTotal !== undefined && totalMinor !== expectedTotal) {
    const { currency } = detail;
    return new CartProblem('price_changed', { total: totalMinor, currency });
  }
  return isAsWished(layout, cart, seats) ? null : new CartProblem('no_block_available', {});
}

/** Somebody else's reservation does not exist. */
function answerView(exchange: Exchange, entry: EventEntry, caller: Caller, view: HoldView): void {
  if (view.userId !== caller.userId) exchange.error('reservation_not_found');
  else exchange.json(200, `{"status":"${view.status}",${holdFields(entry, view)}}`);
}

function callerOf(exchange: Exchange): Caller {
  assert(exchange.caller !== null, 'the route needs a user');
  return exchange.caller;
}

function holdOf(outcome: Outcome): HoldOutcome {
  assert(outcome.type === 'hold', 'a hold was asked for');
  return outcome;
}
