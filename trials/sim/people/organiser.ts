import type {
  AreaIndex,
  Command,
  CommandId,
  MinorUnits,
  SeatIndex,
  TimeMs,
  UserId,
} from '#libs/inventory/inventory.js';
import type { SimEvent } from '../ground/hall.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Site } from '../site/site.js';
import { organiserActions, ruleActions, type OrganiserAction } from '../faults/swarm.js';

const userId = 'usr_organiser' as UserId;
const triesMax = 4;
const lastsMsMax = 6_000;

/**
 * Who sells: takes places off sale and gives them back, closes the sale and opens it again, changes
 * prices, limits and places, while buyers are at it. Blocked and closed is nothing for long, so
 * that there is something to buy.
 */
export class Organiser {
  private readonly random: SeededRandom;
  /** Of changes alone. */
  private readonly whims: SeededRandom;
  private made = 0;

  constructor(private readonly site: Site) {
    this.random = site.random.fork('organiser');
    this.whims = site.random.fork('whims');
  }

  start(): void {
    for (const action of organiserActions) this.schedule(action, this.random);
    for (const action of ruleActions) this.schedule(action, this.whims);
  }

  private schedule(action: OrganiserAction, random: SeededRandom): void {
    const { site } = this;
    const perMinute = site.swarm.intensity[action];
    if (perMinute === 0) return;
    site.clock.after(random.waitMs(perMinute), () => {
      if (site.weather.calm) return;
      site.weather.count(action);
      const event = random.pick(site.events);
      void this.act(action, event);
      this.schedule(action, random);
    });
  }

  private act(action: OrganiserAction, event: SimEvent): Promise<void> {
    if (action === 'block_seats') return this.block(event);
    return action === 'close_sale' ? this.close(event) : this.change(event);
  }

  /** Prices, places, the sale's end, and what is kept for wheelchair users; one or more of them. */
  private async change(event: SimEvent): Promise<void> {
    const { whims, site } = this;
    const soonMs = (Math.ceil(site.nowMs) + whims.below(lastsMsMax)) as TimeMs;
    const ends = whims.chance(0.2);
    const rules = {
      ...(whims.chance(0.7) ? { prices: [((10 + whims.below(80)) * 100) as MinorUnits] } : {}),
      ...(whims.chance(0.3) ? { placesPerBuyerMax: 6 + whims.below(8) } : {}),
      ...(whims.chance(0.4)
        ? { accessibleRelease: whims.pick(['never', 'sold_out', soonMs] as const) }
        : {}),
      ...(ends ? { endsAtMs: soonMs } : {}),
    };
    const area = 0 as AreaIndex;
    const capacities = whims.chance(0.4) ? [{ area, capacity: 2 + whims.below(8) }] : [];
    await this.ask(event, { type: 'ChangeRules', rules, capacities, texts: [] });
    if (!ends) return;
    const goesOn = { rules: { endsAtMs: null }, capacities: [], texts: [] };
    this.later(() => void this.ask(event, { type: 'ChangeRules', ...goesOn }), whims);
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

  private later(end: () => void, random = this.random): void {
    this.site.untilHealed(random.between(100, lastsMsMax), end);
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
