import { assert } from '#libs/platform/assert.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import type {
  Bus,
  BusHandler,
  BusMessage,
  BusReply,
  BusSubscription,
  SubscribeOptions,
} from './bus.js';
import { tellAll, type ConnectionListener } from './connection-listeners.js';
import { RequestInbox } from './request-inbox.js';
import { isPublishable } from './subject.js';

export interface MemoryBusOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Subscriber {
  readonly bus: MemoryBus;
  readonly subject: string;
  readonly tokens: readonly string[];
  readonly queue: string | undefined;
  readonly handler: BusHandler;
}

/** A message on its way, or the wish to know that all before it has arrived. */
export interface Envelope {
  readonly from: MemoryBus;
  /** Of the connection it was sent over: a cut connection loses what was under way. */
  readonly term: number;
  readonly message: BusMessage;
  /** Instead of a message: resolves a flush. */
  readonly flushed?: () => void;
}

/** What a participant asks of the broker in between. */
export interface BrokerPort {
  readonly options: MemoryBusOptions;
  add(
    bus: MemoryBus,
    subject: string,
    handler: BusHandler,
    options: SubscribeOptions | undefined,
  ): Subscriber;
  remove(subscriber: Subscriber): void;
  send(envelope: Envelope): void;
}

/** One participant of a MemoryBroker. The methods after `close` belong to tests. */
export class MemoryBus implements Bus {
  private readonly inbox: RequestInbox;
  private readonly subscribers = new Set<Subscriber>();
  private readonly listeners = new Set<ConnectionListener>();
  private pendingBytes = 0;
  private up = true;
  private closed = false;
  private connection = 0;
  /** Messages that wait for a paused participant; null when it runs. */
  private held: { subscriber: Subscriber; message: BusMessage }[] | null = null;

  constructor(
    private readonly broker: BrokerPort,
    readonly name: string,
    readonly role: BusRole,
  ) {
    this.inbox = new RequestInbox(this, broker.options.clock, broker.options.random);
  }

  get connected(): boolean {
    return this.up && !this.closed;
  }

  /** Number of the current connection. */
  get term(): number {
    return this.connection;
  }

  publish(subject: string, payload: Uint8Array, replyTo?: string): boolean {
    assert(payload.length <= limits.busPayloadBytesMax, 'the payload does not fit a bus frame');
    assert(isPublishable(subject), `not a subject to publish on: ${subject}`);
    if (!this.connected || this.pendingBytes > limits.busPendingBytesMax) return false;
    this.pendingBytes += payload.length;
    const message = { subject, payload: payload.slice(), replyTo, noResponders: false };
    this.broker.send({ from: this, term: this.connection, message });
    return true;
  }

  subscribe(subject: string, handler: BusHandler, options?: SubscribeOptions): BusSubscription {
    assert(!this.closed, 'the bus is closed');
    const subscriber = this.broker.add(this, subject, handler, options);
    this.subscribers.add(subscriber);
    return { unsubscribe: () => this.drop(subscriber) };
  }

  request(subject: string, payload: Uint8Array, timeoutMs: number): Promise<BusReply> {
    return this.inbox.request(subject, payload, timeoutMs);
  }

  onConnection(listener: ConnectionListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  flush(): Promise<void> {
    if (!this.connected) return Promise.reject(new Error('the bus is not connected'));
    return new Promise((resolve) => {
      const message = { subject: '', payload: nothing, replyTo: undefined, noResponders: false };
      this.broker.send({ from: this, term: this.connection, message, flushed: resolve });
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    for (const subscriber of [...this.subscribers]) this.drop(subscriber);
    if (this.up) await this.flush();
    if (this.closed) return;
    this.closed = true;
    this.inbox.close();
    if (this.up) this.tell(false);
  }

  /** The connection breaks: nothing goes out, nothing comes in, what was under way is lost. */
  cut(): void {
    if (!this.connected) return;
    this.up = false;
    this.connection += 1;
    if (this.held !== null) this.held = [];
    this.tell(false);
  }

  /** The connection is back, with all subscriptions. */
  restore(): void {
    if (this.up || this.closed) return;
    this.up = true;
    this.tell(true);
  }

  /** As if the process were stopped: messages wait for it. */
  pause(): void {
    this.held ??= [];
  }

  resume(): void {
    const waiting = this.held ?? [];
    this.held = null;
    for (const { subscriber, message } of waiting) this.arrive(subscriber, message);
  }

  /** Called by the broker: a message left this participant. */
  sent(bytes: number): void {
    this.pendingBytes -= bytes;
  }

  /** Called by the broker: a message for one of this participant's subscriptions. */
  arrive(subscriber: Subscriber, message: BusMessage): void {
    if (this.held !== null) {
      if (this.held.length < limits.mailboxMax) this.held.push({ subscriber, message });
      return;
    }
    if (!this.connected || !this.subscribers.has(subscriber)) return;
    try {
      subscriber.handler(message);
    } catch (error) {
      const { log } = this.broker.options;
      log.error({ err: error, subject: message.subject, bus: this.name }, 'a bus handler failed');
    }
  }

  private drop(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
    this.broker.remove(subscriber);
  }

  private tell(connected: boolean): void {
    tellAll(this.listeners, connected, this.broker.options.log);
  }
}

const nothing = new Uint8Array(0);
