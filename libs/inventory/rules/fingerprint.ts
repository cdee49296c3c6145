import type { AreaQuantity, BestAvailable, Command, Envelope } from '../commands.js';
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
    case 'CancelBooking':
      return mixSeats(mixText(hash, command.bookingId), command.seats);
    case 'BlockSeats':
      return mixText(mixAreas(mixSeats(hash, command.seats), command.areas), command.reason);
    case 'UnblockSeats':
      return mixAreas(mixSeats(hash, command.seats), command.areas);
    case 'ChangeRules':
      return mixText(hash, JSON.stringify([command.rules, command.capacities, command.texts]));
  }
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
