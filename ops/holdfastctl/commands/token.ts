import { InvalidArgumentError, Option, type Command } from 'commander';
import { isTokenName, OperatorTokens } from '#apps/gateway/auth/operator-tokens.js';
import { limits } from '#libs/contracts/limits.js';
import { isOrganiserId, roles, type Role } from '#libs/contracts/roles.js';
import { createPostgresOffice } from '#libs/office/postgres-office.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { CommandContext } from '../context.js';
import { isoOf, wholeNumber } from '../numbers.js';
import { nameOfThisUser } from '../operator-name.js';

interface TokenOptions {
  readonly role: Role;
  readonly organiser?: string;
  readonly minutes: number;
  readonly as: string;
}

const minutesOf = (ms: number): number => ms / 60_000;

/**
 * `token`: a bearer token for /v1/admin, made here and not by an issuer. It cannot be taken back,
 * so that it is short; who made it is on record before it is shown.
 */
export function addTokenCommand(program: Command, context: () => CommandContext): void {
  program
    .command('token')
    .description('make a bearer token for somebody who runs events')
    .addOption(new Option('--role <role>', 'what it allows').choices(roles).makeOptionMandatory())
    .option('--organiser <id>', 'whose events, with --role organiser', organiserId)
    .option(
      '--minutes <n>',
      'how long it is valid',
      wholeNumber(1, minutesOf(limits.operatorTokenTtlMsMax)),
      minutesOf(limits.operatorTokenTtlMs),
    )
    .option('--as <name>', 'whom it speaks for, in history and on record', tokenName, here())
    .action((options: TokenOptions, self: Command) => makeToken(context(), checked(options, self)));
}

function checked(options: TokenOptions, command: Command): TokenOptions {
  const needed = options.role === 'organiser';
  if (needed === (options.organiser !== undefined)) return options;
  return command.error(
    needed
      ? 'error: --role organiser needs --organiser'
      : 'error: --organiser goes with --role organiser alone',
  );
}

async function makeToken(context: CommandContext, options: TokenOptions): Promise<void> {
  const { role, organiser = null, minutes, as: name } = options;
  const tokens = new OperatorTokens(context.tokenSecret());
  await context.withDatabase(async (pool) => {
    const office = createPostgresOffice(pool);
    const id = await office.begin({
      who: name,
      role,
      what: 'token',
      eventId: null,
      reason: organiser === null ? '' : `for ${organiser}`,
      trace: new TraceIds(systemRandom).next(),
    });
    await office.settle(id, 'done');
  });
  const { token, expiresAtMs } = tokens.sign({ name, role, organiser }, Date.now(), minutes * 6e4);
  context.print(token, { token, role, organiser, name, expires_at: isoOf(expiresAtMs) });
}

/** The name of this user, if it fits. */
const here = (): string => (isTokenName(nameOfThisUser()) ? nameOfThisUser() : 'operator');

function organiserId(text: string): string {
  if (isOrganiserId(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 48 of a-z, 0-9, "-" and "_".');
}

function tokenName(text: string): string {
  if (isTokenName(text)) return text;
  throw new InvalidArgumentError(
    `It must be a printable name of at most ${limits.operatorTokenNameBytesMax} bytes.`,
  );
}
