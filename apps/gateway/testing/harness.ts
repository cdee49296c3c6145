import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { MemoryBus } from '#libs/bus/memory-bus.js';
import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import type { Role } from '#libs/contracts/roles.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { MemoryOffice } from '#libs/office/memory-office.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';
import { silentLog, type Log } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';

import { OperatorTokens } from '../auth/operator-tokens.js';
import type { GatewayConfig } from '../config.js';
import type { EdgeKind } from '../edge/open-edge.js';
import { startGateway, type Gateway, type GatewayPorts } from '../gateway.js';
import { FakeCatalogue, fakeEventId } from './fake-catalogue.js';
import { FakeInventory } from './fake-inventory.js';

/** A real gateway on a free port with fakes behind its ports. */
export interface Harness {
  readonly gateway: Gateway;
  readonly inventory: FakeInventory;
  readonly catalogue: FakeCatalogue;
  readonly office: MemoryOffice;
  /** That it hears. */
  readonly shards: ShardBeat[];
  readonly rooms: MemoryRooms;
  /** The gateway's own connection; `far` is everybody else's. */
  readonly bus: MemoryBus;
  readonly far: MemoryBus;
  readonly broker: MemoryBroker;
  /** As the process sees it. */
  readonly database: { away: boolean };
  readonly url: string;
  readonly wsUrl: string;
  /** Of its guests' tokens. */
  readonly secret: string;
  session(): Promise<{ userId: string; token: string }>;
  /** A token of somebody with that role. */
  operator(role: Role, organiser?: string): string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** error.code of the body, '' when there is none. */
  readonly code: string;
  readonly error: Record<string, unknown>;
}

export interface HarnessOptions {
  /** As a specification that holds for every edge asks for it. */
  readonly edge?: EdgeKind;
  readonly config?: Partial<GatewayConfig>;
  readonly seatCount?: number;
  readonly areaCapacity?: number;
  /** In place of the harness' own. */
  readonly catalogue?: GatewayPorts['catalogue'];
  /** Of the gateway; default: the system's. */
  readonly clock?: Clock;
  /** Default: nobody reads it. */
  readonly log?: Log;
  /** Default: none. */
  readonly pages?: GatewayPorts['pages'];
}

const secret = 'a secret of at least 32 characters';

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const ports = { clock: systemClock, random: systemRandom, log: options.log ?? silentLog() };
  const broker = new MemoryBroker(ports);
  const bus = broker.connect('gateway');
  const far = broker.connect('far');
  const seatCount = options.seatCount ?? 40;
  const areaCapacity = options.areaCapacity ?? 100;
  const inventory = new FakeInventory(far, fakeEventId, seatCount, [areaCapacity]);
  const catalogue = new FakeCatalogue(seatCount, areaCapacity);
  const config: GatewayConfig = {
    PORT: 0,
    HOLDFAST_EDGE: options.edge ?? 'auto',
    HOST: '127.0.0.1',
    HOLDFAST_TOKEN_SECRET: secret,
    HOLDFAST_TOKEN_ISSUERS: [],
    HOLDFAST_LOOPBACK_UNLIMITED: true,
    HOLDFAST_FORWARDED_HEADER: 'x-forwarded-for',
    HOLDFAST_AUDIT_DAYS: 0,
    HOLDFAST_LAME_DUCK_MS: limits.lameDuckGraceMs,
    ...options.config,
  };
  const events = options.catalogue ?? catalogue;
  const office = new MemoryOffice(systemClock);
  const rooms = new MemoryRooms();
  const pages = options.pages ?? null;
  const clock = options.clock ?? systemClock;
  const shards: ShardBeat[] = [];
  const database = { away: false };
  const behind = { bus, inventory, catalogue: events, office, database, shards: () => shards };
  const within = { config, ...behind, roomStore: rooms, pages, ...ports, clock };
  const gateway = await startGateway(within);
  const url = `http://127.0.0.1:${gateway.port}`;
  return {
    gateway,
    inventory,
    catalogue,
    office,
    shards,
    rooms,
    bus,
    database,
    far,
    broker,
    url,
    wsUrl: url.replace('http', 'ws'),
    secret: config.HOLDFAST_TOKEN_SECRET,
    session: () => openSession(url),
    operator: (role, organiser) => operatorToken(config, role, organiser ?? null),
    call: (method, path, call) => callHttp(url, method, path, call),
    stop: () => stopAll(gateway, bus, far),
  };
}

function operatorToken(config: GatewayConfig, role: Role, organiser: string | null): string {
  const tokens = new OperatorTokens(config.HOLDFAST_TOKEN_SECRET);
  const operator = { name: `${role} of the house`, role, organiser };
  return tokens.sign(operator, systemClock.nowMs(), limits.operatorTokenTtlMs).token;
}

export async function openSession(url: string): Promise<{ userId: string; token: string }> {
  const { json } = await callHttp(url, 'POST', '/v1/sessions');
  return { userId: String(json.user_id), token: String(json.token) };
}

export async function callHttp(
  url: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Reply> {
  const body = options.text ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const response = await fetch(url + path, {
    method,
    body,
    headers: {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
  });
  const text = await response.text();
  const json = parsed(text);
  const error = (json.error ?? {}) as Record<string, unknown>;
  const code = typeof error.code === 'string' ? error.code : '';
  return { status: response.status, headers: response.headers, text, json, code, error };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function stopAll(gateway: Gateway, bus: MemoryBus, far: MemoryBus): Promise<void> {
  await gateway.stop();
  await bus.close();
  await far.close();
}
