import { Metrics, type Counter, type Histogram } from '#libs/platform/metrics.js';

import type { EdgeKind } from './edge/open-edge.js';
import { statusLines } from './http/status.js';
import type { UnreadFrames } from './live/unread-frames.js';
import type { Traffic } from './http/request-record.js';
import { resyncReasons, type ResyncReason } from './replica/replica-ports.js';

/**
 * The gateway's numbers, and with them what is on its way (Traffic). Recording an answer costs
 * three additions; the text is made when Prometheus asks.
 */
export interface MetricSources {
  readonly edge: () => EdgeKind;
  readonly sockets: () => number;
  readonly streams: () => number;
  readonly audiences: () => number;
  readonly frames: (what: 'diffs' | 'snapshots' | 'resumes' | 'stale') => number;
  readonly replicas: () => number;
  readonly replicaBytes: () => number;
  readonly eventBytes: () => number;
  readonly replicaVersions: () => Iterable<readonly [string, number]>;
  readonly buckets: () => { readonly addresses: number; readonly users: number };
  readonly tokens: () => number;
  readonly unreadableProxies: () => number;
  /** Bytes, over all WebSockets. */
  readonly unreadFrames: Pick<UnreadFrames, 'bytes' | 'cut'>;
  readonly stateMs: () => number;
}

/** A diff, a small map, a large one, and the bound of a socket's queue. */
const bufferedBuckets = [
  0, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
];

const outcomes = ['ok', 'refused', 'failed', 'gone'] as const;
type Outcome = (typeof outcomes)[number];

const statuses = ['gone', '101', ...Object.keys(statusLines)];

export class GatewayMetrics implements Traffic {
  leaving = false;
  inFlight = 0;
  /** By route, then by status. */
  private readonly routes: readonly (readonly Counter[])[];
  private readonly byStatus: readonly Counter[];
  private readonly seconds: readonly Histogram[];
  private readonly resyncs: Readonly<Record<ResyncReason, Counter>>;

  /** `routeNames`: by route index; one more is kept for what matches no route. */
  constructor(
    routeNames: readonly string[],
    readonly registry = new Metrics({ labels: { role: 'gateway' } }),
  ) {
    const names = [...routeNames, 'unmatched'];
    const help = 'Requests that ended';
    const perRoute = registry.countersByTwo(
      'holdfast_requests_total',
      `${help}, by route; refused = 4xx, failed = 5xx, gone = the client went away first.`,
      ['route', names],
      ['outcome', outcomes],
    );
    const perStatus = registry.counters(
      'holdfast_responses_total',
      `${help}, by status; gone = the client went away first.`,
      'status',
      statuses,
    );
    this.routes = names.map((name) => byStatusOf(perRoute[name]));
    this.byStatus = byNumber(perStatus);
    const seconds = registry.histograms(
      'holdfast_request_seconds',
      'From the first byte of a request to its answer.',
      'route',
      names,
    );
    this.seconds = names.map((name) => seconds[name]);
    this.resyncs = registry.counters(
      'holdfast_replica_resyncs_total',
      'Seat maps fetched again, by what was noticed.',
      'reason',
      resyncReasons,
    );
    registry.gauge(
      'holdfast_requests_in_flight',
      'Requests not answered yet.',
      () => this.inFlight,
    );
  }

  begin(): void {
    this.inFlight += 1;
  }

  end(routeIndex: number, status: number, tookMs: number): void {
    this.inFlight -= 1;
    this.routes[routeIndex][status].value += 1;
    this.byStatus[status].value += 1;
    this.seconds[routeIndex].observe(tookMs / 1000);
  }

  resynced(reason: ResyncReason): void {
    this.resyncs[reason].value += 1;
  }

  /** For the bytes that wait in each WebSocket, seen in turn. */
  socketBuffers(): Histogram {
    return this.registry.histogram(
      'holdfast_socket_buffered_bytes',
      'The same for each WebSocket; each is looked at in turn, every few seconds',
      bufferedBuckets,
    );
  }

  /** Numbers that other parts keep. */
  observe(sources: MetricSources): void {
    const { registry } = this;
    registry.gauges(
      'holdfast_edge',
      'Always 1; the label says what serves HTTP and WebSocket.',
      'edge',
      () => [[sources.edge(), 1]],
    );
    registry.gauge('holdfast_sockets', 'Open WebSockets.', sources.sockets);
    registry.gauge(
      'holdfast_sockets_buffered_bytes',
      'Sent to WebSockets and event streams and not yet taken by the network, over all of them.',
      () => sources.unreadFrames.bytes,
    );
    registry.counterFrom(
      'holdfast_live_cut_total',
      'Live maps that were closed because they, or their address, left too much unread.',
      () => sources.unreadFrames.cut,
    );
    registry.gauge(
      'holdfast_lame_duck_seconds',
      'For how long it has been in lame duck, or stopping; 0 while it serves.',
      () => (this.leaving ? sources.stateMs() / 1_000 : 0),
    );
    registry.gauge('holdfast_streams', 'Open event streams.', sources.streams);
    registry.gauge('holdfast_audiences', 'Events with at least one viewer.', sources.audiences);
    const { frames } = sources;
    registry.counterFrom('holdfast_live_diffs_total', 'Diffs published.', () => frames('diffs'));
    registry.counterFrom('holdfast_live_snapshots_total', 'Snapshots sent.', () =>
      frames('snapshots'),
    );
    registry.counterFrom('holdfast_live_resumes_total', 'Resumes answered with a diff.', () =>
      frames('resumes'),
    );
    registry.counterFrom('holdfast_live_stale_total', 'Viewers that fell behind.', () =>
      frames('stale'),
    );
    registry.gauge('holdfast_replicas', 'Seat maps kept live.', sources.replicas);
    registry.gauge(
      'holdfast_replica_bytes',
      'What the kept seat maps weigh, with the lists and states that were made of them.',
      sources.replicaBytes,
    );
    registry.gauge(
      'holdfast_event_cache_bytes',
      'What is kept of the catalogue: events, each plan once, pages of venues and performers.',
      sources.eventBytes,
    );
    registry.gauge('holdfast_replica_version_max', 'Highest version of a kept seat map.', () =>
      highest(sources.replicaVersions()),
    );
    registry.gauges('holdfast_admission_buckets', 'Token buckets in memory.', 'kind', () =>
      Object.entries(sources.buckets()),
    );
    registry.counterFrom(
      'holdfast_forwarded_unreadable_total',
      'Requests of trusted proxies whose header named no address: they share the proxy’s limit.',
      sources.unreadableProxies,
    );
    registry.gauge('holdfast_tokens_cached', 'Verified tokens in memory.', sources.tokens);
  }
}

function byNumber(counters: Readonly<Record<string, Counter>>): readonly Counter[] {
  const list = new Array<Counter>(600).fill(counters.gone);
  for (const status of statuses) if (status !== 'gone') list[Number(status)] = counters[status];
  return list;
}

function byStatusOf(counters: Readonly<Record<Outcome, Counter>>): readonly Counter[] {
  return Array.from({ length: 600 }, (_, status) => {
    if (status === 0) return counters.gone;
    return status < 400 ? counters.ok : status < 500 ? counters.refused : counters.failed;
  });
}

const highest = (versions: Iterable<readonly [string, number]>): number =>
  Math.max(0, ...Array.from(versions, ([, version]) => version));
