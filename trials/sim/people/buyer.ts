import { makeBookingId, makeHoldId } from '#libs/contracts/ids.js';
import type {
  AreaIndex,
  AttemptId,
  BookingId,
  Command,
  CommandId,
  HoldId,
  SeatIndex,
  UserId,
} from '#libs/inventory/inventory.js';
import type { SimEvent } from '../ground/hall.js';
import { brief, callOf, type Deed } from '../ground/deeds.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { isOn } from '../faults/swarm.js';
import type { Site } from '../site/site.js';

type Hold = { readonly holdId: HoldId; readonly seats: readonly SeatIndex[] };

const triesMax = 4;
/** A buyer's own patience with one request, beyond the client's deadline. */
const patienceMs = 8_000;

/**
 * A buyer: holds, thinks, extends, releases, pays, cancels, and when there is no answer asks again
 * under the same id at another gateway, or gives up. Sometimes sends twice, sometimes reuses an id.
 */
export class Buyer {
  private readonly random: SeededRandom;
  private made = 0;

  constructor(
    readonly userId: UserId,
    private readonly site: Site,
  ) {
    this.random = site.random.fork(userId);
  }

  async live(): Promise<void> {
    const { site, random } = this;
    while (site.selling) {
      await site.sleep(random.waitMs(60_000 / site.swarm.thinkMs));
      if (!site.selling) return;
      const event = random.pick(site.events);
      if (random.chance(0.15)) await site.look(event, random);
      else await this.shop(event);
    }
  }

  private async shop(event: SimEvent): Promise<void> {
    const deed = await this.ask(event, this.cart(event));
    const { answer } = deed;
    if (answer?.kind === 'refused') {
      if (deed.keyed && this.random.chance(0.1)) await this.reuse(event, deed);
      return;
    }
    if (answer?.outcome.type !== 'hold') return;
    if (deed.keyed && this.random.chance(0.1)) await this.reuse(event, deed);
    const { holdId, seats } = answer.outcome;
    await this.decideOn(event, { holdId, seats });
  }

  private async decideOn(event: SimEvent, hold: Hold): Promise<void> {
    const { random, site } = this;
    const { holdId, seats } = hold;
    await site.sleep(random.between(0, site.swarm.thinkMs));
    const mood = random.fraction();
    if (mood < 0.15) return;
    if (mood < 0.3) return void (await this.ask(event, { type: 'ReleaseHold', holdId }));
    if (mood < 0.4 && seats.length > 1) {
      await this.ask(event, { type: 'ReleaseHold', holdId, seats: seats.slice(0, 1) });
    }
    if (mood > 0.4 && mood < 0.55) {
      const byMs = random.chance(0.5) ? {} : { byMs: 1_000 + random.below(4_000) };
      await this.ask(event, { type: 'ExtendHold', holdId, ...byMs });
    }
    const { payments } = site;
    if (mood <= 0.5 || payments === null) return this.payByHand(event, holdId);
    const meddles = random.chance(0.1);
    const paid = payments.pay(this.userId, holdId);
    if (meddles) {
      await site.sleep(random.between(0, 3_000));
      await this.ask(event, { type: 'ReleaseHold', holdId });
    }
    await paid;
  }

  /** As a payments process would, without money. */
  private async payByHand(event: SimEvent, holdId: HoldId): Promise<void> {
    const { random, site } = this;
    for (let no = 0; no < 2; no += 1) {
      const attemptId = `att_${this.nextId()}` as AttemptId;
      const begun = await this.ask(event, { type: 'BeginPayment', holdId, attemptId });
      if (begun.answer?.kind !== 'accepted') return;
      await site.sleep(random.between(0, 2_000));
      if (random.chance(0.25)) {
        const failed = await this.ask(event, { type: 'FailPayment', holdId, attemptId });
        if (failed.answer?.kind !== 'accepted') return;
        continue;
      }
      const bookingId = makeBookingId(event.eventId, this.nextId().padStart(16, '0'));
      const booked = await this.ask(event, { type: 'BookHold', holdId, bookingId, attemptId });
      if (booked.answer?.kind !== 'accepted' || random.chance(0.4)) return;
      await site.sleep(random.between(0, 4_000));
      await this.cancel(event, bookingId, booked);
      return;
    }
  }

  private async cancel(event: SimEvent, bookingId: BookingId, booked: Deed): Promise<void> {
    const { answer } = booked;
    const seats = answer?.kind === 'accepted' && 'seats' in answer.outcome && answer.outcome.seats;
    const part = seats !== false && seats.length > 1 && this.random.chance(0.5);
    await this.ask(event, {
      type: 'CancelBooking',
      bookingId,
      ...(part ? { seats: seats.slice(0, 1) } : {}),
    });
  }

  private cart(event: SimEvent): Command {
    const { random } = this;
    const holdId = makeHoldId(event.eventId, this.nextId().padStart(16, '0'));
    const kind = random.fraction();
    const seats = kind < 0.6 || kind > 0.9 ? this.someSeats(event) : [];
    const best = kind > 0.6 && kind < 0.75 ? [{ quantity: 1 + random.below(3) }] : [];
    const area = 0 as AreaIndex;
    const areas = kind >= 0.75 ? [{ area, quantity: 1 + random.below(2) }] : [];
    const cart = { type: 'HoldSeats', holdId, seats, areas } as const;
    if (!isOn(this.site.swarm, 'change_rules') || !random.chance(0.3)) return { ...cart, best };
    return { ...cart, best: best.map(({ quantity }) => ({ quantity, wheelchairs: 1 })) };
  }

  /** Neighbours mostly, near the front, so that buyers meet. */
  private someSeats({ layout }: SimEvent): SeatIndex[] {
    const first = Math.floor(this.random.fraction() ** 2 * layout.seatCount);
    const count = 1 + this.random.below(3);
    return Array.from({ length: count }, (_, i) => first + i).filter(
      (seat) => seat < layout.seatCount,
    ) as SeatIndex[];
  }

  /** The same id with another body is a refusal, and nothing else (G4). */
  private async reuse(event: SimEvent, first: Deed): Promise<void> {
    const { site } = this;
    const holdId = makeHoldId(event.eventId, this.nextId().padStart(16, '0'));
    const area = 0 as AreaIndex;
    const cart = { type: 'HoldSeats', holdId, seats: [], areas: [{ area, quantity: 3 }] } as const;
    const result = await site.gateway(this.random).call({
      ...callOf(first),
      request: { ...cart, best: [] },
    });
    const fine =
      result.kind !== 'answered' ||
      (result.answer.kind === 'refused' && result.answer.refusal.code === 'command_id_reused');
    if (fine) return;
    site.violation(`G4: ${first.commandId} with another body was ${brief(result.answer)}`);
  }

  /** One command until it is answered, or the buyer has had enough. */
  private async ask(event: SimEvent, command: Command): Promise<Deed> {
    const { site, random } = this;
    const deed = site.deeds.begin(
      {
        eventId: event.eventId,
        userId: this.userId,
        commandId: `${this.userId}.${this.nextId()}` as CommandId,
        keyed: random.chance(site.swarm.keyed),
        command,
      },
      site.nowMs,
    );
    const twice = deed.keyed && random.chance(0.15);
    for (let no = 0; no < triesMax && deed.answer === null; no += 1) {
      if (no > 0) await site.sleep(random.between(0, 500));
      const sent = [site.send(deed, random)];
      if (twice) sent.push(site.send(deed, random));
      const late = site.sleep(patienceMs);
      await Promise.race([Promise.all(sent), late]);
      if (random.chance(0.2)) break;
    }
    return deed;
  }

  private nextId(): string {
    this.made += 1;
    return `${this.userId.slice(4)}x${this.made.toString(36)}`;
  }
}
