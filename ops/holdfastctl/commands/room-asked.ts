import { InvalidArgumentError, type Command } from 'commander';
import type { PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import { recordDone } from '#libs/office/record-done.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import { wholeNumber } from '../numbers.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';

/** Who changes a waiting room, and why: on record with what was changed. */
export interface Asked {
  readonly as: string;
  readonly reason: string;
  readonly dryRun?: boolean;
}

export const changing = (room: Command, words: string, description: string): Command =>
  room
    .command(words)
    .description(description)
    .requiredOption('--reason <text>', 'why, for the record', shortReason)
    .option('--as <name>', 'who does it, for the record', operatorName, nameOfThisUser())
    .option('--dry-run', 'only say what would be done');

export const rate = wholeNumber(0, limits.roomRatePerMinuteMax);
export const active = wholeNumber(1, limits.roomActiveMax);

export const recordRoom = (
  client: PoolClient,
  what: string,
  eventId: EventId,
  who: string,
  reason: string,
): Promise<void> =>
  recordDone(client, {
    ...{ who, role: 'sre', what, eventId, reason },
    trace: new TraceIds(systemRandom).next(),
  });

const shortReason = (text: string): string => shortText(text, limits.reasonLengthMax);
export const shortMessage = (text: string): string => shortText(text, limits.roomMessageLengthMax);

function shortText(text: string, most: number): string {
  if (text.length <= most) return text;
  throw new InvalidArgumentError(`It must not be longer than ${most} characters.`);
}
