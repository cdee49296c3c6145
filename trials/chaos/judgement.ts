import type { ApiTally } from '#libs/client/rest-client.js';
import type { Verdict } from '#libs/oracle/verdict.js';
import type { Tally } from '../demo/tally.js';
import { verifyEvent } from '#ops/verify/verify.js';
import type { FaultName } from './fault-names.js';
import { checkMoney, type MoneyCheck } from './money.js';
import type { Nemesis } from './nemesis.js';
import type { Population } from './population.js';
import type { KindOfFault } from './strike-log.js';
import type { ChaosSystem } from './system.js';

/** The result of one run, as --json prints it. */
export interface ChaosReport {
  readonly clean: boolean;
  readonly command: string;
  readonly seconds: number;
  readonly faults: Readonly<Partial<Record<FaultName, KindOfFault>>>;
  /** Faults that were done, and how often every kind had its turn or was begun to be dealt. */
  readonly strikes: number;
  readonly decks: number;
  /** Kinds for which the time was too short. */
  readonly undrawn: readonly FaultName[];
  readonly restarts: Readonly<Record<string, number>>;
  readonly events: number;
  /** Changes of owner, planned ones too. */
  readonly take_overs: number;
  readonly facts: number;
  readonly requests: number;
  readonly buyers: number;
  readonly held: number;
  readonly extended: number;
  readonly released: number;
  readonly booked: number;
  readonly declined: number;
  readonly conflicts: number;
  /** Requests whose outcome was never learnt. */
  readonly unknown: number;
  readonly repeated: ApiTally;
  readonly reconnects: number;
  /** Longest time without an acknowledged hold, anywhere. */
  readonly silence_ms: number;
  /** Answers that no rule of a buyer expects, by status and code. */
  readonly surprises: Readonly<Record<string, number>>;
  readonly money: MoneyCheck;
  readonly looked: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

export interface Run {
  readonly system: ChaosSystem;
  readonly population: Population;
  readonly nemesis: Nemesis;
  readonly api: { readonly tally: ApiTally; readonly sent: number };
  readonly command: string;
  readonly seconds: number;
  /** What did not converge. */
  readonly late: readonly string[];
}

/** The independent check over all events and all clients, and the money. */
export async function judgeRun(run: Run): Promise<ChaosReport> {
  const { system, population, nemesis, api } = run;
  const { verdicts, money, looked, wrong: found } = await judgeAll(system, population);
  const wrong = [...nemesis.late, ...run.late, ...found];
  const { tally } = population;
  wrong.push(...provedNothing(nemesis.log.strikes, tally, looked));
  return {
    clean: wrong.length === 0,
    command: run.command,
    seconds: run.seconds,
    faults: nemesis.log.kinds(),
    strikes: nemesis.log.strikes,
    decks: nemesis.decks,
    undrawn: nemesis.log.undrawn,
    restarts: Object.fromEntries(system.keepers.map(({ name, starts }) => [name, starts - 1])),
    events: population.stalls.length,
    take_overs: verdicts.reduce((sum, { epochs }) => sum + epochs - 1, 0),
    facts: verdicts.reduce((sum, { facts }) => sum + facts, 0),
    requests: api.sent,
    buyers: population.stalls.reduce((sum, { buyers }) => sum + buyers.length, 0),
    ...countsOf(tally),
    repeated: api.tally,
    reconnects: population.reconnects,
    silence_ms: Math.round(longestSilence(population.heldAtMs)),
    surprises: Object.fromEntries(tally.errorCodes),
    money,
    looked,
    wrong,
  };
}

/** Where what was sold and what was paid is written down. */
export type Books = Pick<ChaosSystem, 'pool' | 'stripeUrl'>;

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly money: MoneyCheck;
  /** How many things each check looked at. */
  readonly looked: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** Every event against what its buyers and watchers saw, and the money. */
export async function judgeAll(
  { pool, stripeUrl }: Books,
  population: Population,
): Promise<Judgement> {
  const wrong: string[] = [];
  const verdicts: Verdict[] = [];
  for (const stall of population.stalls) {
    const { eventId } = stall.market;
    const verified = await verifyEvent(pool, eventId, population.evidenceOf(stall));
    if (verified === null) wrong.push(`${eventId} is not in the catalogue`);
    else verdicts.push(verified.verdict);
  }
  const money = await checkMoney(pool, stripeUrl, population.dispute);
  wrong.push(...verdicts.flatMap(wrongOf), ...money.wrong);
  return { verdicts, money, looked: lookedAt(verdicts), wrong };
}

/** A run in which nothing was broken, or nothing was sold, proves nothing. */
export function provedNothing(
  strikes: number,
  { held, booked }: Pick<Tally, 'held' | 'booked'>,
  looked: Readonly<Record<string, number>>,
): string[] {
  const wrong: string[] = [];
  if (strikes === 0) wrong.push('no fault was done');
  if (held === 0 || (looked.acknowledged_in_journal ?? 0) === 0) wrong.push('nobody held a seat');
  if (booked === 0) wrong.push('nothing was sold');
  return wrong;
}

function countsOf(tally: Tally) {
  const { held, extended, released, booked, declined, conflicts, unknown } = tally;
  return { held, extended, released, booked, declined, conflicts, unknown };
}

function longestSilence(heldAtMs: readonly number[]): number {
  return heldAtMs.reduce((longest, atMs, i) => Math.max(longest, atMs - heldAtMs[i - 1] || 0), 0);
}

function lookedAt(verdicts: readonly Verdict[]): Record<string, number> {
  const looked: Record<string, number> = {};
  for (const { checks } of verdicts) {
    for (const check of checks) looked[check.name] = (looked[check.name] ?? 0) + check.looked;
  }
  return looked;
}

const wrongOf = ({ eventId, checks }: Verdict): string[] =>
  checks
    .filter((check) => check.wrong > 0)
    .flatMap(({ name, examples }) => examples.map((text) => `${eventId} ${name}: ${text}`));
