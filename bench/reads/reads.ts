import { BareServer } from '../bare.js';
import { cpuSpent, cpuUse, type NamedProcess } from '../cpu-use.js';
import { processesOf } from '../measured-system.js';
import type { Place } from '../peers/competitor.js';
import type { ContestRun, Loader } from '../peers/contest.js';

/** What people ask again and again before they buy, and what they have already. */
export interface ReadKind {
  /** As the table of targets names it. */
  readonly name: string;
  readonly path: (eventId: string) => string;
  /** Asked with the tag of what the client has: 304. */
  readonly has: boolean;
}

export const readKinds: readonly ReadKind[] = [
  // Misspelt: the dear kind of a search.
  { name: 'a search, repeated', path: () => '/v1/events?keyword=nutcraker', has: false },
  { name: 'an event page', path: (eventId) => `/v1/events/${eventId}`, has: false },
  { name: 'an event page the client has', path: (eventId) => `/v1/events/${eventId}`, has: true },
  {
    name: 'a list of seats the client has',
    path: (eventId) => `/v1/events/${eventId}/seats`,
    has: true,
  },
];

export interface ReadTimes {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const connections = 64;
const timeoutMs = 5_000;
/** Values of a request that has none are in a header that nobody reads. */
const requestsMax = 400_000;

/** Holdfast and the bare server in turn; that answers with as many bytes. */
export async function readRounds(
  loader: Loader,
  place: Place,
  eventId: string,
  times: ReadTimes,
  onRun: (run: ContestRun) => void,
): Promise<ContestRun[]> {
  const gateway = new URL(place.holdfast.system.gatewayUrls[0]);
  const runs: ContestRun[] = [];
  for (const kind of readKinds) {
    const path = kind.path(eventId);
    const { body, tag } = await sample(new URL(path, gateway), kind.has);
    const bare = await BareServer.start(body, place.core);
    const sides: Side[] = [
      { name: 'holdfast', port: Number(gateway.port), processes: processesOf(place.holdfast) },
      { name: 'bare', port: bare.port, processes: [{ name: 'front', pid: bare.pid }] },
    ];
    try {
      for (let round = -1; round < times.rounds; round++) {
        for (const side of sides) {
          const run = await readOnce(loader, side, { kind, path, tag }, times);
          // The first round is there to compile.
          if (round >= 0) runs.push(run);
          onRun(run);
        }
      }
    } finally {
      await bare.stop();
    }
  }
  return runs;
}

interface Side {
  readonly name: string;
  readonly port: number;
  readonly processes: readonly NamedProcess[];
}

interface Asked {
  readonly kind: ReadKind;
  readonly path: string;
  readonly tag: string;
}

/** What is answered, which the bare server imitates; 304 has no body. */
async function sample(url: URL, has: boolean): Promise<{ body: string; tag: string }> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}`);
  const tag = response.headers.get('etag') ?? '';
  if (has && tag === '') throw new Error(`${url.pathname} has no tag`);
  return { body: has ? '' : body, tag };
}

async function readOnce(
  loader: Loader,
  { name, port, processes }: Side,
  { kind, path, tag }: Asked,
  { warmUpMs, measureMs }: ReadTimes,
): Promise<ContestRun> {
  const user = kind.has ? [`If-None-Match: ${tag}`] : [];
  const before = cpuUse(processes);
  const result = await loader.run({
    ...{ host: '127.0.0.1', port, connections, warmUpMs, measureMs, timeoutMs },
    arrivals: { kind: 'closed' },
    requests: {
      ...{ method: 'GET', path, bodyBefore: '', bodyAfter: '' },
      users: Array.from({ length: connections }, () => user),
      values: Array.from({ length: requestsMax }, () => 'v'),
    },
  });
  const cpu = cpuSpent(before, cpuUse(processes));
  const { errors, refused } = result.total;
  const wrong = errors + refused > 0 ? [`${errors + refused} reads failed`] : [];
  const arrivals = { kind: 'closed' } as const;
  return { competitor: name, workload: kind.name, connections, arrivals, result, cpu, wrong };
}
