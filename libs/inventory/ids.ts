/**
 * Branded primitives of the inventory core. A brand keeps an index, a count and an id from being
 * passed for one another; it costs nothing at run time. Cast only where a value enters the system.
 */
declare const brand: unique symbol;
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Public id of an event, `evt_` and 1..48 of [a-z0-9]. */
export type EventId = Brand<string, 'EventId'>;
/** Public id of a hold (REST: reservation). Carries its event: see contracts/ids. */
export type HoldId = Brand<string, 'HoldId'>;
export type BookingId = Brand<string, 'BookingId'>;
/** Buyer, organiser or system identity, at most 64 bytes. */
export type UserId = Brand<string, 'UserId'>;
/** Identity of one command, at most 160 bytes, unique within an event. */
export type CommandId = Brand<string, 'CommandId'>;
/** One attempt to pay for a hold; a new attempt after a decline has a new id. */
export type AttemptId = Brand<string, 'AttemptId'>;

/** Position of a seat in the event's seating plan, 0..seatCount-1. */
export type SeatIndex = Brand<number, 'SeatIndex'>;
/** Position of a general-admission area in the plan, 0..areaCount-1. */
export type AreaIndex = Brand<number, 'AreaIndex'>;
/** Sequence number of a fact within its event, from 1; 0 is the empty event. */
export type Version = Brand<number, 'Version'>;
/** Milliseconds since the Unix epoch, integer. */
export type TimeMs = Brand<number, 'TimeMs'>;
/** Amount in the minor unit of the event's currency (cents), integer. */
export type MinorUnits = Brand<number, 'MinorUnits'>;
