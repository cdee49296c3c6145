import type {
  AreaIndex,
  Command,
  CommandId,
  SeatIndex,
  UserId,
} from '#libs/inventory/inventory.js';
import type { SimEvent } from './hall.js';
import type { SeededRandom } from './seeded-random.js';
import { organiserActions, type OrganiserAction } from './swarm.js';
import type { World } from './world.js';

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

  constructor(private readonly world: World) {
    this.random = world.random.fork('organiser');
  }

  start(): void {
    for (const action of organiserActions) this.schedule(action);
  }

  private schedule(action: OrganiserAction): void {
    const { world, random } = this;
    const perMinute = world.swarm.intensity[action];
    if (perMinute === 0) return;
    world.clock.after(random.waitMs(perMinute), () => {
      if (world.weather.calm) return;
      world.weather.count(action);
      const event = random.pick(world.events);
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
    this.world.untilHealed(this.random.between(100, lastsMsMax), end);
  }

  private async ask(event: SimEvent, command: Command): Promise<'accepted' | 'refused' | null> {
    const { world, random } = this;
    this.made += 1;
    const commandId = `organiser.${this.made}` as CommandId;
    const { eventId } = event;
    const wanted = { eventId, userId, commandId, keyed: true, command };
    const deed = world.history.begin(wanted, world.nowMs);
    for (let tries = 0; tries < triesMax && deed.answer === null; tries += 1) {
      if (tries > 0) await world.sleep(random.between(0, 500));
      await world.send(deed, random);
    }
    return deed.answer?.kind ?? null;
  }
}
