import { parseArgs } from 'node:util';

/** The flags of `npm run demo`. */
export interface DemoOptions {
  readonly buyers: number;
  readonly seats: number;
  readonly watchers: number;
  /** From the first buyer to the last hold's end, about. */
  readonly seconds: number;
  /** An event that is there already, instead of a fresh one. */
  readonly event: string | null;
  /** Says where the fight is seen, and keeps a system of its own up until it is interrupted. */
  readonly watch: boolean;
  readonly json: boolean;
  /** Data folder of the system, as given. */
  readonly data: string | undefined;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run demo -- [options]

  --buyers N     how many buyers fight, 1 to 5000 (500)
  --seats N      for how many seats of the theatre, 10 to 612 (300)
  --watchers N   how many watch over WebSocket, 0 to 1000 (50)
  --seconds N    how long it takes, 15 to 600 (30)
  --event ID     sell this event instead of a fresh one
  --data DIR     folder of the running system (HOLDFAST_DATA, else .holdfast)
  --watch        prints where a browser sees the fight, gives you ten seconds to
                 open it, and leaves the system up afterwards, until Ctrl-C
  --json         the result as JSON
  --help         this text

Without a running system the demo starts one of its own and stops it again.
Exit code 0: the independent check found nothing wrong.`;

const flags = {
  buyers: { type: 'string', default: '500' },
  seats: { type: 'string', default: '300' },
  watchers: { type: 'string', default: '50' },
  seconds: { type: 'string', default: '30' },
  event: { type: 'string' },
  data: { type: 'string' },
  watch: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    if (values.event !== undefined && !/^evt_[a-z0-9]{1,48}$/.test(values.event)) {
      throw new Error('--event wants the id of an event, such as evt_hamlet');
    }
    const options = {
      buyers: count('--buyers', values.buyers, 1, 5_000),
      seats: count('--seats', values.seats, 10, 612),
      watchers: count('--watchers', values.watchers, 0, 1_000),
      seconds: count('--seconds', values.seconds, 15, 600),
      event: values.event ?? null,
      watch: values.watch,
      json: values.json,
      data: values.data,
    };
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

function count(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} wants a number from ${min} to ${max}, not "${text}"`);
}
