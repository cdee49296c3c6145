import { readdirSync } from 'node:fs';
import type { Pool } from 'pg';

import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { isDatabaseAway } from './answer-deadline.js';

/**
 * Whether a process of this build can serve on a database. Asked once, before it serves anything;
 * what changes the schema is migrate().
 *
 * SV1  Every migration of this build is applied: on an older schema nothing is served.
 * SV2  What is applied beyond them says from which migration on a build can serve beside it
 *      (`schema_migration.serves_from`). A newer schema that does not say so is not served on:
 *      nobody knows what it changed.
 */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused';
}

export const migrationsFolder = new URL('./migrations/', import.meta.url);

/** In the order in which they are applied. */
export function migrationNames(folder: URL = migrationsFolder): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/** A database that starts or fails over is waited for as long as this. */
const databaseWaitMs = 45_000;
const askEveryMs = 500;

/**
 * Resolves when the database has a schema that this build can serve on. Rejects with SchemaRefused,
 * and with the database's own error when it refuses us or stays away.
 */
export async function requireSchema(
  pool: Pool,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Promise<void> {
  const endMs = clock.monotonicMs() + databaseWaitMs;
  for (let told = false; ; told = true) {
    try {
      const problem = await schemaProblem(pool);
      if (problem !== null) throw new SchemaRefused(problem);
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || clock.monotonicMs() > endMs) throw error;
      if (!told) log.warn({ err: error }, 'waiting for the database');
    }
    await new Promise<void>((resolve) => void clock.after(askEveryMs, resolve));
  }
}

/** One line; null: this build can serve on it. */
export async function schemaProblem(pool: Pick<Pool, 'query'>): Promise<string | null> {
  const known = migrationNames();
  try {
    const { rows } = await pool.query<{ row: AppliedMigration }>(
      // As JSON: databases of before have no such column as serves_from.
      'SELECT to_jsonb(m) AS row FROM schema_migration AS m ORDER BY name',
    );
    const applied = rows.map(({ row }) => row);
    return problemOf(known, applied);
  } catch (error) {
    // Postgres: undefined_table.
    if ((error as { code?: unknown }).code !== '42P01') throw error;
    return `the database has no Holdfast schema: ${remedy}`;
  }
}

export interface AppliedMigration {
  readonly name: string;
  readonly serves_from?: string | null | undefined;
}

/** Both in their order. */
export function problemOf(
  known: readonly string[],
  applied: readonly AppliedMigration[],
): string | null {
  const missing = known.find((name) => !applied.some((one) => one.name === name));
  if (missing !== undefined) {
    return `the schema is older than this build, which needs ${missing}: ${remedy}`;
  }
  const own = known.at(-1)?.slice(0, 4) ?? '0000';
  const foreign = applied.find(
    ({ name, serves_from: from }) => !known.includes(name) && (from == null || from > own),
  );
  if (foreign === undefined) return null;
  return `the schema is newer than this build can serve: it does not know ${foreign.name}`;
}

const remedy = 'run "holdfastctl migrate"';
