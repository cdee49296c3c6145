import type { Bus } from '#libs/bus/bus.js';
import { ControlServer } from '#libs/bus/control-server.js';
import type { Catalogue, FacetSearch } from '#libs/catalogue/catalogue.js';
import type { MediaSource } from '#libs/catalogue/media/event-image.js';
import type { Profiles } from '#libs/catalogue/profiles/profiles.js';
import type { GatewayState } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { DatabaseAnswers } from '#libs/database/database-answers.js';
import type { Office } from '#libs/office/office.js';
import { EventShares } from '#libs/routing/event-shares.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { SharedLoop } from '#libs/platform/loop-share.js';
import type { Metrics } from '#libs/platform/metrics.js';
import type { Random } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { Tracer } from '#libs/platform/tracer.js';

import { admissionOf } from './admission/admission-config.js';
import { AddressMarks } from './admission/address-marks.js';
import { Admission } from './admission/admission.js';
import { measureAnswers } from './answer-metrics.js';
import { Authenticator } from './auth/authenticator.js';
import { GuestTokens } from './auth/guest-tokens.js';
import { ExternalIssuers } from './auth/issuers.js';
import { OperatorTokens } from './auth/operator-tokens.js';
import type { GatewayConfig } from './config.js';
import { exclusivePort, type EdgeApp, type EdgeListener } from './edge/edge.js';
import { openEdge, type EdgeKind } from './edge/open-edge.js';
import { EventBook } from './events/event-book.js';
import { LayoutBook } from './events/layout-book.js';
import { MediaBook } from './events/media-book.js';
import { EventPages } from './events/event-pages.js';
import { ReadyPages } from './events/ready-pages.js';
import { BodyCache } from './http/body-cache.js';
import { BoundedWork } from './http/bounded-work.js';
import { Compression } from './http/compression.js';
import { Cors, originsOf } from './http/cors.js';
import type { EndpointPorts } from './http/endpoint.js';
import { LargeAnswers } from './http/large-answers.js';
import { RequestLog } from './http/request-log.js';
import { bindRoutes } from './http/server.js';
import { UnreadAnswers } from './http/unread-answers.js';
import { answerOperators } from './lame-duck/answer-operators.js';
import { LameDuck } from './lame-duck/lame-duck.js';
import { answerWatchers } from './live/answer-watchers.js';
import { Audiences } from './live/audiences.js';
import { LiveSockets, type SocketParts } from './live/sockets.js';
import { RoomWatchers } from './live/room-watchers.js';
import { LiveStreams, type StreamParts } from './live/streams.js';
import { TokenExpiries } from './live/token-expiries.js';
import { UnreadFrames } from './live/unread-frames.js';
import { GatewayMetrics } from './metrics.js';
import type { PageFiles } from './pages/page-files.js';
import { noSuchPage, pageOperations, pageRoutes } from './pages/page-routes.js';
import { Replicas } from './replica/replicas.js';
import { AdmissionTokens } from './room/admission-tokens.js';
import { JoinDesk } from './room/join-desk.js';
import { RoomBook } from './room/room-book.js';
import { measureRooms } from './room/room-metrics.js';
import { keepRooms } from './room/room-retention.js';
import { keepAudit } from './routes/admin/audit-retention.js';
import { missingOf } from './routes/probes/handlers.js';
import { createRoutes, routeIndexOf, routeRows, type RouteParts } from './routes/table.js';
import { measureCertificate } from './tls/certificate-keeper.js';
import { openApp } from './tls/open-app.js';

/**
 * The edge: HTTP and WebSocket in, inventory commands out. Holds no truth and no session; any
 * number of gateways run beside each other. The ports belong to the caller, who closes them after
 * stop().
 */
export interface GatewayPorts {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly inventory: InventoryClient;
  readonly catalogue: Catalogue & Profiles & FacetSearch & MediaSource;
  readonly office: Office;
  /** Whether it answers, as the process has seen. */
  readonly database: Pick<DatabaseAnswers, 'away'>;
  /** Those that are alive, as this process hears them. */
  readonly shards: () => readonly ShardBeat[];
  readonly roomStore: RoomStore;
  /** What browsers get; null: this gateway serves the API alone. */
  readonly pages: PageFiles | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Absent, or null: nothing is traced. */
  readonly tracer?: Tracer | null;
  /** Where its numbers go; absent: to a place of its own. */
  readonly metrics?: Metrics;
}

export interface Gateway {
  readonly port: number;
  /** For people: what serves HTTP here, and why that. */
  readonly edge: string;
  /** For the internal port; the caller may add the numbers of the ports it opened. */
  readonly metrics: Metrics;
  /** An event's texts, times or picture changed; null: those of any. */
  eventChanged(eventId: EventId | null): void;
  /** What it lacks to take a hold to its owner; empty: it is ready. */
  missing(): readonly string[];
  /** Takes leave of the clients first: not ready, then no live maps (see LameDuck). */
  leave(graceMs: number): Promise<void>;
  /** Makes a leave that is under way end at once. */
  hurry(): void;
  /**
   * Takes no new connection, serves what comes on old ones until none has anything under way
   * (bounded), closes them.
   */
  stop(): Promise<void>;
}

export async function startGateway(ports: GatewayPorts): Promise<Gateway> {
  const { config, clock, log } = ports;
  const edge = await openEdge(config.HOLDFAST_EDGE);
  const { app, keeper } = openApp(edge.module, config, ports);
  const parts = assemble(ports, app, edge.kind);
  const { sockets, streams } = parts;
  if (keeper !== null) measureCertificate(parts.metrics.registry, keeper);
  app.ws('/v1/events/:event_id/live', sockets.behavior());
  const pages = ports.pages === null ? [] : pageRoutes(ports.pages, parts);
  const lost = ports.pages === null ? null : noSuchPage(ports.pages);
  bindRoutes(app, [...createRoutes(parts), ...pages], parts, lost);
  await parts.rooms.begin();
  const listener = await listen(app, config.HOST, config.PORT).catch((error: unknown) => {
    streams.closeAll();
    keeper?.close();
    parts.expiries.close();
    parts.issuers.close();
    parts.replicas.close();
    parts.rooms.stop();
    parts.unread.close();
    parts.sockets.stopLooking();
    parts.frames.stopLooking();
    throw error;
  });
  const port = edge.module.us_socket_local_port(listener);
  const endAudit = keepAudit(ports, config.HOLDFAST_AUDIT_DAYS);
  const endRooms = keepRooms(ports);
  const control = new ControlServer({ bus: parts.bus, log });
  answerWatchers(control, parts.audiences);
  answerOperators(control, { ...parts, edge: edge.kind }, port);
  const tls = keeper === null ? null : keeper.certificate.names;
  const where = { host: config.HOST, port, edge: edge.kind, tls };
  log.info(where, `the gateway listens; edge: ${edge.line}`);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    parts.lameDuck.end();
    endAudit();
    endRooms();
    keeper?.close();
    edge.module.us_listen_socket_close(listener);
    control.silence();
    sockets.closeAll();
    streams.closeAll();
    parts.expiries.close();
    parts.issuers.close();
    await idle(parts, clock);
    parts.rooms.stop();
    parts.replicas.close();
    parts.unread.close();
    parts.sockets.stopLooking();
    parts.frames.stopLooking();
    app.close();
  };
  return {
    port,
    edge: edge.line,
    metrics: parts.metrics.registry,
    eventChanged(eventId) {
      if (eventId === null) parts.events.allChanged();
      else parts.events.changed(eventId);
      parts.pages.allChanged();
      parts.found.allChanged();
    },
    missing: () => missingOf(parts),
    leave: (graceMs) => parts.lameDuck.leave(graceMs),
    hurry: () => parts.lameDuck.hurry(),
    stop: () => (stopped ??= stop()),
  };
}

/** Made once. Nothing gets it whole: each part and each area of routes names what it uses of it. */
interface GatewayParts extends SocketParts, StreamParts, EndpointPorts, RouteParts {
  readonly rooms: RoomBook;
  readonly admissionTokens: AdmissionTokens;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly metrics: GatewayMetrics;
  readonly lameDuck: LameDuck;
  readonly sockets: LiveSockets;
  readonly streams: LiveStreams;
  readonly unread: UnreadAnswers;
  readonly issuers: ExternalIssuers;
}

function assemble(ports: GatewayPorts, app: EdgeApp, edge: EdgeKind): GatewayParts {
  const { config, bus, inventory, catalogue, office, database, shards } = ports;
  const { clock, random, log } = ports;
  const admission = new Admission(admissionOf(config));
  const addressMarks = new AddressMarks(config.HOLDFAST_TOKEN_SECRET, admission);
  const secrets = [config.HOLDFAST_TOKEN_SECRET, config.HOLDFAST_SECOND_TOKEN_SECRET] as const;
  const guests = new GuestTokens(...secrets);
  const issuers = new ExternalIssuers(config.HOLDFAST_TOKEN_ISSUERS, clock);
  const operators = new OperatorTokens(...secrets);
  const authenticator = new Authenticator({ guests, operators, issuers }, admission, clock);
  const events = new EventBook(catalogue, clock, {
    isWatched: (eventId) => replicas.isWatched(eventId),
    renew: (entry) => replicas.renew(entry),
  });
  const names = [
    ...routeRows.map((row) => row.operationId),
    ...(ports.pages === null ? [] : pageOperations),
  ];
  const metrics = new GatewayMetrics(names, ports.metrics);
  const onResync = metrics.resynced.bind(metrics);
  const share = new SharedLoop(clock, limits.rowUnitsPerTurn, limits.rowMsPerTurn);
  const replicas = new Replicas({ bus, inventory, clock, log, share, onResync });
  const large = assembleAnswers(ports, admission, metrics);
  const audiences = new Audiences(app, clock);
  const unreadFrames = new UnreadFrames(clock);
  const kinds: (LiveSockets | LiveStreams)[] = [];
  const onChange = (state: GatewayState): void => {
    metrics.leaving = state !== 'serving';
  };
  const graceMs = config.HOLDFAST_LAME_DUCK_MS;
  const lameDuck = new LameDuck({ kinds, clock, random, log, graceMs, onChange });
  const parts = {
    ...{ bus, inventory, catalogue, office, database, shards, edge, clock, random, log },
    ...{ admission, authenticator, guests },
    ...{ addressMarks, events, replicas, audiences, lameDuck, metrics, traffic: metrics },
    ...large,
    ...assembleRooms(ports, app, secrets, metrics),
    stripeKey: config.STRIPE_PUBLISHABLE_KEY ?? null,
    cors: corsOf(config),
    requests: new RequestLog(log, clock),
    traces: new TraceIds(random),
    tracer: ports.tracer ?? null,
    expiries: new TokenExpiries(clock),
    frames: unreadFrames,
    issuers,
    bookingShares: new EventShares(limits.bookingsInFlightMax),
  };
  const sockets = new LiveSockets(parts, routeIndexOf('watchEvent'), metrics.socketBuffers());
  const streams = new LiveStreams(parts);
  kinds.push(sockets, streams);
  parts.rooms.onMapClosed = (eventId) => kinds.forEach((kind) => kind.closeMap(eventId));
  metrics.observe({
    edge: () => edge,
    sockets: () => audiences.sockets,
    streams: () => audiences.streams,
    audiences: () => audiences.size,
    frames: (what) => audiences.counts[what],
    replicas: () => replicas.size,
    replicaBytes: () => replicas.bytes,
    eventBytes: () => events.bytes + large.pages.bytes + large.found.bytes + large.shows.bytes,
    replicaVersions: () => replicas.versions(),
    buckets: () => admission.bucketCounts,
    tokens: () => authenticator.cached,
    unreadableProxies: () => admission.unreadable,
    unreadFrames,
    stateMs: () => lameDuck.stateMs,
  });
  return { ...parts, sockets, streams };
}

/** The waiting rooms' side of a gateway. */
function assembleRooms(
  ports: GatewayPorts,
  app: EdgeApp,
  secrets: readonly (string | undefined)[],
  metrics: GatewayMetrics,
) {
  const { roomStore, clock } = ports;
  const rooms = new RoomBook(ports);
  const watchers = new RoomWatchers({ app, rooms, clock });
  rooms.onLook = () => watchers.tell();
  return {
    ...{ roomStore, rooms, watchers },
    turns: measureRooms(metrics.registry, rooms, () => clock.nowMs()),
    joinDesk: new JoinDesk(roomStore, clock),
    admissionTokens: new AdmissionTokens(secrets),
  };
}

function corsOf({ HOLDFAST_CORS_ORIGINS: text }: GatewayConfig): Cors | null {
  const origins = text === undefined ? null : originsOf(text);
  return origins === null ? null : new Cors(origins);
}

/** What large answers are made of and go through. */
function assembleAnswers(
  { catalogue, clock }: GatewayPorts,
  admission: Admission,
  metrics: GatewayMetrics,
) {
  const compression = new Compression({
    atOnceMax: limits.compressionsAtOnceMax,
    waitingMax: limits.compressionsWaitingMax,
  });
  const unread = new UnreadAnswers(clock);
  const bodies = new BodyCache(limits.bodyCacheBytesMax);
  const pictures = new BodyCache(limits.mediaCacheBytesMax);
  const listWork = new BoundedWork({
    atOnceMax: limits.seatListsAtOnceMax,
    waitingMax: limits.seatListsWaitingMax,
  });
  const answers = new LargeAnswers({ admission, compression, unread, clock });
  measureAnswers(metrics.registry, { bodies, pictures, listWork, compression, unread });
  const layouts = new LayoutBook(catalogue, bodies, compression);
  const media = new MediaBook(catalogue, pictures);
  const pages = new ReadyPages(compression, clock, limits.readyPagesBytesMax);
  const found = new ReadyPages(compression, clock, limits.readySearchesBytesMax);
  const shows = new EventPages(compression);
  return { pages, found, shows, media, bodies, compression, listWork, answers, unread, layouts };
}

function listen(app: EdgeApp, host: string, port: number): Promise<EdgeListener> {
  return new Promise((resolve, reject) => {
    app.listen(host, port, exclusivePort, (listener) => {
      if (listener === false) reject(new Error(`cannot listen on ${host}:${port}: is it in use?`));
      else resolve(listener);
    });
  });
}

const idlePollMs = 10;

/** Resolves when no request is running and no answer under way, at the latest after stopGraceMs. */
function idle(
  { metrics, unread }: Pick<GatewayParts, 'metrics' | 'unread'>,
  clock: Clock,
): Promise<void> {
  const until = clock.monotonicMs() + limits.stopGraceMs;
  return new Promise((resolve) => {
    const look = (): void => {
      const busy = metrics.inFlight > 0 || unread.count > 0;
      if (!busy || clock.monotonicMs() >= until) resolve();
      else clock.after(idlePollMs, look);
    };
    look();
  });
}
