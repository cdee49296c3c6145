import type { TObject } from 'typebox';
import { ConfigError, environment, readConfig, type Environment } from './config.js';
import type { Static } from 'typebox';

/**
 * The environment of a process, in which a name that is nearly one of its own is refused: it was
 * meant, and would be passed over. Names of other processes and tools are nobody's mistake.
 */
export function readProcessConfig<Schema extends TObject>(
  schema: Schema,
  env: Environment = environment(),
): Readonly<Static<Schema>> {
  const problems = misspeltIn(schema, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return readConfig(schema, env);
}

/** One line for each variable that is a slip away from one of the schema's. */
export function misspeltIn(schema: TObject, env: Environment): string[] {
  const own = Object.keys(schema.properties).flatMap((name) => [name, `${name}_FILE`]);
  return Object.keys(env)
    .filter((name) => name.startsWith('HOLDFAST_') && !own.includes(name))
    .flatMap((name) => {
      const nearest = own.find((known) => slipsBetween(name, known) <= slipsMax);
      return nearest === undefined ? [] : [`${name} is unknown: is ${nearest} meant?`];
    });
}

const slipsMax = 2;

/** Levenshtein's distance: letters to add, leave out or change. */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, change));
    }
    above = row;
  }
  return above[b.length];
}
