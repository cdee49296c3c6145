import { operatorNameBytesMax, type By } from '../by.js';
import {
  newerBookingsMax,
  type AreaQuantity,
  type BestAvailable,
  type BookLate,
  type Command,
  type Envelope,
} from '../commands.js';
import { isBelow, isCount, isIndex, isText } from './plain-values.js';
import { malformedRules } from './shape-rules.js';
import { userIds } from '../state/id-reader.js';
import type { SeatIndex } from '../ids.js';
import { wishFlags, type InventoryLayout, type SaleRules } from '../layout.js';
import type { Refusal } from '../refusal-codes.js';
import { isAscending, repeatedSeats } from '../state/seat-lists.js';

const commandIdBytesMax = 160;
export const idBytesMax = 160;
const userIdBytesMax = 64;
const reasonBytesMax = 200;
/** Control characters and what is not seen: people trust what is printed there. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/** The first malformed field, or null. Depends on the plan only, never on what was sold. */
export function malformedField(layout: InventoryLayout, envelope: Envelope): string | null {
  if (!isId(envelope.commandId, commandIdBytesMax)) return 'commandId';
  if (!isUserId(envelope.userId)) return 'userId';
  if (!isBy(envelope.by)) return 'by';
  return malformedCommand(layout, envelope.command);
}

/** `too_many_places` and `duplicate_seat`: well formed, but not a cart that could ever be held. */
export function cartRefusal(rules: SaleRules, command: Command): Refusal | null {
  if (command.type === 'HoldSeats') {
    let places = command.seats.length;
    for (let i = 0; i < command.areas.length; i++) places += command.areas[i].quantity;
    for (let i = 0; i < command.best.length; i++) places += command.best[i].quantity;
    const limit = rules.placesPerHoldMax;
    if (places > limit) return { code: 'too_many_places', limit };
  }
  const seats = 'seats' in command ? command.seats : undefined;
  if (seats === undefined || isAscending(seats)) return null;
  const repeated = repeatedSeats(seats);
  return repeated.length === 0 ? null : { code: 'duplicate_seat', seats: repeated };
}

function malformedCommand(layout: InventoryLayout, command: Command): string | null {
  switch (command.type) {
    case 'OpenSale':
    case 'CloseSale':
    case 'CancelEvent':
    case 'Tick':
      return null;
    case 'HoldSeats':
      if (!isId(command.holdId, idBytesMax)) return 'holdId';
      return (
        malformedPlaces(command.seats, command.areas, command.best.length) ??
        malformedBest(layout, command.best) ??
        (command.expectedTotal === undefined || isCount(command.expectedTotal)
          ? null
          : 'expectedTotal') ??
        (command.wheelchairs === undefined || isBelow(command.wheelchairs, command.seats.length + 1)
          ? null
          : 'wheelchairs') ??
        (command.partyMax === undefined || isCount(command.partyMax) ? null : 'partyMax')
      );
    case 'ExtendHold':
      if (!isId(command.holdId, idBytesMax)) return 'holdId';
      return command.byMs === undefined || isCount(command.byMs) ? null : 'byMs';
    case 'ReleaseHold':
      if (!isId(command.holdId, idBytesMax)) return 'holdId';
      if (command.seats === undefined && command.areas === undefined) return null;
      return malformedPlaces(command.seats ?? [], command.areas ?? [], 0);
    case 'BeginPayment':
    case 'FailPayment':
      if (!isId(command.holdId, idBytesMax)) return 'holdId';
      return isId(command.attemptId, idBytesMax) ? null : 'attemptId';
    case 'BookHold':
      if (!isId(command.holdId, idBytesMax)) return 'holdId';
      if (!isId(command.bookingId, idBytesMax)) return 'bookingId';
      return isId(command.attemptId, idBytesMax) ? null : 'attemptId';
    case 'BookLate':
      return malformedLate(command);
    case 'CancelBooking':
      if (!isId(command.bookingId, idBytesMax)) return 'bookingId';
      if (command.seats === undefined && command.areas === undefined) return null;
      return malformedPlaces(command.seats ?? [], command.areas ?? [], 0);
    case 'BlockSeats':
      return (
        malformedPlaces(command.seats, command.areas, 0) ??
        (isText(command.reason, 0, reasonBytesMax) ? null : 'reason')
      );
    case 'UnblockSeats':
      return malformedPlaces(command.seats, command.areas, 0);
    case 'ChangeRules':
      return malformedRules(layout, command);
    default:
      return 'type';
  }
}

function malformedLate(command: BookLate): string | null {
  if (!isId(command.holdId, idBytesMax)) return 'holdId';
  if (!isId(command.bookingId, idBytesMax)) return 'bookingId';
  if (!isId(command.attemptId, idBytesMax)) return 'attemptId';
  if (!isCount(command.totalMinor)) return 'totalMinor';
  if (command.newer.length > newerBookingsMax) return 'newer';
  for (let i = 0; i < command.newer.length; i++) {
    if (!isId(command.newer[i], idBytesMax)) return `newer[${i}]`;
  }
  return malformedPlaces(command.seats, command.areas, 0);
}

function malformedPlaces(
  seats: readonly SeatIndex[],
  areas: readonly AreaQuantity[],
  blocks: number,
): string | null {
  if (seats.length + areas.length + blocks === 0) return 'seats';
  for (let i = 0; i < seats.length; i++) if (!isIndex(seats[i])) return `seats[${i}]`;
  for (let i = 0; i < areas.length; i++) {
    const { area, quantity } = areas[i];
    const repeated = areas.findIndex((other) => other.area === area) < i;
    if (!isIndex(area) || repeated) return `areas[${i}].area`;
    if (!isIndex(quantity) || quantity < 1) return `areas[${i}].quantity`;
  }
  return null;
}

function malformedBest(layout: InventoryLayout, blocks: readonly BestAvailable[]): string | null {
  for (let i = 0; i < blocks.length; i++) {
    const field = malformedBlock(layout, blocks[i]);
    if (field !== null) return `best[${i}].${field}`;
  }
  return null;
}

function malformedBlock(layout: InventoryLayout, block: BestAvailable): string | null {
  const { quantity, category, section, wheelchairs, priceMax } = block;
  if (!isIndex(quantity) || quantity < 1) return 'quantity';
  if (category !== undefined && !isBelow(category, layout.categories.length)) return 'category';
  if (section !== undefined && !isBelow(section, layout.sections.length)) return 'section';
  if (wheelchairs !== undefined && !isBelow(wheelchairs, quantity + 1)) return 'wheelchairs';
  if (priceMax !== undefined && !isCount(priceMax)) return 'priceMax';
  const { having, avoiding } = block;
  if (having !== undefined && !isWish(having)) return 'having';
  if (avoiding === undefined) return null;
  return isWish(avoiding) && (avoiding & (having ?? 0)) === 0 ? null : 'avoiding';
}

/** At least one flag, and none that is not for wishes. */
function isWish(flags: number): boolean {
  return isIndex(flags) && flags > 0 && (flags & ~wishFlags) === 0;
}

/** It is looked up next; packing it sees in passing what a walk of its own would find. */
function isUserId(userId: unknown): boolean {
  if (typeof userId !== 'string' || userId.length < 1 || userId.length > userIdBytesMax)
    return false;
  return userIds.read(userId).isAscii || isId(userId, userIdBytesMax);
}

/** What an operator may say he is called; empty: he does not say. */
export function isOperatorName(name: unknown): boolean {
  if (!isText(name, 0, operatorNameBytesMax)) return false;
  return !unprintable.test(name as string);
}

function isBy(by: By): boolean {
  if (by.role === 'operator') return isOperatorName(by.name);
  return by.role === 'buyer' || by.role === 'system';
}

function isId(text: unknown, bytesMax: number): boolean {
  return isText(text, 1, bytesMax);
}
