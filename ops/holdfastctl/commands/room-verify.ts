import type { Command } from 'commander';
import { evidenceOf, problemsOf } from '#libs/room/evidence.js';
import type { CommandContext } from '../context.js';
import { CommandFailed } from '../failures.js';
import { readInputFile } from '../read-input-file.js';

/** `room verify`: needs no system, only what an entrant has in hand. */
export function addRoomVerify(room: Command, context: () => CommandContext): void {
  room
    .command('verify <file>')
    .description('check what GET /v1/events/{id}/queue/proof gave, offline')
    .action((file: string) => verify(context(), file));
}

/** A path has 64 hashes at most, and a file may have some thousand heads that were seen. */
const evidenceBytesMax = 64 * 1024 * 1024;

async function verify(context: CommandContext, file: string): Promise<void> {
  const input = await readInputFile(file, evidenceBytesMax);
  if (input.why !== undefined) throw new CommandFailed(`${file} ${input.why}`);
  const evidence = evidenceOf(parsed(input.bytes));
  if (evidence === null) throw new CommandFailed(`${file} is no proof of a waiting room`);
  const problems = problemsOf(evidence);
  const { room, index, position } = evidence;
  if (problems.length > 0) throw new CommandFailed(`${room}: ${problems.join('; ')}`, problems);
  const place = position === null ? 'not drawn yet' : `position ${position}`;
  const value = { room, index, position, heads: 1 + (evidence.seen?.length ?? 0) };
  context.print(`${room}: entrant ${index}, ${place}: all of it adds up`, value);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown;
  } catch {
    return null;
  }
}
