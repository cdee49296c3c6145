import { seatIdOf } from '../bench-events.js';
import { cpuSpent, cpuUse } from '../cpu-use.js';
import { residentMiB } from '../resident.js';
import { activate, runHoldfast } from '../rounds.js';
import { perSecond } from '../summary.js';
import { Crowd, type Change, type CrowdReport } from './crowd.js';
import type { Side } from './sides.js';

/** A rate, and what the gateway paid for each. */
export interface Rate {
  readonly perSecond: number;
  readonly gatewayUs: number | null;
  readonly wrong: number;
}

export interface Times {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

const closed = { kind: 'closed' } as const;

/** Durable holds on an event of its own. */
export async function holds(side: Side, connections: number, times: Times): Promise<Rate> {
  const run = await runHoldfast(side.bench, { ...times, connections, arrivals: closed });
  const { window, total } = run.result;
  return {
    perSecond: perSecond(run),
    gatewayUs: run.cpu === null ? null : run.cpu.gateway / total.accepted,
    wrong: window.errors + window.refused + window.timeouts,
  };
}

const mapConnections = 64;

/** Seat maps for those who have them already. */
export async function notModified(side: Side, times: Times): Promise<Rate> {
  const { bench } = side;
  const eventId = await bench.events.add();
  await activate(bench, eventId);
  const path = `/v1/events/${eventId}/seats`;
  // The generator asks for no coding, and each coding has a tag of its own.
  const headers = { 'Accept-Encoding': 'identity' };
  const first = await fetch(new URL(path, bench.gatewayUrl), { headers });
  await first.arrayBuffer();
  const etag = first.headers.get('etag') ?? '';
  const before = cpuUse(bench.processes);
  const result = await bench.generator.run({
    host: bench.gatewayUrl.hostname,
    port: Number(bench.gatewayUrl.port),
    connections: mapConnections,
    ...times,
    timeoutMs: 5_000,
    arrivals: closed,
    requests: {
      method: 'GET',
      path,
      users: Array.from({ length: mapConnections }, () => [`If-None-Match: ${etag}`]),
      bodyBefore: '',
      bodyAfter: '',
      values: new Array<string>(1_000_000).fill('0'),
    },
  });
  const cpu = cpuSpent(before, cpuUse(bench.processes));
  const { window, total, measuredMs } = result;
  return {
    perSecond: (window.accepted / measuredMs) * 1_000,
    gatewayUs: cpu === null ? null : cpu.gateway / total.accepted,
    wrong: window.errors + window.refused + window.timeouts,
  };
}

export interface FanOut extends CrowdReport {
  /** Of the gateway, in MiB: before the sockets, with them, at the end of the changes. */
  readonly rssMiB: readonly [number, number, number];
  readonly gatewayCores: number | null;
}

export interface FanOutPlan {
  readonly sockets: number;
  readonly seconds: number;
  readonly perSecond: number;
  /**
   * Of clients, with as many sockets and changes each; default: one. A change is timed on the
   * sockets of the client that made it. Half of what is late with one client is its own work.
   */
  readonly clients?: number;
}

/** One event whose changes everybody sees. */
export async function fanOut(side: Side, plan: FanOutPlan): Promise<FanOut> {
  const { bench } = side;
  const eventId = await bench.events.add();
  await activate(bench, eventId);
  const gateway = bench.processes.find(({ name }) => name.startsWith('gateway'));
  const rss = (): number => (gateway === undefined ? NaN : residentMiB(gateway.pid));
  const { seconds, perSecond: rate, clients = 1 } = plan;
  const crowds = Array.from({ length: clients }, () => new Crowd());
  try {
    const without = rss();
    const path = `/v1/events/${eventId}/live`;
    const url = bench.gatewayUrl.href;
    const sockets = Math.floor(plan.sockets / clients);
    await Promise.all(crowds.map((crowd) => crowd.order({ do: 'open', url, path, sockets })));
    const idle = rss();
    const before = cpuUse(bench.processes);
    const changes = changesOf(bench.users, eventId, seconds * rate);
    const reports = await Promise.all(
      crowds.map((crowd, i) => {
        const own = changes.filter((_, n) => n % clients === i);
        return crowd.order({ do: 'watch', seconds, perSecond: rate / clients, changes: own });
      }),
    );
    const cpu = cpuSpent(before, cpuUse(bench.processes));
    const gatewayCores = cpu === null ? null : cpu.gateway / (seconds * 1e6);
    return { ...together(reports), rssMiB: [without, idle, rss()], gatewayCores };
  } finally {
    await Promise.all(crowds.map((crowd) => crowd.stop()));
  }
}

/** The later of two clients is what counts. */
function together(reports: readonly (CrowdReport | null)[]): CrowdReport {
  return reports
    .map((report) => {
      if (report === null) throw new Error('a crowd said nothing');
      return report;
    })
    .reduce((a, b) => ({
      sockets: a.sockets + b.sockets,
      changes: a.changes + b.changes,
      lagMs: {
        p50: Math.max(a.lagMs.p50, b.lagMs.p50),
        p99: Math.max(a.lagMs.p99, b.lagMs.p99),
        max: Math.max(a.lagMs.max, b.lagMs.max),
      },
      frames: a.frames + b.frames,
      gaps: a.gaps + b.gaps,
      closed: a.closed + b.closed,
    }));
}

function changesOf(
  users: readonly (readonly string[])[],
  eventId: string,
  count: number,
): readonly Change[] {
  return Array.from({ length: count }, (_, seat) => ({
    authorization: users[seat % users.length][0].replace('Authorization: ', ''),
    body: `{"event_id":"${eventId}","seat_ids":["${seatIdOf(seat)}"]}`,
    seat,
  }));
}
