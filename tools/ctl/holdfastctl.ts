import { Command, CommanderError } from 'commander';
import { UnknownFactKind } from '#libs/inventory/inventory.js';
import { SystemNotFound } from '#tools/lib/find-system.js';
import { addEventCommands } from './commands/event.js';
import { addEventsCommands } from './commands/events.js';
import { addGatewayCommands } from './commands/gateways.js';
import { addImportCommand } from './commands/import.js';
import { addMovesCommand } from './commands/moves.js';
import { addPaymentsCommands } from './commands/payments.js';
import { addRebalanceCommands } from './commands/rebalance.js';
import { addShardCommands } from './commands/shards.js';
import { addStatusCommand } from './commands/status.js';
import { CommandFailed, commandContext, type GlobalOptions, type Terminal } from './context.js';

/**
 * holdfastctl: one program, one file a command in commands/. Exit codes: 0 done, 1 failed, 2 wrong
 * usage, 3 refused by the system, 4 nobody answers. Errors are one line on stderr; with --json, one
 * JSON object there.
 */
const usageError = 2;
const failure = 1;
const refused = 3;
const unreachable = 4;

/** Runs one command line and sets the exit code of this process. */
export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runCommandLine(args, {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
  });
}

/** Runs one command line; never throws. The result is its exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await buildProgram(terminal, args.includes('--json')).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error, args.includes('--json'), terminal);
  }
}

function buildProgram(terminal: Terminal, json: boolean): Command {
  const program = new Command('holdfastctl')
    .description('Operates a Holdfast system: imports plans and events, lists, inspects.')
    .option('--data <folder>', 'data folder of the system (default: HOLDFAST_DATA or .holdfast)')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      '\nThe system is found by --data; else DATABASE_URL and NATS_URL; else HOLDFAST_DATA; ' +
        'else .holdfast.\n' +
        'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 no answer.',
    )
    .exitOverride()
    // With --json report() says it, as JSON.
    .configureOutput({
      writeOut: terminal.out,
      writeErr: json ? () => undefined : terminal.err,
    })
    .showHelpAfterError('(holdfastctl --help says more)');
  const context = () => commandContext(program.opts<GlobalOptions>(), terminal);
  addImportCommand(program, context);
  addEventsCommands(program, context);
  addStatusCommand(program, context);
  addEventCommands(program, context);
  addGatewayCommands(program, context);
  addShardCommands(program, context);
  addRebalanceCommands(program, context);
  addMovesCommand(program, context);
  addPaymentsCommands(program, context);
  return program;
}

function report(error: unknown, json: boolean, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Commander has printed it, where it is for people. Help and version are not errors.
    if (error.exitCode === 0) return 0;
    const { message: said } = error;
    const message = said.startsWith('(') ? 'a command is missing' : said.replace(/^error: /, '');
    if (json) terminal.err(`${JSON.stringify({ error: { message, details: [] } })}\n`);
    return usageError;
  }
  const message = messageOf(error);
  const details = error instanceof CommandFailed ? error.details : [];
  const text = json ? JSON.stringify({ error: { message, details } }) : `holdfastctl: ${message}`;
  terminal.err(`${text}\n`);
  if (error instanceof CommandFailed) return error.exitCode;
  // Only the version that wrote it can read it: nothing is wrong with the system.
  if (error instanceof UnknownFactKind) return refused;
  return error instanceof SystemNotFound || codeOf(error) === 'ECONNREFUSED'
    ? unreachable
    : failure;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function messageOf(error: unknown): string {
  if (error instanceof CommandFailed || error instanceof SystemNotFound) return error.message;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'ECONNREFUSED') return 'the database of the system does not answer';
  // Postgres: undefined_table.
  if (code === '42P01') return 'the database has no Holdfast schema: start the system once';
  return typeof message === 'string' && message !== '' ? message : String(code ?? error);
}
