import { InvalidArgumentError, type Command } from 'commander';
import path from 'node:path';

import { isTraceId } from '#libs/platform/trace.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { linesAbout, type LogLine } from '../log-lines.js';
import { plural, wholeNumber } from '../numbers.js';
import {
  attemptsOfBuyer,
  attemptsOfTrace,
  inOrder,
  longest,
  momentsInJournal,
  momentsOf,
  momentsOfAttempts,
  tookMs,
  type AttemptRow,
} from '../story.js';

/** `trace ID` and `buyer ID`: what happened, from logs, attempts and facts. */
export function addStoryCommands(program: Command, context: () => CommandContext): void {
  program
    .command('trace')
    .description('tell what became of a request, by its trace id, and where its time went')
    .argument('<id>', 'as in the header Trace-Id, 32 hex digits', traceId)
    .option('--logs <path>', 'a log file, or a folder of them; may be repeated', gather, [])
    .option('--days <number>', 'look among payments of so many days', wholeNumber(1, 3_650), 30)
    .action((id: string, options: StoryOptions & { days: number }) =>
      tellTrace(context(), id, options),
    );
  program
    .command('buyer')
    .description('list what a buyer tried to pay, and those of his requests that are in the logs')
    .argument('<id>', 'his user id')
    .option('--logs <path>', 'a log file, or a folder of them; may be repeated', gather, [])
    .option('--limit <number>', 'at most this many of each', wholeNumber(1, 1_000), 20)
    .action((id: string, options: StoryOptions & { limit: number }) =>
      tellBuyer(context(), id, options),
    );
}

interface StoryOptions {
  readonly logs: readonly string[];
}

const gather = (one: string, before: readonly string[]): readonly string[] => [...before, one];

function traceId(text: string): string {
  const id = text.toLowerCase();
  if (isTraceId(id)) return id;
  throw new InvalidArgumentError('It must be 32 hex digits.');
}

/** A system of `npm start` keeps its logs in its folder; of others we are told. */
function placesOf(context: CommandContext, { logs }: StoryOptions): readonly string[] {
  if (logs.length > 0) return logs;
  const { data } = context.system();
  return data === null ? [] : [path.join(data, 'logs')];
}

async function tellTrace(
  context: CommandContext,
  id: string,
  options: StoryOptions & { readonly days: number },
): Promise<void> {
  const places = placesOf(context, options);
  const lines = await linesAbout(id, places);
  await context.withDatabase(async (pool) => {
    const attempts = await attemptsOfTrace(pool, id, lines, options.days);
    const moments = inOrder([
      ...momentsOf(lines),
      ...momentsOfAttempts(attempts),
      ...(await momentsInJournal(pool, attempts)),
    ]);
    if (moments.length === 0) throw new CommandRefused(`nothing is known of ${id}${among(places)}`);
    const slow = longest(lines);
    const rows = moments.map(({ at, who, what, ms }) => [timeOf(at), who, ms, what]);
    const text = [
      ...(attempts.length === 0 ? [] : [context.table(attemptHeader, attempts.map(attemptCells))]),
      ...slow.map((line, i) => `${i === 0 ? 'longest' : 'then'}: ${stepLine(line)}`),
      context.table(['at (UTC)', 'who', 'ms', 'what'], rows),
      ...(places.length === 0 ? [noLogs] : []),
    ].join('\n');
    const told = { trace: id, attempts: attempts.map(toldAttempt), longest: slow, moments };
    context.print(text, told);
  });
}

async function tellBuyer(
  context: CommandContext,
  id: string,
  options: StoryOptions & { readonly limit: number },
): Promise<void> {
  const places = placesOf(context, options);
  const lines = (await linesAbout(id, places)).filter(({ user }) => user === id);
  await context.withDatabase(async (pool) => {
    const attempts = await attemptsOfBuyer(pool, id, options.limit);
    const requests = lines.filter(({ route }) => route !== undefined).slice(-options.limit);
    if (attempts.length + requests.length === 0) {
      throw new CommandRefused(`nothing is known of ${id}${among(places)}`);
    }
    const paid = attempts.map((row) => [
      timeOf(row.created_at.toISOString()),
      row.event_id,
      row.state,
      tookMs(row),
      `${row.amount_minor} ${row.currency}`,
      row.trace,
      row.why,
    ]);
    const asked = requests.map(({ time, route, status, code, ms, trace }) => [
      timeOf(time),
      route ?? '',
      status ?? null,
      ms ?? null,
      trace ?? null,
      code ?? null,
    ]);
    const text = [
      plural(attempts.length, 'payment'),
      ...(paid.length === 0 ? [] : [context.table(paymentHeader, paid)]),
      `${plural(requests.length, 'request')} in the logs`,
      ...(asked.length === 0 ? [] : [context.table(requestHeader, asked)]),
      ...(places.length === 0 ? [noLogs] : []),
    ].join('\n');
    context.print(text, { user_id: id, attempts: attempts.map(toldAttempt), requests });
  });
}

const paymentHeader = ['at (UTC)', 'event', 'state', 'ms', 'amount', 'trace', 'why'];
const requestHeader = ['at (UTC)', 'request', 'status', 'ms', 'trace', 'code'];
const noLogs = '(no logs were read: --logs says where they are)';

const among = (places: readonly string[]): string =>
  places.length === 0 ? `; ${noLogs.slice(1, -1)}` : '';

const timeOf = (at: string): string => at.slice(0, 23).replace('T', ' ');

const attemptHeader = ['attempt', 'state', 'ms', 'amount', 'buyer', 'why'];

const attemptCells = (row: AttemptRow) => [
  row.attempt_id,
  row.state,
  tookMs(row),
  `${row.amount_minor} ${row.currency}`,
  row.user_id,
  row.why,
];

const stepLine = ({ name, step, msg, ms }: LogLine): string =>
  `${ms} ms in ${step === undefined ? msg : `the step ${step}`} (${name})`;

const toldAttempt = (row: AttemptRow) => ({
  attempt_id: row.attempt_id,
  booking_id: row.booking_id,
  reservation_id: row.hold_id,
  event_id: row.event_id,
  user_id: row.user_id,
  state: row.state,
  why: row.why,
  amount_minor: Number(row.amount_minor),
  currency: row.currency,
  trace: row.trace,
  at: row.created_at.toISOString(),
  ms: tookMs(row),
});
