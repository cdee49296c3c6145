import { shuffledSeatIds } from '../bench-events.js';
import type { Arrivals, LoadPlan, LoadResult } from '../load/plan.js';
import { spread, type Spread } from '../summary.js';
import { partyOfBench, type AdmittedPerson } from './people.js';
import type { RoomScene } from './scene.js';

const connections = 64;
const warmUpMs = 100;
const closed: Arrivals = { kind: 'closed' };
/** For each who is admitted and holds, so many requests of others. */
const outsideTimes = 10;

interface Times {
  readonly rounds: number;
  readonly seconds: number;
}

export interface HoldsInRoom {
  /** Accepted a second by the admitted, and that to the same without a room. */
  readonly perSecond: Spread;
  readonly ratio: Spread;
  readonly wrong: number;
}

/** The admitted hold seats of their event, and the same people those of one without a room. */
export async function holdsBeside(
  { generators: [generator], events, url }: RoomScene,
  eventId: string,
  people: readonly AdmittedPerson[],
  { rounds, seconds }: Times,
): Promise<HoldsInRoom> {
  const [rates, ratios]: [number[], number[]] = [[], []];
  let wrong = 0;
  const free = await events.add();
  const seats = [shuffledSeatIds(), shuffledSeatIds()];
  // Some are left for the siege.
  const budget = Math.floor((people.length * partyOfBench * 0.9) / (rounds + 1));
  const rateOf = async (inside: boolean): Promise<number> => {
    const values = seats[inside ? 0 : 1].splice(0, budget);
    const id = inside ? eventId : free;
    const plan = planOf(url, holdsOf(id, inside ? people : bare(people), values), closed);
    const result = await generator.run({ ...plan, measureMs: seconds * 1_000 });
    wrong += result.total.errors + result.total.timeouts + result.total.refused;
    return (result.window.accepted / result.measuredMs) * 1_000;
  };
  await rateOf(false);
  await rateOf(true);
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0;
    const [one, other] = [await rateOf(first), await rateOf(!first)];
    const [inside, without] = first ? [one, other] : [other, one];
    rates.push(inside);
    ratios.push(inside / without);
  }
  return { perSecond: spread(rates), ratio: spread(ratios), wrong };
}

export interface Outside {
  readonly p99Ms: number;
  readonly acceptedPerSecond: number;
  readonly outsidePerSecond: number;
  readonly serverErrors: number;
}

/** The admitted at a fixed rate, and ten times as many requests of those who wait. */
export async function holdsUnderSiege(
  { generators, url }: RoomScene,
  eventId: string,
  people: readonly AdmittedPerson[],
  waiting: readonly (readonly string[])[],
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Outside> {
  const many = 2 * perSecond * (seconds + 1);
  // From the other end than those that were held before.
  const values = Array.from({ length: many }, (_, i) => `s${String(199_999 - i).padStart(6, '0')}`);
  const [holding, asking, barred] = generators;
  const open = (rate: number): Arrivals => ({ kind: 'open', perSecond: rate });
  const each = (perSecond * outsideTimes) / 2;
  const measureMs = seconds * 1_000;
  const inside = planOf(url, holdsOf(eventId, people, values), open(perSecond));
  const looks = planOf(url, looksOf(eventId, waiting), open(each));
  const tries = planOf(url, holdsOf(eventId, bare(waiting.map(asUser)), values), open(each));
  const results = await Promise.all([
    holding.run({ ...inside, measureMs }),
    asking.run({ ...looks, measureMs }),
    barred.run({ ...tries, requests: { ...tries.requests, values: again(values) }, measureMs }),
  ]);
  const [admitted, ...outside] = results;
  return {
    p99Ms: admitted.latencyUs.p99 / 1_000,
    acceptedPerSecond: (admitted.window.accepted / admitted.measuredMs) * 1_000,
    outsidePerSecond: outside.reduce((sum, one) => sum + answers(one), 0) / seconds,
    serverErrors: results.reduce((sum, one) => sum + serverErrors(one), 0),
  };
}

interface Holder {
  readonly user: readonly string[];
  readonly token: string;
}

const asUser = (user: readonly string[]): Holder => ({ user, token: '' });
const bare = (people: readonly Holder[]): Holder[] => people.map(({ user }) => asUser(user));
const again = (values: readonly string[]): string[] =>
  Array.from({ length: outsideTimes }, () => values).flat();

const holdsOf = (
  eventId: string,
  people: readonly Holder[],
  values: readonly string[],
): LoadPlan['requests'] => ({
  ...{ method: 'POST', path: '/v1/reservations', values, bodyAfter: '"]}' },
  bodyBefore: `{"event_id":"${eventId}","seat_ids":["`,
  users: people.map(({ user }) => user),
  ...(people[0].token === ''
    ? {}
    : { bodiesAfter: people.map(({ token }) => `"],"admission":"${token}"}`) }),
});

const looksOf = (eventId: string, users: readonly (readonly string[])[]): LoadPlan['requests'] => ({
  ...{ method: 'GET', path: `/v1/events/${eventId}/queue`, bodyBefore: '', bodyAfter: '', users },
  values: new Array<string>(1_000_000).fill('0'),
});

const planOf = (url: URL, requests: LoadPlan['requests'], arrivals: Arrivals): LoadPlan => ({
  ...{ host: url.hostname, port: Number(url.port), warmUpMs, timeoutMs: 5_000 },
  ...{ measureMs: 0, arrivals, requests },
  connections: Math.min(connections, requests.users.length),
});

const answers = ({ statuses }: LoadResult): number =>
  Object.values(statuses).reduce((sum, count) => sum + count, 0);
const serverErrors = ({ statuses, total }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [code, n]) => sum + (Number(code) >= 500 ? n : 0), 0) +
  total.timeouts;
