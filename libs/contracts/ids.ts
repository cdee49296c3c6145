import type { BookingId, EventId, HoldId } from '#libs/inventory/ids.js';

/**
 * Public ids carry the event they belong to, so any gateway can route them without a look-up:
 * `evt_<key>`, `rsv_<key>_<suffix>`, `bkg_<key>_<suffix>`, where key is 1..48 of [a-z0-9]
 * and suffix 16..32 of [a-z0-9].
 */
const eventPattern = /^evt_[a-z0-9]{1,48}$/;
const holdPattern = /^rsv_([a-z0-9]{1,48})_[a-z0-9]{16,32}$/;
const bookingPattern = /^bkg_([a-z0-9]{1,48})_[a-z0-9]{16,32}$/;

export const eventIdOf = (text: string): EventId | null =>
  eventPattern.test(text) ? (text as EventId) : null;

export const holdIdOf = (text: string): HoldId | null =>
  holdPattern.test(text) ? (text as HoldId) : null;

export const bookingIdOf = (text: string): BookingId | null =>
  bookingPattern.test(text) ? (text as BookingId) : null;

export function eventOfHold(id: HoldId): EventId {
  return `evt_${id.slice(4, id.lastIndexOf('_'))}` as EventId;
}

export function eventOfBooking(id: BookingId): EventId {
  return `evt_${id.slice(4, id.lastIndexOf('_'))}` as EventId;
}

export const makeHoldId = (event: EventId, suffix: string): HoldId =>
  `rsv_${event.slice(4)}_${suffix}` as HoldId;

export const makeBookingId = (event: EventId, suffix: string): BookingId =>
  `bkg_${event.slice(4)}_${suffix}` as BookingId;
