import type pg from 'pg';

/**
 * What is different where a pooler (PgBouncer) stands between a process and the database. It takes
 * no settings with a connection, and by transaction it gives each transaction whichever session is
 * free.
 *
 * PGB1  A connection on which a setting that matters does not hold is not used: it is asked for
 *       them first. They are set by `ALTER ROLE ... SET`.
 * PGB2  By transaction no statement has a name: it would be known to another session.
 *
 * Only what needs no session goes through one: gateways and payments. The journal's connections,
 * migrations and operators' commands go to the database itself.
 */
export const poolerWords = ['session', 'transaction'] as const;
export type Pooler = (typeof poolerWords)[number];

export class PoolerSettings extends Error {
  override readonly name = 'PoolerSettings';
}

/** @throws {PoolerSettings} */
export async function checkSettings(
  client: Pick<pg.ClientBase, 'query'>,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const names = Object.keys(wanted);
  const { rows } = await client.query<{ name: string; value: string | null }>(
    'SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name',
    [names],
  );
  const differing = rows.filter(({ name, value }) => value !== wanted[name]);
  if (differing.length === 0) return;
  const said = differing.map(({ name, value }) => `${name} is ${value ?? 'not set'}`).join(', ');
  const set = differing.map(({ name }) => `ALTER ROLE ... SET ${name} = '${wanted[name]}'`);
  throw new PoolerSettings(`behind the pooler ${said}; ${set.join('; ')}`);
}

/** Its statements are read and planned each time (PGB2). */
export function withoutNames(client: pg.Client): void {
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((first: unknown, ...rest: unknown[]): unknown =>
    ask(isNamed(first) ? { ...first, name: undefined } : first, ...rest)) as typeof client.query;
}

const isNamed = (query: unknown): query is { readonly name: unknown } =>
  typeof query === 'object' && query !== null && 'name' in query;
