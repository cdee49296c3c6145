import type { BusRole } from '#libs/contracts/bus-roles.js';
import type { BusHandler, BusMessage, SubscribeOptions } from './bus.js';
import {
  MemoryBus,
  type Envelope,
  type BrokerPort,
  type MemoryBusOptions,
  type Subscriber,
} from './memory-bus.js';
import { isPattern, matches } from './subject.js';

/** What a test may do with a message on its way to the subscribers. */
export type Fate = 'deliver' | 'drop' | 'duplicate' | { readonly delayMs: number };

/**
 * The bus inside one process: for `--single` and for tests. What is published in one turn of the
 * event loop is delivered in the next, in order (B1), so that code that works here also works with
 * a broker in between. Tests cut, pause and lose messages with the methods below.
 */
export class MemoryBroker implements BrokerPort {
  /** Decides the fate of each message; replaced by tests. */
  fate: (message: BusMessage, from: string) => Fate = () => 'deliver';

  private readonly exact = new Map<string, Set<Subscriber>>();
  private readonly patterns = new Set<Subscriber>();
  private readonly turns = new Map<string, number>();
  private waiting: Envelope[] = [];
  private scheduled = false;
  private stalled = false;

  constructor(readonly options: MemoryBusOptions) {}

  connect(name: string, role: BusRole = 'operator'): MemoryBus {
    return new MemoryBus(this, name, role);
  }

  /** Nothing is taken from any participant until `unstall`. */
  stall(): void {
    this.stalled = true;
  }

  unstall(): void {
    this.stalled = false;
    this.schedule();
  }

  add(
    bus: MemoryBus,
    subject: string,
    handler: BusHandler,
    options: SubscribeOptions | undefined,
  ): Subscriber {
    const tokens = subject.split('.');
    const subscriber = { bus, subject, tokens, queue: options?.queue, handler };
    if (isPattern(subject)) {
      this.patterns.add(subscriber);
      return subscriber;
    }
    const others = this.exact.get(subject);
    if (others === undefined) this.exact.set(subject, new Set([subscriber]));
    else others.add(subscriber);
    return subscriber;
  }

  remove(subscriber: Subscriber): void {
    this.patterns.delete(subscriber);
    const others = this.exact.get(subscriber.subject);
    others?.delete(subscriber);
    if (others?.size === 0) this.exact.delete(subscriber.subject);
  }

  send(envelope: Envelope): void {
    this.waiting.push(envelope);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.stalled || this.waiting.length === 0) return;
    this.scheduled = true;
    this.options.clock.soon(() => this.deliverWaiting());
  }

  private deliverWaiting(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.scheduled = false;
    for (const envelope of batch) this.decide(envelope);
  }

  private decide(envelope: Envelope): void {
    const { from, message } = envelope;
    if (envelope.flushed !== undefined) return envelope.flushed();
    from.sent(message.payload.length);
    if (envelope.term !== from.term) return;
    const fate = this.fate(message, from.name);
    if (fate === 'drop') return;
    if (typeof fate === 'object') {
      this.options.clock.after(fate.delayMs, () => this.route(from, message));
      return;
    }
    this.route(from, message);
    if (fate === 'duplicate') this.route(from, message);
  }

  private route(from: MemoryBus, message: BusMessage): void {
    const receivers = this.receiversOf(message.subject);
    for (const receiver of receivers) receiver.bus.arrive(receiver, message);
    if (receivers.length === 0 && message.replyTo !== undefined) {
      this.sendBack(from, message.replyTo);
    }
  }

  /** B3. Only the sender's own subscriptions hear it, as with NATS. */
  private sendBack(from: MemoryBus, subject: string): void {
    const payload = new Uint8Array(0);
    const message = { subject, payload, replyTo: undefined, noResponders: true };
    const own = this.receiversOf(subject).filter((receiver) => receiver.bus === from);
    for (const receiver of own.slice(0, 1)) receiver.bus.arrive(receiver, message);
  }

  private receiversOf(subject: string): Subscriber[] {
    const all = [...(this.exact.get(subject) ?? [])];
    if (this.patterns.size > 0) {
      const tokens = subject.split('.');
      for (const one of this.patterns) if (matches(one.tokens, tokens)) all.push(one);
    }
    const reachable = all.filter((one) => one.bus.connected);
    return reachable.some((one) => one.queue !== undefined)
      ? this.oneOfEachQueue(reachable)
      : reachable;
  }

  /** Members of a queue take turns. */
  private oneOfEachQueue(all: readonly Subscriber[]): Subscriber[] {
    const chosen = all.filter((one) => one.queue === undefined);
    for (const queue of new Set(all.map((one) => one.queue))) {
      if (queue === undefined) continue;
      const members = all.filter((one) => one.queue === queue);
      const turn = this.turns.get(queue) ?? 0;
      this.turns.set(queue, turn + 1);
      chosen.push(members[turn % members.length]);
    }
    return chosen;
  }
}
