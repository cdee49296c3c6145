import { parseArgs } from 'node:util';

/** The flags of `npm run sim`. */
export interface SimRunOptions {
  readonly seeds: number;
  /** The first one. */
  readonly seed: number;
  readonly minutes: number;
  readonly jobs: number;
  readonly trace: boolean;
  readonly json: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: SimRunOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run sim -- [options]

  --seeds N      how many seeds, one whole run each, 1 to 1000000 (200; 1 with --seed)
  --seed S       the first seed, 0 to 999999999 (1)
  --minutes M    how long each sale goes on under faults, virtual minutes, 1 to 60 (1)
  --jobs N       seeds at the same time, 1 to 64 (1)
  --trace        print everything that happened in the run (one seed only)
  --json         the result as JSON
  --help         this text

A seed, the minutes and the commit are the whole run: it repeats byte for byte.
Exit code 0: no seed broke a promise.`;

const flags = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  minutes: { type: 'string', default: '1' },
  jobs: { type: 'string', default: '1' },
  trace: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const seedsDefault = '200';

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    const alone = values.seed === undefined && !values.trace ? seedsDefault : '1';
    const options = {
      seeds: count('--seeds', values.seeds ?? alone, 1, 1_000_000),
      seed: count('--seed', values.seed ?? '1', 0, 999_999_999),
      minutes: count('--minutes', values.minutes, 1, 60),
      jobs: count('--jobs', values.jobs, 1, 64),
      trace: values.trace,
      json: values.json,
    };
    if (options.trace && options.seeds > 1) throw new Error('--trace wants one seed');
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

function count(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} wants a number from ${min} to ${max}, not "${text}"`);
}
