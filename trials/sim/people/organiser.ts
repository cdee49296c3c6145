import type {
  AreaIndex,
  Command,
  CommandId,
  SeatIndex,
  UserId,
} from '#libs/inventory/inventory.js';
import type { SimEvent } from '../ground/hall.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Site } from '../site/site.js';
import { organiserActions, type OrganiserAction } from '../faults/swarm.js';

const userId = 'usr_organiser' as UserId;
const triesMax = 4;
const lastsMsMax = 6_000;

/**
 * Who sells: takes places off sale and gives them back, closes the sale and opens it again, while
 * buyers are at it. Blocked and closed is nothing for long, so that there is something to buy.
 */
export class Organiser {
  private readonly random: SeededRandom;
  private made = 0;

  constructor(private readonly site: Site) {
    this.random = site.random.fork('organiser');
  }

  start(): void {
    for (const action of organiserActions) this.schedule(action);
  }

  private schedule(action: OrganiserAction): void {
    const { site, random } = this;
    const perMinute = site.swarm.intensity[action];
    if (perMinute === 0) return;
    site.clock.after(random.waitMs(perMinute), () => {
      if (site.weather.calm) return;
      site.weather.count(action);
      const event = random.pick(site.events);
      void (action === 'block_seats' ? this.block(event) : this.close(event));
      this.schedule(action);
    });
  }

  private async block(event: SimEvent): Promise<void> {
    const { random } = this;
    const first = random.below(event.layout.seatCount);
    const seats = [first, first + 1].filter((seat) => seat < event.layout.seatCount);
    const areas = random.chance(0.3) ? [{ area: 0 as AreaIndex, quantity: 1 }] : [];
    const places = { seats: seats as SeatIndex[], areas };
    const blocked = await this.ask(event, { type: 'BlockSeats', reason: 'camera', ...places });
    if (blocked === 'refused') return;
    this.later(() => void this.ask(event, { type: 'UnblockSeats', ...places }));
  }

  private async close(event: SimEvent): Promise<void> {
    await this.ask(event, { type: 'CloseSale' });
    this.later(() => void this.ask(event, { type: 'OpenSale' }));
  }

  private later(end: () => void): void {
    this.site.untilHealed(this.random.between(100, lastsMsMax), end);
  }

  private async ask(event: SimEvent, command: Command): Promise<'accepted' | 'refused' | null> {
    const { site, random } = this;
    this.made += 1;
    const commandId = `organiser.${this.made}` as CommandId;
    const { eventId } = event;
    const wanted = { eventId, userId, commandId, keyed: true, command };
    const deed = site.deeds.begin(wanted, site.nowMs);
    for (let tries = 0; tries < triesMax && deed.answer === null; tries += 1) {
      if (tries > 0) await site.sleep(random.between(0, 500));
      await site.send(deed, random);
    }
    return deed.answer?.kind ?? null;
  }
}
