import type {
  AreaQuantity,
  BestAvailable,
  BookLate,
  CancelBooking,
  Command,
  Envelope,
} from '../commands.js';
import { userIds } from '../state/id-reader.js';
import type { SeatIndex } from '../ids.js';
import { finishHash, mixText, mixWord, mixWords, wordsOfText } from '../state/text-hash.js';

const holdSeatsWords = wordsOfText('HoldSeats');

/**
 * Digest of who asked for what, as a signed 32-bit integer. The same command id with another
 * fingerprint is refused (G4); a buyer who finds a collision can only confuse himself.
 *
 * The hold id of HoldSeats is left out: it is made for the buyer, not by him, so a repeated request
 * that reaches another gateway brings a new one and must still get the first answer.
 */
export function fingerprintOf(envelope: Envelope): number {
  const hash = mixCommand(userIds.read(envelope.userId).textMix, envelope.command);
  return finishHash(hash);
}

function mixCommand(user: number, command: Command): number {
  if (command.type === 'HoldSeats') {
    const hash = mixWords(user, holdSeatsWords);
    const cart = mixBest(mixAreas(mixSeats(hash, command.seats), command.areas), command.best);
    const { expectedTotal, wheelchairs } = command;
    const priced = expectedTotal === undefined ? cart : mixOptional(cart, expectedTotal);
    // Behind a word of its own: it is never taken for a total.
    return wheelchairs === undefined ? priced : mixWord(mixWord(priced, -2), wheelchairs);
  }
  const hash = mixText(user, command.type);
  switch (command.type) {
    case 'OpenSale':
    case 'CloseSale':
    case 'CancelEvent':
    case 'Tick':
      return hash;
    case 'ExtendHold':
      return mixOptional(mixText(hash, command.holdId), command.byMs);
    case 'ReleaseHold':
      return mixAreas(mixSeats(mixText(hash, command.holdId), command.seats), command.areas);
    case 'BeginPayment':
    case 'FailPayment':
      return mixText(mixText(hash, command.holdId), command.attemptId);
    case 'BookHold':
      return mixText(mixText(mixText(hash, command.holdId), command.bookingId), command.attemptId);
    case 'BookLate':
      return mixLate(hash, command);
    case 'CancelBooking':
      return mixCancelled(mixSeats(mixText(hash, command.bookingId), command.seats), command);
    case 'BlockSeats':
      return mixText(mixAreas(mixSeats(hash, command.seats), command.areas), command.reason);
    case 'UnblockSeats':
      return mixAreas(mixSeats(hash, command.seats), command.areas);
    case 'ChangeRules':
      return mixText(hash, JSON.stringify([command.rules, command.capacities, command.texts]));
  }
}

function mixLate(hash: number, command: BookLate): number {
  const { holdId, bookingId, attemptId, seats, areas, totalMinor, alternative } = command;
  const ids = mixText(mixText(mixText(hash, holdId), bookingId), attemptId);
  const places = mixAreas(mixSeats(ids, seats), areas);
  return mixWord(mixOptional(places, totalMinor), alternative ? 1 : 0);
}

/** As before where it says no more than it could say then. */
function mixCancelled(hash: number, { areas, offSale }: CancelBooking): number {
  if (areas === undefined && offSale === undefined) return hash;
  return mixWord(mixAreas(hash, areas), offSale === undefined ? 0 : 1);
}

function mixSeats(hash: number, seats: readonly SeatIndex[] | undefined): number {
  if (seats === undefined) return mixWord(hash, -1);
  let mixed = mixWord(hash, seats.length);
  for (let i = 0; i < seats.length; i++) mixed = mixWord(mixed, seats[i]);
  return mixed;
}

function mixAreas(hash: number, areas: readonly AreaQuantity[] | undefined): number {
  if (areas === undefined) return mixWord(hash, -1);
  let mixed = mixWord(hash, areas.length);
  for (let i = 0; i < areas.length; i++) {
    mixed = mixWord(mixWord(mixed, areas[i].area), areas[i].quantity);
  }
  return mixed;
}

function mixBest(hash: number, blocks: readonly BestAvailable[]): number {
  let mixed = mixWord(hash, blocks.length);
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i];
    mixed = mixWord(mixed, block.quantity);
    mixed = mixOptional(mixed, block.category);
    mixed = mixOptional(mixed, block.section);
    mixed = mixOptional(mixed, block.wheelchairs);
    mixed = mixOptional(mixed, block.priceMax);
    mixed = mixWord(mixed, block.maySplit === true ? 1 : 0);
    const { having, avoiding } = block;
    if (having === undefined && avoiding === undefined) continue;
    mixed = mixWord(mixWord(mixWord(mixed, -3), having ?? 0), avoiding ?? 0);
  }
  return mixed;
}

/** Numbers beyond 32 bits count with both halves. */
function mixOptional(hash: number, value: number | undefined): number {
  if (value === undefined) return mixWord(hash, -1);
  return mixWord(mixWord(hash, value | 0), Math.floor(value / 2 ** 32));
}
