import type { BookLate } from '#libs/inventory/commands.js';
import type { Command } from '#libs/inventory/inventory.js';
import type { SimEvent } from '../ground/hall.js';
import type { Deed, Deeds } from '../ground/deeds.js';
import { freeSeat, type SeatOperation } from './linearizability.js';

/**
 * What clients saw, seat by seat, for the search: holds, releases, bookings, refusals that named
 * the seat, maps, and the expiry of each hold, which may happen from its deadline on (G3).
 */
export interface SeatView {
  readonly deeds: Deeds;
  readonly event: SimEvent;
  /** True time of the wall clock's zero. */
  readonly epochMs: number;
  /** Refusals and maps are judged too: not while owners are replaced behind their backs. */
  readonly looks: boolean;
}

export function seatOperations(view: SeatView): Map<number, SeatOperation[]> {
  const { event } = view;
  const seats = event.layout.seatCount;
  const bySeat = new Map<number, SeatOperation[]>();
  for (let seat = 0; seat < seats; seat += 1) bySeat.set(seat, []);
  const add = (seat: number, operation: SeatOperation): void => {
    bySeat.get(seat)?.push(operation);
  };
  const deeds = view.deeds.all.filter(({ eventId }) => eventId === event.eventId);
  const holds = holdsOf(deeds);
  for (const deed of deeds) {
    if (deed.answer?.kind === 'accepted') addEffect(deed, holds, add, seats);
    else if (deed.answer === null) addEffect(deed, holds, add, seats);
    else if (view.looks) addRefusal(deed, holds, add);
  }
  for (const [holdId, hold] of holds) addExpiry(holdId, hold, view, add);
  if (view.looks) addMaps(view, add);
  return bySeat;
}

type Add = (seat: number, operation: SeatOperation) => void;

interface KnownHold {
  readonly seats: readonly number[];
  /** By the clock of the tables; null when the holder never heard. */
  deadlineMs: number | null;
  readonly madeAtMs: number;
  /** More than one deed frees or books seats of it. */
  readonly touchedBy: number;
}

function holdsOf(deeds: readonly Deed[]): Map<string, KnownHold> {
  const holds = new Map<string, KnownHold>();
  for (const { command, answer, invokedAtMs } of deeds) {
    if (command.type !== 'HoldSeats' || answer?.kind === 'refused') continue;
    const outcome = answer?.outcome.type === 'hold' ? answer.outcome : null;
    const touchedBy = deeds.filter(({ command: other }) => {
      return other.type === 'ReleaseHold' && other.holdId === command.holdId;
    }).length;
    holds.set(command.holdId, {
      seats: outcome?.seats ?? command.seats,
      deadlineMs: outcome?.deadlineMs ?? null,
      madeAtMs: invokedAtMs,
      touchedBy,
    });
  }
  return holds;
}

function addEffect(deed: Deed, holds: Map<string, KnownHold>, add: Add, seatCount: number): void {
  const { command } = deed;
  const put = (seat: number, step: SeatOperation['step']): void => {
    add(seat, { step, looks: false, ...timesOf(deed) });
  };
  switch (command.type) {
    case 'HoldSeats': {
      const known = holds.get(command.holdId)?.seats ?? [];
      const open = deed.answer === null && command.best.length > 0;
      const seats = open ? Array.from({ length: seatCount }, (_, seat) => seat) : known;
      const held = heldBy(command.holdId);
      for (const seat of seats) put(seat, (state) => (state === freeSeat ? held : null));
      return;
    }
    case 'ReleaseHold': {
      const hold = holds.get(command.holdId);
      const held = heldBy(command.holdId);
      // Part of it may have been released before, by a command whose answer is not known.
      const strict = (hold?.touchedBy ?? 0) < 2;
      for (const seat of command.seats ?? hold?.seats ?? []) {
        put(seat, (state) => (state === held ? freeSeat : strict ? null : state));
      }
      return;
    }
    case 'BookHold': {
      const { answer } = deed;
      const sold = answer?.kind === 'accepted' && answer.outcome.type === 'booking';
      const hold = holds.get(command.holdId);
      const held = heldBy(command.holdId);
      for (const seat of sold ? answer.outcome.seats : (hold?.seats ?? [])) {
        put(seat, (state) => (state === held ? `booked ${command.bookingId}` : null));
      }
      return;
    }
    case 'BookLate':
      return addLate(deed, command, put, seatCount);
    case 'CancelBooking': {
      const booked = `booked ${command.bookingId}`;
      const seats = command.seats ?? Array.from({ length: seatCount }, (_, seat) => seat);
      const strict = command.seats !== undefined;
      const after = command.offSale === undefined ? freeSeat : blockedSeat;
      for (const seat of seats) {
        put(seat, (state) => (state === booked ? after : strict ? null : state));
      }
      return;
    }
    case 'BlockSeats':
      for (const seat of command.seats) {
        put(seat, (state) => (state === freeSeat ? blockedSeat : null));
      }
      return;
    case 'UnblockSeats':
      for (const seat of command.seats) {
        put(seat, (state) => (state === blockedSeat ? freeSeat : null));
      }
      return;
    case 'OpenSale':
    case 'CloseSale':
    case 'ExtendHold':
    case 'BeginPayment':
    case 'FailPayment':
    case 'ChangeRules':
    case 'CancelEvent':
    case 'Tick':
  }
}

type Put = (seat: number, step: SeatOperation['step']) => void;

/** Of a hold that is gone, also one whose end nobody has written yet. */
function addLate({ answer }: Deed, command: BookLate, put: Put, seatCount: number): void {
  const sold = answer?.kind === 'accepted' && answer.outcome.type === 'booking';
  const open = answer === null && command.alternative;
  const all = open ? Array.from({ length: seatCount }, (_, seat) => seat) : command.seats;
  const held = heldBy(command.holdId);
  const isFree = (state: string): boolean => state === freeSeat || state === held;
  for (const seat of sold ? answer.outcome.seats : all) {
    put(seat, (state) => (isFree(state) ? `booked ${command.bookingId}` : null));
  }
}

/** A "no" tells what the seat was not. */
function addRefusal(deed: Deed, holds: Map<string, KnownHold>, add: Add): void {
  const { command, answer } = deed;
  if (answer?.kind !== 'refused') return;
  const { code, seats } = answer.refusal;
  if (code === 'seats_unavailable') {
    for (const seat of seats ?? []) {
      const step = (state: string) => (state === freeSeat ? null : state);
      add(seat, { step, looks: true, ...timesOf(deed) });
    }
  }
  if (code === 'seats_not_blocked') {
    for (const seat of seats ?? []) {
      const step = (state: string) => (state === blockedSeat ? null : state);
      add(seat, { step, looks: true, ...timesOf(deed) });
    }
  }
  const holdId = holdOf(command);
  const gone = code === 'hold_not_found' || code === 'hold_expired';
  if (holdId === null || !gone) return;
  const held = heldBy(holdId);
  for (const seat of holds.get(holdId)?.seats ?? []) {
    const step = (state: string) => (state === held ? null : state);
    add(seat, { step, looks: true, ...timesOf(deed) });
  }
}

/** Never before its deadline by the true clock, whatever the wall clock of its owner shows (G3). */
function addExpiry(holdId: string, hold: KnownHold, view: SeatView, add: Add): void {
  const atMs = hold.deadlineMs === null ? hold.madeAtMs : hold.deadlineMs - view.epochMs;
  const held = heldBy(holdId);
  for (const seat of hold.seats) {
    add(seat, {
      name: `expiry of ${holdId}`,
      callMs: atMs,
      answerMs: Infinity,
      step: (state) => (state === held ? freeSeat : null),
      looks: false,
    });
  }
}

function addMaps({ deeds, event }: SeatView, add: Add): void {
  for (const { eventId, invokedAtMs, answeredAtMs, statuses } of deeds.looks) {
    if (eventId !== event.eventId) continue;
    statuses.forEach((status, seat) => {
      const word = ['free', 'held', 'booked', 'blocked'][status];
      const step = (state: string) => (state.startsWith(word) ? state : null);
      const name = `map says ${word}`;
      add(seat, { name, callMs: invokedAtMs, answerMs: answeredAtMs, step, looks: true });
    });
  }
}

const blockedSeat = 'blocked';
const heldBy = (holdId: string): string => `held ${holdId}`;

function timesOf({ command, commandId, invokedAtMs, answeredAtMs }: Deed) {
  return {
    name: `${command.type} ${commandId}`,
    callMs: invokedAtMs,
    answerMs: answeredAtMs ?? Infinity,
  };
}

function holdOf(command: Command): string | null {
  return command.type !== 'HoldSeats' && 'holdId' in command ? command.holdId : null;
}
