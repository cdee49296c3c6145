import { connect, type Msg, type NatsConnection } from 'nats';
import { assert } from '#libs/platform/assert.js';
import type { Clock } from '#libs/platform/clock.js';
import { systemClock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { systemRandom, type Random } from '#libs/platform/random.js';
import { isAnswerSubject, type BusRole } from '#libs/contracts/bus-roles.js';
import { limits } from '#libs/contracts/limits.js';
import type { Bus, BusHandler, BusReply, BusSubscription, SubscribeOptions } from './bus.js';
import { authenticationOf, type NatsCredentials } from './nats-credentials.js';
import { NatsLink } from './nats-internals.js';
import { readNatsUrl, spreadServers } from './nats-url.js';
import { tellAll, type ConnectionListener } from './connection-listeners.js';
import { RequestInbox } from './request-inbox.js';

export interface NatsBusOptions extends NatsCredentials {
  /** As whom it speaks; the broker lets its key do what this role does. */
  readonly role: BusRole;
  /** One server or several, separated by commas, see readNatsUrl: `nats://127.0.0.1:4222`. */
  readonly url: string;
  /** Shown by the server's own tools. */
  readonly name: string;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: Random;
  /** How long to wait for a server that is not up yet. Default 10 s. */
  readonly connectDeadlineMs?: number;
  /** Two unanswered pings end a silent link at the third. Default: limits.busPingMs. */
  readonly pingIntervalMs?: number;
}

/** Totals since the start, for metrics. */
export interface NatsBusCounts {
  published: number;
  publishedBytes: number;
  /** B2: publishes that returned false. */
  refused: number;
  received: number;
  reconnects: number;
  handlerErrors: number;
}

/** Rejects when no server answered until the deadline; afterwards the bus reconnects for ever. */
export async function connectNats(options: NatsBusOptions): Promise<NatsBus> {
  const connection = await dialUntilDeadline(options);
  try {
    return new NatsBus(connection, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function dialUntilDeadline(options: NatsBusOptions): Promise<NatsConnection> {
  const clock = options.clock ?? systemClock;
  const giveUpAtMs = clock.monotonicMs() + (options.connectDeadlineMs ?? 10_000);
  for (;;) {
    try {
      return await dial(options);
    } catch (error) {
      if (clock.monotonicMs() >= giveUpAtMs || !isTemporary(error)) throw error;
      options.log.warn({ err: error }, 'no NATS server yet');
      await new Promise<void>((resolve) => clock.after(200, resolve));
    }
  }
}

async function dial(options: NatsBusOptions): Promise<NatsConnection> {
  const { servers, ...where } = readNatsUrl(options.url);
  return connect({
    ...where,
    servers: spreadServers(servers, options.name, options.random ?? systemRandom),
    // The order is ours, see spreadServers().
    noRandomize: true,
    ...authenticationOf(options),
    name: options.name,
    timeout: 2_000,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    reconnectJitterTLS: 100,
    pingInterval: options.pingIntervalMs ?? limits.busPingMs,
    maxPingOut: 2,
    noAsyncTraces: true,
    waitOnFirstConnect: false,
  });
}

/** A refused or unfinished connection may work later; a wrong url or password will not. */
function isTemporary(error: unknown): boolean {
  return error instanceof Error && !/Authorization|InvalidArgument|TypeError/.test(error.name);
}

/** The bus on core NATS. Everything NATS could keep for later is refused instead (B2). */
export class NatsBus implements Bus {
  readonly role: BusRole;
  readonly counts: NatsBusCounts = {
    published: 0,
    publishedBytes: 0,
    refused: 0,
    received: 0,
    reconnects: 0,
    handlerErrors: 0,
  };

  private readonly log: Log;
  private readonly clock: Clock;
  private readonly link: NatsLink;
  private readonly inbox: RequestInbox;
  private readonly listeners = new Set<ConnectionListener>();
  private up = true;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly connection: NatsConnection,
    options: NatsBusOptions,
  ) {
    this.role = options.role;
    this.log = options.log;
    this.clock = options.clock ?? systemClock;
    const frameMax = connection.info?.max_payload ?? 0;
    if (frameMax < limits.busPayloadBytesMax) {
      throw new Error(`the NATS server's max_payload is ${frameMax}, less than ours`);
    }
    this.link = new NatsLink(connection);
    this.inbox = new RequestInbox(this, this.clock, options.random ?? systemRandom);
    void this.watch();
  }

  get connected(): boolean {
    return this.up && this.closing === null && this.link.connected;
  }

  /** Bytes that were published and have not left this process. */
  get pendingBytes(): number {
    return this.link.pendingBytes;
  }

  publish(subject: string, payload: Uint8Array, replyTo?: string): boolean {
    assert(payload.length <= limits.busPayloadBytesMax, 'the payload does not fit a bus frame');
    if (!this.connected || this.link.pendingBytes > limits.busPendingBytesMax) {
      this.counts.refused += 1;
      return false;
    }
    if (replyTo === undefined) this.connection.publish(subject, payload);
    else {
      this.connection.publish(subject, payload, { reply: replyTo });
      // Somebody is to work on it: at the end of the turn, in which a hundred buyers are told
      // their answers, would be a millisecond later.
      this.link.push();
    }
    this.counts.published += 1;
    this.counts.publishedBytes += payload.length;
    return true;
  }

  subscribe(subject: string, handler: BusHandler, options?: SubscribeOptions): BusSubscription {
    const subscription = this.connection.subscribe(subject, {
      ...(options?.queue === undefined ? {} : { queue: options.queue }),
      callback: (error, message) => {
        if (error === null) this.deliver(handler, message);
        else this.log.error({ err: error, subject }, 'the NATS server refused a subscription');
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  request(subject: string, payload: Uint8Array, timeoutMs: number): Promise<BusReply> {
    return this.inbox.request(subject, payload, timeoutMs);
  }

  onConnection(listener: ConnectionListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async flush(): Promise<void> {
    if (!this.connected) throw new Error('the bus is not connected');
    await this.connection.flush();
  }

  close(): Promise<void> {
    this.closing ??= this.disconnect(this.connected);
    return this.closing;
  }

  /** B4: the library runs this inside its parser, which an exception would end for good. */
  private deliver(handler: BusHandler, message: Msg): void {
    this.counts.received += 1;
    if (this.closing !== null) return;
    try {
      handler({
        subject: message.subject,
        payload: message.data,
        replyTo: answerSubjectOf(message),
        noResponders: isNoResponders(message),
      });
    } catch (error) {
      this.counts.handlerErrors += 1;
      this.log.error({ err: error, subject: message.subject }, 'a bus handler failed');
    }
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.setUp(false);
      else if (status.type === 'reconnect') {
        this.counts.reconnects += 1;
        this.setUp(true);
      } else if (status.type === 'staleConnection') {
        this.link.abandon();
        this.setUp(false);
      } else if (status.type === 'error') {
        this.log.warn({ err: status.error }, 'NATS reports an error');
      } else if (status.type === 'ldm') {
        this.log.warn('the NATS server is about to stop');
      }
    }
    if (this.closing === null) this.log.error('the NATS connection was closed for good');
    this.setUp(false);
  }

  private setUp(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    if (this.closing === null) this.log.warn({ connected: up }, 'the NATS link changed');
    tellAll(this.listeners, up, this.log);
  }

  /** What was published leaves first, unless the server does not answer in time. */
  private async disconnect(connected: boolean): Promise<void> {
    this.inbox.close();
    if (connected) {
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => {
        cancel = this.clock.after(limits.busCloseMs, resolve);
      });
      await Promise.race([this.connection.flush().catch(() => undefined), late]);
      cancel();
    }
    await this.connection.close();
    this.link.discard();
  }
}

/** B5. */
const answerSubjectOf = ({ reply }: Msg): string | undefined =>
  reply !== undefined && isAnswerSubject(reply) ? reply : undefined;

/** The server answers a message without a subscriber by an empty one with status 503. */
function isNoResponders(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
