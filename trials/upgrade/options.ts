import { parseArgs } from 'node:util';
import { releaseBefore } from './older-build.js';

/** The flags of `npm run upgrade`. */
export interface UpgradeOptions {
  /** A checkout of the older release that is built; null: one is made of `revision`. */
  readonly from: string | null;
  readonly revision: string;
  readonly buyers: number;
  readonly watchers: number;
  /** How long the system sells after each step before the next one. */
  readonly settleMs: number;
  readonly json: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: UpgradeOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run upgrade -- [options]

  --from DIR     a checkout of the older release that is built; absent: one is made of --revision
  --revision R   the older release, by its commit (${releaseBefore.slice(0, 12)})
  --buyers N     how many buy at the same time, 10 to 2000 (80)
  --watchers N   how many follow each event over WebSocket, 1 to 200 (6)
  --settle S     seconds between two steps, 1 to 60 (6)
  --json         the result as JSON
  --help         this text

Starts Postgres, NATS, the Stripe simulator, and two shards, payments and gateways each of the older
release. Under real buyers it replaces every process by this build, one at a time, and then back
by the older one: payments, shards (drained first), gateways. A balancer looks at /readyz.

Exit code 0: no buyer saw an error and the independent check found nothing. 1: otherwise; the logs
are kept. 2: it could not run.`;

const flags = {
  from: { type: 'string' },
  revision: { type: 'string', default: releaseBefore },
  buyers: { type: 'string', default: '80' },
  watchers: { type: 'string', default: '6' },
  settle: { type: 'string', default: '6' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    if (!/^[\w./-]+$/.test(values.revision) || values.revision.startsWith('-')) {
      throw new Error(`--revision wants a commit, not "${values.revision}"`);
    }
    const options = {
      from: values.from ?? null,
      revision: values.revision,
      buyers: number('--buyers', values.buyers, 10, 2_000),
      watchers: number('--watchers', values.watchers, 1, 200),
      settleMs: 1_000 * number('--settle', values.settle, 1, 60),
      json: values.json,
    };
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

function number(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} wants a number from ${min} to ${max}, not "${text}"`);
}
