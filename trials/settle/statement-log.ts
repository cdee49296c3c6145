import pg from 'pg';

/** What a server must be started with whose statements are counted. */
export const loggedBy = { log_line_prefix: '%a|' } as const;

const shownLength = 64;
/** Of payments each statement is named; of the others only how many there are. */
const named = 'hf-payments';
const statementLine = /^([^|]*)\|LOG: {2}(?:execute [^:]*|statement): ?(.*)$/;

/** Counts what a server is asked, by the server's own log: nobody can ask past it. */
export class StatementLog {
  #text = '';
  #hears = false;

  /** Of the server. */
  readonly hear = (chunk: Buffer): void => {
    if (this.#hears) this.#text += chunk.toString();
  };

  /** While `work` runs, by who asks. `url`: of a superuser. */
  async during(url: string, work: () => Promise<unknown>): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    this.#text = '';
    this.#hears = true;
    await logStatements(url, 'all');
    await work();
    await logStatements(url, 'none');
    this.#hears = false;
    for (const [who, statement] of statementsIn(this.#text)) {
      const group = who.replace(/^(hf-\w+) .*/, '$1');
      const names = group === named ? [group, `${group}: ${statement}`] : [group];
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }
}

async function logStatements(url: string, which: 'all' | 'none'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`ALTER SYSTEM SET log_statement = '${which}'`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}

/** Further lines of a statement begin with a tab. */
export function* statementsIn(log: string): Generator<readonly [who: string, statement: string]> {
  for (const entry of log.split(/\n(?!\t)/)) {
    const [first, ...rest] = entry.split('\n');
    const [, who, begins] = statementLine.exec(first) ?? [];
    if (who === undefined) continue;
    const whole = [begins, ...rest].join(' ').replace(/\s+/g, ' ').trim();
    yield [who, whole.slice(0, shownLength)];
  }
}
