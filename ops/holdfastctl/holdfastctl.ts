import { Command, CommanderError } from 'commander';
import { UnknownFactKind } from '#libs/inventory/inventory.js';
import { shownMessage } from '#libs/platform/shown-text.js';
import { SystemNotFound } from '../system/find-system.js';
import { addEventCommands } from './commands/event.js';
import { addEventsCommands } from './commands/events.js';
import { addGatewayCommands } from './commands/gateways.js';
import { addImportCommand } from './commands/import.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addMovesCommand } from './commands/moves.js';
import { addPaymentsCommands } from './commands/payments.js';
import { addRebalanceCommands } from './commands/rebalance.js';
import { addRehearse } from './commands/rehearse-crowd.js';
import { addRoomCommands } from './commands/room.js';
import { addShardCommands } from './commands/shards.js';
import { addStatusCommand } from './commands/status.js';
import { addStoryCommands } from './commands/story.js';
import { addTokenCommand } from './commands/token.js';
import { addUpgradeCommands } from './commands/upgrade.js';
import { columnsOf, commandContext, type GlobalOptions, type Terminal } from './context.js';
import { CommandFailed } from './failures.js';
import { Interruption } from './interruption.js';
import { isUnreachable } from './unreachable.js';

/**
 * holdfastctl: one program, one file a command in commands/. Exit codes: 0 done, 1 failed, 2 wrong
 * usage, 3 refused by the system, 4 nobody answers, 130 interrupted. Errors are one line on stderr;
 * with --json, one JSON object there.
 */
const usageError = 2;
const failure = 1;
const refused = 3;
const unreachable = 4;
const interrupted = 130;

/** Runs one command line and sets the exit code of this process. */
export async function main(args: readonly string[]): Promise<void> {
  const { stdout, stderr } = process;
  const interruption = new AbortController();
  // Once: a second Ctrl-C ends the process as if nobody listened.
  process.once('SIGINT', () => interruption.abort());
  const code = await runCommandLine(args, {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env: process.env,
    get screen() {
      return stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows } : null;
    },
    interrupted: interruption.signal,
  });
  process.exitCode = code;
  // Its work was left where it was, with connections that are open.
  if (code === interrupted) process.exit(code);
}

/** Runs one command line; never throws. The result is its exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const interruption = new Interruption(terminal.interrupted);
  try {
    const work = buildProgram(terminal, interruption).parseAsync(args, { from: 'user' });
    await Promise.race([work, interruption.ended]);
    return 0;
  } catch (error) {
    return report(error, args.includes('--json'), terminal);
  }
}

/** All commands there are; nothing runs yet. */
export function buildProgram(terminal: Terminal, interruption: Interruption): Command {
  const program = new Command('holdfastctl')
    .description('Operates a Holdfast system: imports plans and events, lists, inspects.')
    .option('--data <folder>', 'data folder of the system (default: HOLDFAST_DATA or .holdfast)')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      '\nThe system is found by --data; else DATABASE_URL and NATS_URL; else HOLDFAST_DATA; ' +
        'else .holdfast.\n' +
        'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 no answer,\n130 interrupted.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      // report() says it, in one line or as JSON.
      outputError: () => undefined,
      getOutHelpWidth: () => columnsOf(terminal),
      getErrHelpWidth: () => columnsOf(terminal),
    });
  const context = () => commandContext(program.opts<GlobalOptions>(), terminal, interruption);
  addMigrateCommand(program, context);
  addImportCommand(program, context);
  addEventsCommands(program, context);
  addStatusCommand(program, context);
  addEventCommands(program, context);
  addGatewayCommands(program, context);
  addShardCommands(program, context);
  addRebalanceCommands(program, context);
  addMovesCommand(program, context);
  addPaymentsCommands(program, context);
  addRehearse(program, context);
  addRoomCommands(program, context);
  addStoryCommands(program, context);
  addTokenCommand(program, context);
  addUpgradeCommands(program, context);
  return program;
}

function report(error: unknown, json: boolean, terminal: Terminal): number {
  if (error instanceof CommanderError) return reportUsage(error, json, terminal);
  const message = oneLine(messageOf(error));
  const details = error instanceof CommandFailed ? error.details : [];
  const text = json ? JSON.stringify({ error: { message, details } }) : `holdfastctl: ${message}`;
  terminal.err(`${shownMessage(text)}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  // Only the version that wrote it can read it: nothing is wrong with the system.
  if (error instanceof UnknownFactKind) return refused;
  return error instanceof SystemNotFound || isUnreachable(error) ? unreachable : failure;
}

/** Help and version are not errors. A command group alone got its help printed. */
function reportUsage(error: CommanderError, json: boolean, terminal: Terminal): number {
  if (error.exitCode === 0) return 0;
  const helped = error.message.startsWith('(');
  if (json) {
    const message = helped ? 'a command is missing' : usageLine(error);
    terminal.err(`${shownMessage(JSON.stringify({ error: { message, details: [] } }))}\n`);
  } else if (!helped) {
    terminal.err(`${shownMessage(`holdfastctl: ${usageLine(error)}`)}; --help says more\n`);
  }
  return usageError;
}

const usageLine = ({ message }: CommanderError): string =>
  oneLine(message.replace(/^error: /, '')).replace(/\.$/, '');

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');

function messageOf(error: unknown): string {
  if (error instanceof CommandFailed || error instanceof SystemNotFound) return error.message;
  if (isUnreachable(error)) return 'the database of the system does not answer';
  const { code, message } = error as { code?: unknown; message?: unknown };
  // Postgres: undefined_table.
  if (code === '42P01') return 'the database has no Holdfast schema: run "holdfastctl migrate"';
  return typeof message === 'string' && message !== '' ? message : String(code ?? error);
}
