import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { pointInTime, wholeNumber } from '../numbers.js';
import { addCancelCommands } from './event-cancel.js';
import { fenceEvent, type FenceOptions } from './event-fence.js';
import { factTypeName, showHistory, type HistoryOptions } from './event-history.js';
import { moveEvent, type MoveOptions } from './event-move.js';
import { pinEvent, type PinOptions } from './event-pin.js';
import { releaseQuarantine, type ReleaseOptions } from './event-quarantine.js';
import { replayEvent } from './event-replay.js';
import { addSaleCommands } from './event-sale.js';
import { showEvent } from './event-show.js';
import { verifyOne, verifyAll } from './event-verify.js';

const epochMax = 2 ** 31 - 1;

/** `event show|move|pin|unpin|fence|verify|history|replay`: one event, by its id. */
export function addEventCommands(program: Command, context: () => CommandContext): void {
  const event = program.command('event').description('look at, move and check one event');
  const change = (name: string, description: string): Command =>
    event
      .command(name)
      .description(description)
      .option('--expect-epoch <epoch>', 'refuse at any other', wholeNumber(0, epochMax))
      .option('--dry-run', 'only say what would be done');
  event
    .command('show <event>')
    .description('owner, epoch, place in the journal, counts, load')
    .action((id: string) => showEvent(context(), id));
  change('move <event>', 'move it to another shard while it sells')
    .option('--to <shard>', 'shard id or incarnation (default: by placement)')
    .option('--cancel', 'end a move that is under way')
    .action((id: string, options: MoveOptions) => moveEvent(context(), id, options));
  change('pin <event> <shard>', 'bind it to a shard id for placement, whoever is alive')
    .option('--move', 'and move it there now')
    .action((id: string, shard: string, options: PinOptions) =>
      pinEvent(context(), id, shard, options),
    );
  change('unpin <event>', 'let placement choose again').action((id: string, options: PinOptions) =>
    pinEvent(context(), id, null, options),
  );
  change('fence <event>', 'shut its owner out of the journal; the next command finds a new one')
    .option('--keep-connection', "leave the owner's journal connection alone")
    .action((id: string, options: FenceOptions) => fenceEvent(context(), id, options));
  event
    .command('release-quarantine <event>')
    .description('let it be served again, from the journal as it is: what is missing there is lost')
    .option('--dry-run', 'only say what would be done')
    .action((id: string, options: ReleaseOptions) => releaseQuarantine(context(), id, options));
  addSaleCommands(event, context);
  addCancelCommands(event, context);
  addEvidenceCommands(event, context);
}

/** What only reads the journal. */
function addEvidenceCommands(event: Command, context: () => CommandContext): void {
  event
    .command('verify [event]')
    .description('check hash chain, history, tables and live state against each other')
    .option('--all', 'every event of the catalogue')
    .action((id: string | undefined, options: { all?: boolean }) =>
      id === undefined || options.all === true ? verifyAll(context()) : verifyOne(context(), id),
    );
  event
    .command('history <event>')
    .description('who did what, and when')
    .option('--seat <seat>', 'only what happened to this seat, by its public id')
    .option('--what <kind>', 'only this kind of fact, such as SaleClosed', factTypeName)
    .option('--hold <reservation>', 'only this reservation')
    .option('--limit <number>', 'the last so many', wholeNumber(1, 10_000_000), 100)
    .action((id: string, options: HistoryOptions) => showHistory(context(), id, options));
  event
    .command('replay <event>')
    .description('the seat map as it was')
    .requiredOption('--at <time>', 'such as 2027-03-01T19:30:00Z', pointInTime)
    .action((id: string, options: { at: number }) => replayEvent(context(), id, options.at));
}
