import { parseArgs } from 'node:util';

export const webhookWords = ['late', 'thrice', 'none'] as const;
export type WebhookWord = (typeof webhookWords)[number];

/** One of three trials. */
export type SettleOptions = { readonly json: boolean } & (
  | {
      readonly trial: 'faults';
      readonly bookings: number;
      readonly webhooks: WebhookWord;
      readonly seed: number;
    }
  | {
      readonly trial: 'lost';
      readonly perSecond: number;
      readonly minutes: number;
      readonly lostPercent: number;
    }
  | { readonly trial: 'checkout'; readonly perSecond: number; readonly seconds: number }
);

export type FaultsOptions = Extract<SettleOptions, { trial: 'faults' }>;
export type LostOptions = Extract<SettleOptions, { trial: 'lost' }>;
export type CheckoutOptions = Extract<SettleOptions, { trial: 'checkout' }>;

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: SettleOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run settle -- [options]

Every fault of the payment provider, each in 5 of 100 requests, and every 5 s a process is killed:
  --bookings N   until so many are confirmed, 5 to 20000 (2000)
  --webhooks W   ${webhookWords.join(', ')} (late): told twice and up to 4 s late;
                 three times and in any order; or never, so that polling alone settles
  --seed S       the choices of the trial, 0 to 4294967295 (random)

Answers of the provider are lost, and memory is watched:
  --rate R       payments a second, 1 to 500
  --minutes M    0.1 to 60 (10)
  --lost P       of 100 requests to the provider, 0 to 50 (2)

A provider that takes 300 ms:
  --checkout R   bookings a second, 1 to 1000
  --seconds S    5 to 600 (30)

  --json         the result as JSON
  --help         this text

Starts a system of its own, and afterwards compares what the provider took with what was booked,
order by order. Exit code 0: everything agrees. 1: something does not. 2: it could not run.`;

const flags = {
  bookings: { type: 'string' },
  webhooks: { type: 'string' },
  seed: { type: 'string' },
  rate: { type: 'string' },
  minutes: { type: 'string' },
  lost: { type: 'string' },
  checkout: { type: 'string' },
  seconds: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const flagsOf = {
  faults: ['bookings', 'webhooks', 'seed'],
  lost: ['rate', 'minutes', 'lost'],
  checkout: ['checkout', 'seconds'],
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    const { json } = values;
    const trial =
      values.rate !== undefined ? 'lost' : values.checkout !== undefined ? 'checkout' : 'faults';
    refuseOthers(Object.keys(values), trial);
    return { kind: 'options', options: { json, ...optionsOf(trial, values) } };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

type Trial = SettleOptions['trial'];
type Texts = Readonly<Partial<Record<Exclude<keyof typeof flags, 'json' | 'help'>, string>>>;
type OneOf<T> = T extends unknown ? Omit<T, 'json'> : never;

function optionsOf(trial: Trial, texts: Texts): OneOf<SettleOptions> {
  const { bookings = '2000', webhooks = 'late', minutes = '10', lost = '2' } = texts;
  const seedMax = 2 ** 32 - 1;
  switch (trial) {
    case 'faults':
      return {
        trial,
        bookings: number('--bookings', bookings, 5, 20_000),
        webhooks: wordOf(webhooks),
        seed: number('--seed', texts.seed ?? drawnSeed(seedMax), 0, seedMax),
      };
    case 'lost':
      return {
        trial,
        perSecond: number('--rate', texts.rate ?? '', 1, 500),
        minutes: number('--minutes', minutes, 0.1, 60, /^\d{1,2}(\.\d{1,3})?$/),
        lostPercent: number('--lost', lost, 0, 50, /^\d{1,2}(\.\d{1,3})?$/),
      };
    case 'checkout':
      return {
        trial,
        perSecond: number('--checkout', texts.checkout ?? '', 1, 1_000),
        seconds: number('--seconds', texts.seconds ?? '30', 5, 600),
      };
  }
}

/** A flag that would change nothing is a mistake. */
function refuseOthers(given: readonly string[], trial: Trial): void {
  const own: readonly string[] = [...flagsOf[trial], 'json', 'help'];
  const other = given.find((name) => !own.includes(name));
  if (other !== undefined) throw new Error(`--${other} does not go with this trial, see --help`);
}

const drawnSeed = (most: number): string => String(Math.floor(Math.random() * most));

function wordOf(text: string): WebhookWord {
  const word = webhookWords.find((known) => known === text);
  if (word !== undefined) return word;
  throw new Error(`--webhooks wants one of ${webhookWords.join(', ')}, not "${text}"`);
}

function number(name: string, text: string, min: number, max: number, form = /^\d{1,10}$/): number {
  const value = form.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} wants a number from ${min} to ${max}, not "${text}"`);
}
