import type { BusHandler, BusMessage } from '#libs/bus/bus.js';
import { isPattern, matches } from '#libs/bus/subject.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { SeededRandom } from './seeded-random.js';
import type { Trace } from './trace.js';
import type { Weather } from '../faults/weather.js';

/** One end of a line: what the broker knows of who is connected. */
export interface LineEnd {
  readonly name: string;
  readonly connected: boolean;
  /** Number of the connection: what was sent over an earlier one is lost. */
  readonly term: number;
  /** Messages that are lost without anybody's notice, by direction. */
  readonly silent: { readonly in: boolean; readonly out: boolean };
  /** The line keeps its order: the next message is not there before this. */
  readonly busyUntilMs: { in: number; out: number };
  arrive(subscriber: SimSubscriber, message: BusMessage): void;
}

export interface SimSubscriber {
  readonly bus: LineEnd;
  readonly subject: string;
  readonly tokens: readonly string[];
  readonly queue: string | undefined;
  readonly handler: BusHandler;
}

/**
 * A broker and the lines to it. A message crosses two lines, the sender's and the receiver's; each
 * takes its time and keeps the order, unless the weather says otherwise. A line can be cut, which
 * both ends notice, or be silent in either direction, which nobody notices.
 */
export class SimNetwork {
  private readonly exact = new Map<string, Set<SimSubscriber>>();
  private readonly patterns = new Set<SimSubscriber>();
  private turn = 0;
  /** Messages that were taken by the broker. */
  messages = 0;

  constructor(
    readonly clock: VirtualClock,
    readonly random: SeededRandom,
    private readonly weather: Weather,
    private readonly trace: Trace,
  ) {}

  add(subscriber: SimSubscriber): void {
    if (isPattern(subscriber.subject)) {
      this.patterns.add(subscriber);
      return;
    }
    const others = this.exact.get(subscriber.subject);
    if (others === undefined) this.exact.set(subscriber.subject, new Set([subscriber]));
    else others.add(subscriber);
  }

  remove(subscriber: SimSubscriber): void {
    this.patterns.delete(subscriber);
    const others = this.exact.get(subscriber.subject);
    others?.delete(subscriber);
    if (others?.size === 0) this.exact.delete(subscriber.subject);
  }

  send(from: LineEnd, message: BusMessage): void {
    this.trace.note(from.name, `sends ${named(message)}`);
    if (this.lost(from, 'out')) return;
    const { term } = from;
    this.onLine(from, 'out', () => {
      if (from.term !== term) return;
      this.messages += 1;
      this.route(from, message);
      if (this.weather.strikes('duplicate')) {
        this.clock.after(this.random.between(0, 50), () => this.route(from, message));
      }
    });
  }

  /** There and back again; what is lost on the way is never answered. */
  echo(from: LineEnd, answered: () => void): void {
    const { term } = from;
    if (from.silent.out || from.silent.in) return;
    this.onLine(from, 'out', () => {
      this.onLine(from, 'in', () => {
        if (from.term === term) answered();
      });
    });
  }

  private route(from: LineEnd, message: BusMessage): void {
    const receivers = this.receiversOf(message.subject);
    for (const receiver of receivers) this.hand(receiver, message);
    if (receivers.length > 0 || message.replyTo === undefined) return;
    // B3: only the sender's own subscriptions hear that nobody listens.
    const payload = new Uint8Array(0);
    const echo = { subject: message.replyTo, payload, replyTo: undefined, noResponders: true };
    const own = this.receiversOf(message.replyTo).find(({ bus }) => bus === from);
    if (own !== undefined) this.hand(own, echo);
  }

  private hand(receiver: SimSubscriber, message: BusMessage): void {
    const { bus } = receiver;
    if (this.lost(bus, 'in')) return;
    const { term } = bus;
    this.onLine(bus, 'in', () => {
      if (bus.term === term) bus.arrive(receiver, message);
    });
  }

  private lost(bus: LineEnd, way: 'in' | 'out'): boolean {
    return bus.silent[way] || this.weather.strikes('loss');
  }

  /** A line keeps the order, so what is slow holds up what follows, unless it is overtaken. */
  private onLine(bus: LineEnd, way: 'in' | 'out', deliver: () => void): void {
    const nowMs = this.clock.monotonicMs();
    let tookMs = this.random.between(0.05, 0.4);
    if (this.weather.strikes('delay')) tookMs += this.random.between(1, 200);
    if (this.weather.strikes('reorder')) {
      this.clock.after(tookMs + this.random.between(0, 20), deliver);
      return;
    }
    const atMs = Math.max(nowMs + tookMs, bus.busyUntilMs[way]);
    bus.busyUntilMs[way] = atMs;
    this.clock.after(atMs - nowMs, deliver);
  }

  private receiversOf(subject: string): SimSubscriber[] {
    const reachable: SimSubscriber[] = [];
    for (const one of this.exact.get(subject) ?? []) if (one.bus.connected) reachable.push(one);
    // Most messages go to a subject that is spelt out; the others name their kind in front.
    const kind = subject.slice(0, 6);
    for (const one of this.patterns) {
      if (!one.bus.connected || !one.subject.startsWith(kind)) continue;
      if (matches(one.tokens, subject.split('.'))) reachable.push(one);
    }
    if (reachable.length < 2) return reachable;
    const queued = reachable.filter(({ queue }) => queue !== undefined);
    if (queued.length < 2) return reachable;
    const chosen = queued[this.turn++ % queued.length];
    return reachable.filter((one) => one.queue === undefined || one === chosen);
  }
}

/** Beats and descriptions name the machine and the process id: not the same in every run. */
function named({ subject, payload }: BusMessage): string {
  if (subject === 'hf.beat' || subject.startsWith('hf.inbox')) return subject;
  let sum = 0x811c9dc5;
  for (const byte of payload) sum = Math.imul(sum ^ byte, 0x01000193);
  return `${subject} ${payload.length} ${(sum >>> 0).toString(16)}`;
}
