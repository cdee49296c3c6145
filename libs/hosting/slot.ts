import type { DurablePoint } from '#libs/actor/actor-seed.js';
import type { EventActor } from '#libs/actor/event-actor.js';
import type { Mail } from '#libs/actor/mail.js';
import { Mailbox } from '#libs/actor/mailbox.js';
import { limits } from '#libs/contracts/limits.js';
import type { Reply } from '#libs/contracts/wire.js';
import type { AppendVerdict } from '#libs/journal/journal.js';
import type { EventId } from '#libs/inventory/ids.js';
import { RateMeter } from './rate-meter.js';

/**
 * The place of one event on a shard: its mailbox, and its actor once it is there. The mailbox
 * outlives the actor, so commands wait out an activation, a settlement or a passivation in order.
 */
export class Slot {
  readonly mailbox = new Mailbox<Mail>(limits.mailboxMax);
  actor: EventActor | null = null;
  /** Something asynchronous decides its future: activation, passivation, a look at the journal. */
  busy = false;
  /**
   * Somebody must own it: a command waits, something is due, or it was owned here. An event that is
   * only looked at may stay at rest.
   */
  ownerWanted = false;
  /** Busy with a hand-over whose target may have taken the event by now. */
  offered = false;
  /** Set when the journal has lost acknowledged batches or refused a booked seat: never serve. */
  quarantine: string | null = null;
  /** The ownership row says so too: other shards and later processes know. */
  quarantineMarked = false;
  /** A loss that came while the slot was busy, to be looked into afterwards. */
  loss: { durable: DurablePoint; verdict: Exclude<AppendVerdict, 'appended'> } | null = null;
  /** When its actors broke lately, monotonic. */
  brokenAtMs: readonly number[] = [];
  /** Commands that came for it. */
  readonly rate = new RateMeter();
  /** Monotonic; when this shard began to serve it. */
  servedSinceMs = 0;

  constructor(readonly eventId: EventId) {}

  /** Commands that wait for an owner. */
  get pressing(): number {
    return this.ownerWanted ? this.mailbox.length : 0;
  }

  answerAll(reply: Reply): void {
    for (let mail = this.mailbox.shift(); mail !== undefined; mail = this.mailbox.shift()) {
      mail.answer(reply);
    }
  }
}

/** Those with most commands first: what matters most to buyers is done first. */
export function busiestFirst(slots: Iterable<Slot>, nowMs: number): Slot[] {
  return Array.from(slots, (slot) => ({ slot, rate: slot.rate.perSecond(nowMs) }))
    .sort((a, b) => b.rate - a.rate)
    .map(({ slot }) => slot);
}
