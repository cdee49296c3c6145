import { setTimeout as pause } from 'node:timers/promises';
import { makeBookingId, makeHoldId } from '#libs/contracts/ids.js';
import type {
  Answer,
  AttemptId,
  Command,
  EventId,
  Outcome,
  SeatIndex,
  UserId,
} from '#libs/inventory/inventory.js';
import type { CallResult, InventoryClient } from '#libs/routing/inventory-call.js';
import { systemRandom } from '#libs/platform/random.js';
import type {
  BookingAttempt,
  BuyerEvidence,
  HoldAttempt,
  ReleaseAttempt,
} from '#libs/oracle/evidence.js';
import { until } from './until.js';

export interface EventOnSale {
  readonly eventId: EventId;
  readonly seatIds: readonly string[];
}

/** What became of one command id, as its sender saw it. */
export interface CommandRecord {
  readonly eventId: EventId;
  readonly commandId: string;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
}

export interface Probe {
  /** From sending to the acknowledgement. */
  readonly ms: number;
  readonly deadlineMs: number;
}

/** Seats everybody fights for; they are never booked, so the fight goes on. */
const hotSeats = 3;
/** At the end of the plan, for probes only. */
const probeSeats = 40;
const buyersPerEvent = 6;
/** A pace, so that the load leaves the machine some air. */
const thinkMs = 12;
const askAgainWithinMs = 30_000;

/**
 * Buyers who hold, release, pay and book in a closed loop, and write down what they were told. A
 * buyer who got no answer asks again with the same command id until there is one.
 */
export class HoldLoad {
  readonly commands: CommandRecord[] = [];
  /** Answers `unknown` and answers "not now" that buyers got, before they asked again. */
  unknowns = 0;
  unavailables = 0;
  private readonly buyers: Buyer[] = [];
  private readonly held = new Map<EventId, number>();
  private readonly probed = new Map<EventId, number>();
  private loops: Promise<void>[] = [];
  private stopping = false;

  constructor(
    private readonly client: InventoryClient,
    private readonly events: readonly EventOnSale[],
  ) {}

  start(): void {
    for (const event of this.events) {
      for (let i = 0; i < buyersPerEvent; i += 1) this.loops.push(this.run(this.newBuyer(event)));
    }
  }

  /** Resolves when every buyer has its last answer. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
    this.loops = [];
  }

  /** Waits until every event has had `count` more acknowledged holds. */
  async more(count: number, withinMs = 20_000): Promise<void> {
    const before = this.events.map(({ eventId }) => this.heldOf(eventId));
    await until(
      () => this.events.every(({ eventId }, i) => this.heldOf(eventId) >= before[i] + count),
      () => `${count} more holds on each event, after ${before.join()} now ${this.totals()}`,
      withinMs,
    );
  }

  /** One hold of a seat nobody else wants: the time an acknowledgement takes now. */
  async probe(event: EventOnSale): Promise<Probe> {
    const used = this.probed.get(event.eventId) ?? 0;
    if (used === probeSeats) throw new Error('no seat is left for a probe');
    this.probed.set(event.eventId, used + 1);
    const startedMs = performance.now();
    const held = await this.newBuyer(event).hold([event.seatIds.length - 1 - used]);
    if (held?.type !== 'hold') throw new Error(`the probe of ${event.eventId} was refused`);
    return { ms: performance.now() - startedMs, deadlineMs: held.deadlineMs };
  }

  evidenceOf(eventId: EventId): readonly BuyerEvidence[] {
    return this.buyers.filter((buyer) => buyer.event.eventId === eventId);
  }

  /** The one answer of a command; asked for again while it is not known (G4). */
  async ask(event: EventOnSale, userId: UserId, request: Command): Promise<Answer | null> {
    const { eventId } = event;
    const commandId = this.client.nextCommandId();
    const call = { eventId, commandId, keyed: false, userId, request };
    const giveUpAtMs = performance.now() + askAgainWithinMs;
    let answer: Answer | null = null;
    do {
      const result = await this.client.call(call);
      this.count(result);
      if (result.kind === 'answered') answer = result.answer;
      else await pause(thinkMs);
    } while (answer === null && performance.now() < giveUpAtMs);
    const outcome = outcomeOf(answer);
    this.commands.push({ eventId, commandId, outcome });
    if (request.type === 'HoldSeats' && outcome === 'acknowledged') {
      this.held.set(eventId, this.heldOf(eventId) + 1);
    }
    return answer;
  }

  private count(result: CallResult): void {
    if (result.kind === 'unknown') this.unknowns += 1;
    else if (result.kind !== 'answered') this.unavailables += 1;
  }

  private async run(buyer: Buyer): Promise<void> {
    while (!this.stopping) {
      await buyer.goShopping();
      await pause(thinkMs * (0.5 + Math.random()));
    }
  }

  private newBuyer(event: EventOnSale): Buyer {
    const userId = `usr_${systemRandom.token(12)}` as UserId;
    const buyer = new Buyer(event, userId, (request) => this.ask(event, userId, request));
    this.buyers.push(buyer);
    return buyer;
  }

  private heldOf(eventId: EventId): number {
    return this.held.get(eventId) ?? 0;
  }

  private totals(): string {
    return this.events.map(({ eventId }) => this.heldOf(eventId)).join();
  }
}

class Buyer implements BuyerEvidence {
  readonly holds: HoldAttempt[] = [];
  readonly bookings: BookingAttempt[] = [];
  readonly releases: ReleaseAttempt[] = [];

  constructor(
    readonly event: EventOnSale,
    readonly userId: UserId,
    private readonly ask: (request: Command) => Promise<Answer | null>,
  ) {}

  /** Holds a few seats, and then lets them go, buys them, or forgets about them. */
  async goShopping(): Promise<void> {
    const fight = Math.random() < 0.4;
    const seats = this.pick(fight);
    const held = await this.hold(seats);
    if (held?.type !== 'hold') return;
    if (fight) await pause(thinkMs);
    const next = Math.random();
    if (fight || next < 0.6) await this.release(held.holdId);
    else if (next < 0.9) await this.book(held.holdId, seats);
  }

  async hold(seats: readonly number[]): Promise<Outcome | null> {
    const holdId = makeHoldId(this.event.eventId, systemRandom.token(16));
    const sentAtMs = performance.now();
    const answer = await this.ask({
      type: 'HoldSeats',
      holdId,
      seats: [...seats].sort((a, b) => a - b) as SeatIndex[],
      areas: [],
      best: [],
    });
    this.holds.push({
      outcome: outcomeOf(answer),
      seats: this.namesOf(seats),
      reservationId: holdId,
      sentAtMs,
      answeredAtMs: performance.now(),
    });
    return answer?.kind === 'accepted' ? answer.outcome : null;
  }

  private async release(holdId: string): Promise<void> {
    const answer = await this.ask({ type: 'ReleaseHold', holdId: holdId as never });
    this.releases.push({ outcome: outcomeOf(answer), reservationId: holdId });
  }

  private async book(hold: string, seats: readonly number[]): Promise<void> {
    const holdId = hold as never;
    const attemptId = `att_${systemRandom.token(16)}` as AttemptId;
    const begun = await this.ask({ type: 'BeginPayment', holdId, attemptId });
    if (begun?.kind !== 'accepted') return;
    const bookingId = makeBookingId(this.event.eventId, systemRandom.token(16));
    const answer = await this.ask({ type: 'BookHold', holdId, bookingId, attemptId });
    const outcome = outcomeOf(answer);
    this.bookings.push({ outcome, reservationId: hold, bookingId, seats: this.namesOf(seats) });
  }

  private pick(fight: boolean): number[] {
    if (fight) return [Math.floor(Math.random() * hotSeats)];
    const count = this.event.seatIds.length - hotSeats - probeSeats;
    const first = hotSeats + Math.floor(Math.random() * (count - 1));
    return Math.random() < 0.5 ? [first] : [first, first + 1];
  }

  private namesOf(seats: readonly number[]): string[] {
    return seats.map((seat) => this.event.seatIds[seat]);
  }
}

function outcomeOf(answer: Answer | null): 'acknowledged' | 'refused' | 'unknown' {
  if (answer === null) return 'unknown';
  return answer.kind === 'accepted' ? 'acknowledged' : 'refused';
}
