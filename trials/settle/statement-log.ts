import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { TestPostgres } from '#libs/testing/postgres.js';

/** Settings of a server whose statements can be counted. */
export const loggedStatements = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_filename: 'statements',
  log_rotation_age: '0',
  log_rotation_size: '0',
} as const;

const shownLength = 56;
/** Of payments each statement is named; of the others only how many there are. */
const named = 'hf-payments';

/** Counts what a server is asked, by the server's own log: nobody can ask past it. */
export class StatementLog {
  constructor(private readonly server: TestPostgres) {}

  /** While `work` runs, by who asks. */
  async during(work: () => Promise<unknown>): Promise<Map<string, number>> {
    const before = (await this.#lines()).length;
    await this.#log('all');
    await work();
    await this.#log('none');
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (const line of (await this.#lines()).slice(before)) {
      const { application_name: who = '?', message } = JSON.parse(line) as LogLine;
      const statement = /^(?:execute [^:]*|statement): (.*)$/s.exec(message)?.[1];
      if (statement === undefined) continue;
      const group = who.replace(/^(hf-\w+) .*/, '$1');
      count(group);
      if (group === named) count(`${group}: ${oneLine(statement)}`);
    }
    return counts;
  }

  async #log(which: 'all' | 'none'): Promise<void> {
    const client = new pg.Client({ connectionString: this.server.url });
    await client.connect();
    try {
      await client.query(`ALTER SYSTEM SET log_statement = ${which}`);
      await client.query('SELECT pg_reload_conf()');
    } finally {
      await client.end();
    }
  }

  async #lines(): Promise<string[]> {
    const file = path.join(this.server.dataFolder, 'log', 'statements.json');
    return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  }
}

interface LogLine {
  readonly application_name?: string;
  readonly message: string;
}

const oneLine = (statement: string): string =>
  statement.replace(/\s+/g, ' ').trim().slice(0, shownLength);
