import type {
  Bus,
  BusHandler,
  BusMessage,
  BusReply,
  BusSubscription,
  SubscribeOptions,
} from '#libs/bus/bus.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { RequestInbox } from '#libs/bus/request-inbox.js';
import type { LineEnd, SimNetwork, SimSubscriber } from './sim-network.js';
import type { SimProcess } from './sim-process.js';

const flushTimeoutMs = 2_000;

/** The bus as one simulated process has it. What comes after `close` is for the world only. */
export class SimBus implements Bus, LineEnd {
  /** Messages that are lost without anybody's notice, by direction. */
  readonly silent = { in: false, out: false };
  readonly busyUntilMs = { in: 0, out: 0 };
  /** Called before each publish; the process may die of it. */
  beforePublish: () => void = () => undefined;
  /** Changes what leaves, for mutations. */
  rewrite: ((message: BusMessage) => BusMessage | null) | null = null;
  private readonly inbox: RequestInbox;
  private readonly subscribers = new Set<SimSubscriber>();
  private readonly listeners = new Set<(connected: boolean) => void>();
  private up = true;
  private closed = false;
  private connection = 0;

  constructor(
    private readonly network: SimNetwork,
    private readonly process: SimProcess,
    readonly role: BusRole,
  ) {
    this.inbox = new RequestInbox(this, process.clock, network.random);
    process.onDeath(() => this.end());
  }

  get name(): string {
    return this.process.name;
  }

  get connected(): boolean {
    return this.up && !this.closed;
  }

  get term(): number {
    return this.connection;
  }

  publish(subject: string, payload: Uint8Array, replyTo?: string): boolean {
    this.beforePublish();
    if (!this.connected) return false;
    const message = { subject, payload: payload.slice(), replyTo, noResponders: false };
    const sent = this.rewrite === null ? message : this.rewrite(message);
    if (sent !== null) this.network.send(this, sent);
    return true;
  }

  subscribe(subject: string, handler: BusHandler, options?: SubscribeOptions): BusSubscription {
    const tokens = subject.split('.');
    const subscriber = { bus: this, subject, tokens, queue: options?.queue, handler };
    if (!this.closed) {
      this.network.add(subscriber);
      this.subscribers.add(subscriber);
    }
    return { unsubscribe: () => this.drop(subscriber) };
  }

  request(subject: string, payload: Uint8Array, timeoutMs: number): Promise<BusReply> {
    return this.inbox.request(subject, payload, timeoutMs);
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  flush(): Promise<void> {
    if (!this.connected) return Promise.reject(new Error('the bus is not connected'));
    return new Promise((resolve, reject) => {
      const cancel = this.process.clock.after(flushTimeoutMs, () => {
        reject(new Error('the bus does not answer'));
      });
      this.network.echo(this, () => {
        this.process.arrive(() => {
          cancel();
          resolve();
        });
      });
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    if (this.up) await this.flush().catch(() => undefined);
    this.end();
  }

  /** Both ends notice at once; what is on the line is lost. */
  cut(): void {
    if (!this.connected) return;
    this.up = false;
    this.connection += 1;
    this.process.run(() => this.tell(false));
  }

  restore(): void {
    if (this.up || this.closed) return;
    this.up = true;
    this.process.run(() => this.tell(true));
  }

  arrive(subscriber: SimSubscriber, message: BusMessage): void {
    this.process.arrive(() => {
      if (this.subscribers.has(subscriber)) subscriber.handler(message);
    });
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.connection += 1;
    for (const subscriber of [...this.subscribers]) this.drop(subscriber);
    this.inbox.close();
  }

  private drop(subscriber: SimSubscriber): void {
    this.subscribers.delete(subscriber);
    this.network.remove(subscriber);
  }

  private tell(connected: boolean): void {
    for (const listener of [...this.listeners]) listener(connected);
  }
}
