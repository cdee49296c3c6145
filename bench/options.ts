import { parseArgs } from 'node:util';

/** The flags of `npm run bench`. */
export interface BenchOptions {
  readonly quick: boolean;
  /** A running gateway to measure instead of a system of our own. */
  readonly url: string | null;
  /** Folder of the running system, for --url. */
  readonly data: string | undefined;
  /** What its system serves HTTP with; null: what it takes by itself. */
  readonly edge: string | null;
  readonly json: boolean;
  /** File for the JSON, besides what is printed. */
  readonly out: string | null;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run bench -- [options]

  --quick      three short repetitions, under a minute
  --url URL    measure this running gateway instead of a system of its own
  --data DIR   folder of that running system (HOLDFAST_DATA, else .holdfast)
  --edge NAME  uws or node, for its own system; else what that takes by itself
  --json       print JSON instead of the table
  --out FILE   write the JSON to a file as well
  --help       this text

Without --url a system with one shard and one gateway is started on free ports,
with --pin where that can be had, measured, checked and stopped. Exit code 1:
a safety check failed.

npm run bench -- peers ...             against what people would use instead, and reads
npm run bench -- sockets ...           memory and delay of live maps
npm run bench -- sales ...             what a hold costs in other kinds of sale
npm run bench -- growth ...            how that grows with buyers, events, holds, processes
npm run bench -- generators ...        the load generator beside wrk
npm run bench -- profile ...           where the microseconds of a hold go, with flame graphs
npm run bench -- capacity              how many of what a sale of ten million people takes
npm run bench -- moves | herd | slow | turns | seat-map | seats | search | neighbour
                 | edges | builds ...  what bench:NAME runs
npm run bench -- --compare A.json B.json   two reports of the peers`;

const flags = {
  quick: { type: 'boolean', default: false },
  url: { type: 'string' },
  data: { type: 'string' },
  edge: { type: 'string' },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true });
    if (values.help) return { kind: 'help' };
    if (values.url !== undefined && !/^http:\/\/[^/]+/.test(values.url)) {
      throw new Error('--url wants a URL that begins with http://');
    }
    if (values.edge !== undefined && !['uws', 'node'].includes(values.edge)) {
      throw new Error('--edge wants uws or node');
    }
    const { quick, data, json, url = null, edge = null, out = null } = values;
    const options = { quick, url, data, edge, json, out };
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}
