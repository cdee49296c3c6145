import type { Pool } from 'pg';
import { Type } from 'typebox';
import { limits } from '#libs/contracts/limits.js';
import { minimumsOfVariable, minimumAmounts } from '#libs/contracts/money/minimums-variable.js';
import type { MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { openPool } from '#libs/database/pool.js';
import { readConfig } from '#libs/platform/config.js';
import { shownMessage, shownText } from '#libs/platform/shown-text.js';
import { CommandFailed, NotReachable } from './failures.js';
import { isCluster, withLink, type ClusterLink, type JournalLink } from './link.js';
import { tokenSecretOf } from '../start/data-folder.js';
import { findSystem, type System } from '../system/find-system.js';
import { shownPath } from '../system/paths.js';
import type { Interruption } from './interruption.js';
import { table, type Cell } from './table.js';

/** Where a command line runs: a terminal, or a test. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  /** Null or not given: what is printed goes to a file or to another program. */
  readonly screen?: Screen | null;
  /** Aborted at Ctrl-C. */
  readonly interrupted?: AbortSignal;
}

/** Read anew for each picture: people resize windows. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** What every command gets: the system it works on, a place to print, and its manners. */
export interface CommandContext {
  /** One line, or one JSON value with --json. */
  print(text: string, value: unknown): void;
  /** The same for a text with control codes of our own: the caller shows others' by shownText(). */
  draw(text: string, value: unknown): void;
  /** Throws SystemNotFound when there is none. */
  system(): System;
  readonly json: boolean;
  /** Width of what is printed, in characters. */
  readonly columns: number;
  /** Null: no control codes, please. */
  readonly screen: Screen | null;
  readonly interruption: Interruption;
  table(header: readonly string[], rows: readonly (readonly Cell[])[]): string;
  /** By which the gateways know their tokens. Throws CommandFailed where it is not known. */
  tokenSecret(): string;
  /** For asking Stripe itself, where the system does. */
  readonly stripeSecretKey: string | undefined;
  /** The least that can be charged. Throws CommandFailed when the environment is not usable. */
  minimums(): MinimumCharges;
  /** For people, on standard error: how a long operation goes on. Nothing with --json. */
  progress(text: string): void;
  /** Runs `work` with connections to the system's database and closes them after it. */
  withDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T>;
  /** Runs `work` with database, journal and bus. NotReachable without a bus (--single). */
  withCluster<T>(work: (link: ClusterLink) => Promise<T>): Promise<T>;
  /** The same, with `bus: null` where there is no bus. */
  withJournal<T>(work: (link: JournalLink) => Promise<T>): Promise<T>;
}

export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const columnsUnknown = 80;
const columnsMin = 40;
const columnsMax = 240;

/** COLUMNS wins over the terminal, as everywhere. */
export function columnsOf({ env, screen }: Terminal): number {
  const wanted = Number(env.COLUMNS);
  const columns = wanted > 0 ? wanted : (screen?.columns ?? columnsUnknown);
  return Math.floor(Math.min(columnsMax, Math.max(columnsMin, columns)));
}

export function commandContext(
  options: GlobalOptions,
  terminal: Terminal,
  interruption: Interruption,
): CommandContext {
  const system = (): System => findSystem({ data: options.data, env: terminal.env });
  const withJournal: CommandContext['withJournal'] = (work) => withLink(system(), work);
  return {
    system,
    json: options.json === true,
    interruption,
    get columns() {
      return columnsOf(terminal);
    },
    get screen() {
      return terminal.screen ?? null;
    },
    table: (header, rows) => table(columnsOf(terminal), header, rows),
    tokenSecret: () => tokenSecretIn(system(), terminal),
    stripeSecretKey: terminal.env.STRIPE_SECRET_KEY,
    minimums: () => minimumsIn(terminal),
    progress(text) {
      if (options.json !== true) terminal.err(`${shownMessage(text)}\n`);
    },
    withJournal,
    withCluster: (work) =>
      withJournal((link) => {
        if (isCluster(link)) return work(link);
        throw new NotReachable(
          'this needs the message bus, and a --single system has none outside its process',
        );
      }),
    print(text, value) {
      terminal.out(`${shownText(options.json === true ? JSON.stringify(value) : text)}\n`);
    },
    draw(text, value) {
      terminal.out(`${options.json === true ? shownText(JSON.stringify(value)) : text}\n`);
    },
    async withDatabase(work) {
      const pool = openPool(system().databaseUrl, {
        applicationName: 'holdfastctl',
        max: 2,
        answerWithinMs: limits.operatorAnswerMs,
      });
      try {
        return await work(pool);
      } finally {
        await pool.end();
      }
    },
  };
}

/** A system of `npm start` has made its own; others have it in their environment. */
function tokenSecretIn({ data }: System, { env }: Terminal): string {
  const secret = data === null ? env.HOLDFAST_TOKEN_SECRET : tokenSecretOf(data);
  if (secret !== undefined && secret !== '') return secret;
  const where = data === null ? 'HOLDFAST_TOKEN_SECRET is not set' : `${shownPath(data)} has none`;
  throw new CommandFailed(`the secret that signs tokens is not known: ${where}`);
}

/** Read as the processes read it: an import must not promise what payments refuse. */
function minimumsIn({ env }: Terminal): MinimumCharges {
  try {
    const schema = Type.Object({ STRIPE_MINIMUM_AMOUNTS: Type.Optional(minimumAmounts) });
    return minimumsOfVariable(readConfig(schema, env).STRIPE_MINIMUM_AMOUNTS);
  } catch (error) {
    throw new CommandFailed((error as Error).message);
  }
}
