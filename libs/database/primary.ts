import pg from 'pg';
import { readDatabaseAddress } from './database-address.js';

/**
 * Finds the primary among the servers of a `DATABASE_URL`, and makes clients that connect to it.
 *
 * PD1  Nobody is sent to a server that says it is in recovery: what is read there may be old, and a
 *      write would be refused.
 * PD2  Of two that say they are primary the one with the newer timeline is taken. A promotion
 *      begins a new one, so the other was left behind. The timeline is that of the WAL it writes:
 *      its control file tells the old one for a while after a promotion. A process that has seen a
 *      timeline goes to no older one again, even when the newer primary is gone.
 * PD3  An answer is used for a second, and no longer than until a connection fails or ends. A
 *      server that does not answer within a second is none.
 * PD4  With a single server nothing is asked: it is connected to as it always was.
 *
 * Not its job: to fence the primary that was left behind. A synchronous standby does that (the old
 * one can commit nothing that it acknowledges), and the operator (docs/operating/failover.md).
 */
export interface PrimaryFinder {
  /** The server's own URL. Rejects with NoPrimary. */
  find(): Promise<string>;
  /** What it said does not hold any more. */
  forget(): void;
}

export class NoPrimary extends Error {
  override readonly name = 'NoPrimary';
  /** As a refused connection: nothing was asked of anybody. */
  readonly code = 'ECONNREFUSED';
}

/** What a server says of itself. */
export interface ServerState {
  readonly inRecovery: boolean;
  readonly timeline: number;
}

export interface FinderParts {
  /** Rejects when the server does not answer. */
  readonly ask: (url: string) => Promise<ServerState>;
  readonly nowMs: () => number;
}

const answerMs = 1_000;
const keptMs = 1_000;

export function primaryFinder(
  servers: readonly string[],
  { ask, nowMs }: FinderParts = { ask: askServer, nowMs: () => performance.now() },
): PrimaryFinder {
  let newestSeen = 0;
  let asked: { readonly atMs: number; readonly url: Promise<string> } | null = null;
  return {
    find() {
      if (servers.length === 1) return Promise.resolve(servers[0]);
      if (asked !== null && nowMs() - asked.atMs < keptMs) return asked.url;
      const url = newestPrimary(servers, ask, newestSeen).then((found) => {
        // Whoever asked longer ago may be answered later.
        if (found.timeline < newestSeen) throw new NoPrimary('a newer primary was found meanwhile');
        newestSeen = found.timeline;
        return found.url;
      });
      asked = { atMs: nowMs(), url };
      // Whoever asks next asks anew.
      url.catch(() => (asked = null));
      return url;
    },
    forget: () => void (asked = null),
  };
}

interface Primary {
  readonly url: string;
  readonly timeline: number;
}

async function newestPrimary(
  servers: readonly string[],
  ask: FinderParts['ask'],
  atLeast: number,
): Promise<Primary> {
  const answers = await Promise.allSettled(servers.map(ask));
  const told = answers.flatMap((answer, i) =>
    answer.status === 'rejected' ? [] : [{ url: servers[i], ...answer.value }],
  );
  const writable = told.filter(({ inRecovery }) => !inRecovery);
  const [newest] = writable
    .filter(({ timeline }) => timeline >= atLeast)
    .sort((a, b) => b.timeline - a.timeline);
  if (newest !== undefined) return newest;
  throw new NoPrimary(
    `of ${servers.length} database servers none is the primary: ` +
      `${told.length - writable.length} in recovery, ${writable.length} left behind, ` +
      `${servers.length - told.length} without an answer`,
  );
}

async function askServer(url: string): Promise<ServerState> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'hf-finder',
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ recovering: boolean; timeline: number }>(
      `SELECT pg_is_in_recovery() AS recovering,
              CASE WHEN pg_is_in_recovery() THEN 0
                   ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
              END AS timeline`,
    );
    return { inRecovery: rows[0].recovering, timeline: rows[0].timeline };
  } finally {
    // One that does not answer would not say goodbye either.
    client.end().catch(() => undefined);
  }
}

const finders = new Map<string, PrimaryFinder>();

/** One for each address, so that all pools of a process share what was found. */
function finderOf(url: string, servers: readonly string[]): PrimaryFinder {
  let finder = finders.get(url);
  if (finder === undefined) {
    finders.set(url, (finder = primaryFinder(servers)));
  }
  return finder;
}

type Done = Parameters<pg.Client['connect']>[0];

/** A client of whichever server of `url` is the primary when it connects. */
export function clientOfPrimary(url: string): typeof pg.Client {
  const { servers } = readDatabaseAddress(url);
  // Nothing is looked for: the driver's own.
  if (servers.length === 1) return pg.Client;
  const [first] = servers;
  const finder = finderOf(url, servers);
  return class PrimaryClient extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      const rest = typeof config === 'string' ? {} : config;
      super({ ...rest, connectionString: first });
      // Whatever ended it may have made another server the primary.
      this.on('end', () => finder.forget());
    }

    override connect(): Promise<pg.Client>;
    override connect(done: Done): void;
    override connect(done?: Done): Promise<pg.Client> | void {
      const connected = this.#connect();
      if (done === undefined) return connected;
      const tell = done as (error: Error | null, client?: pg.Client) => void;
      connected.then(
        () => tell(null, this),
        (error: unknown) => tell(error as Error),
      );
    }

    async #connect(): Promise<pg.Client> {
      // Parsed by the driver itself, as an address of one server is.
      const { host, port } = new pg.Client(await finder.find());
      Object.assign(this, { host, port });
      try {
        return await super.connect();
      } catch (error) {
        finder.forget();
        throw error;
      }
    }
  };
}
