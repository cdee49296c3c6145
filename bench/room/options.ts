import { parseArgs } from 'node:util';

/** The flags of `npm run bench -- room`. */
export interface RoomBenchOptions {
  /** Places of the large room. */
  readonly waiting: number;
  /** People who come over HTTP. */
  readonly people: number;
  readonly sockets: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Holds a second of admitted buyers, with ten times as many requests outside. */
  readonly admitted: number;
}

export const helpText = `npm run bench -- room [options]

  --waiting N    places of one room (1000000)
  --people N     of them who come over HTTP, are drawn, called and admitted (4096)
  --sockets N    that watch how far it is, on one gateway, from two client processes (10000)
  --rounds N     of what is compared, in turn (5)
  --seconds N    of each of them (1)
  --admitted N   holds a second with ten times as many requests outside (200)

What a waiting room of so many costs: joins, memory, bytes, a position, a proof, a word to all
sockets, a poll beside a bare server, a hold beside one without a room; and how fair it was.
Starts a system of its own. Exit code 1: an answer was wrong, or a bound was missed.`;

const flags = {
  waiting: { type: 'string', default: '1000000' },
  people: { type: 'string', default: '4096' },
  sockets: { type: 'string', default: '10000' },
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '1' },
  admitted: { type: 'string', default: '200' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** null: the help is wanted, or a number is none. */
export function roomOptions(args: readonly string[]): RoomBenchOptions | null {
  try {
    const { values } = parseArgs({ args: [...args], options: flags });
    const { help, ...texts } = values;
    const numbers = Object.entries(texts).map(([name, text]) => [name, Number(text)] as const);
    const whole = numbers.every(([, value]) => Number.isInteger(value) && value > 0);
    const options = Object.fromEntries(numbers) as unknown as RoomBenchOptions;
    return help || !whole || options.waiting < options.people ? null : options;
  } catch {
    return null;
  }
}
