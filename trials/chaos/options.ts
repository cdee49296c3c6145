import { parseArgs } from 'node:util';
import { faultNames, type FaultName } from './fault-names.js';

/** The flags of `npm run chaos`. */
export interface ChaosOptions {
  readonly minutes: number;
  readonly faults: readonly FaultName[];
  readonly seed: number;
  readonly buyers: number;
  readonly watchers: number;
  /** TLS on the lines to Postgres, NATS (with certificates of both sides) and the gateways. */
  readonly tls: boolean;
  readonly json: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: ChaosOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run chaos -- [options]

  --minutes M    how long things break, 0.2 to 60 (3)
  --faults A,B   only these, see below (all)
  --seed S       the choices of the nemesis, 0 to 4294967295 (random)
  --buyers N     how many buy at the same time, 10 to 2000 (200)
  --watchers N   how many follow each event over WebSocket, 1 to 200 (12)
  --tls          TLS to Postgres, NATS and the gateways, by a certificate made for it (openssl)
  --json         the result as JSON
  --help         this text

Starts Postgres, NATS, shards, gateways and payments of its own, breaks them one after the other
and together under real buyers, heals everything, and lets the independent check judge.

faults: ${wrapped(faultNames)}

Exit code 0: nothing wrong. 1: something is; the logs, the history and the command are kept.
2: it could not run.`;

const flags = {
  minutes: { type: 'string', default: '3' },
  faults: { type: 'string', default: faultNames.join() },
  seed: { type: 'string' },
  buyers: { type: 'string', default: '200' },
  watchers: { type: 'string', default: '12' },
  tls: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    const seedMax = 2 ** 32 - 1;
    const seed = values.seed ?? String(Math.floor(Math.random() * seedMax));
    const options = {
      minutes: number('--minutes', values.minutes, 0.2, 60, /^\d{1,2}(\.\d{1,3})?$/),
      faults: faultList(values.faults),
      seed: number('--seed', seed, 0, seedMax),
      buyers: number('--buyers', values.buyers, 10, 2_000),
      watchers: number('--watchers', values.watchers, 1, 200),
      tls: values.tls,
      json: values.json,
    };
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

function faultList(text: string): FaultName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !faultNames.some((known) => known === name));
  if (unknown === undefined) return [...new Set(names)] as FaultName[];
  throw new Error(`--faults does not know "${unknown}"`);
}

function number(name: string, text: string, min: number, max: number, form = /^\d{1,10}$/): number {
  const value = form.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} wants a number from ${min} to ${max}, not "${text}"`);
}

function wrapped(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    if (`${lines.at(-1)} ${name}`.length > 78) lines.push('');
    lines[lines.length - 1] += ` ${name}`;
  }
  return lines.map((line) => line.trim()).join('\n        ');
}
