import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { Fact, RulesChanged } from '#libs/inventory/facts.js';
import type { AccessibleRelease, EventRules } from '#libs/inventory/layout.js';
import type { Prices } from '#libs/inventory/prices.js';
import type { HoldState, Model } from './model.js';
import type { ExpectOfFact } from './places.js';

/**
 * The oracle's own idea of what buyers owe: each place at the price that it was held at, whatever
 * the rules have become since; and of the rules themselves, one change after the other.
 */
export class Charges {
  private rules: EventRules | null = null;
  private revision = 0;

  constructor(
    private readonly model: Model,
    private readonly expect: ExpectOfFact,
  ) {}

  /** What each place of a new hold costs; null: the journal does not say. */
  held(fact: Fact & { type: 'SeatsHeld' }): number[] | null {
    const places = fact.seats.length + fact.areas.reduce((sum, area) => sum + area.quantity, 0);
    const each = listOf(fact.prices, places);
    const total = each?.reduce((sum, price) => sum + price, 0) ?? fact.totalMinor;
    const fits = (each === null || each.length === places) && total === fact.totalMinor;
    this.expect(
      'charged_as_held',
      fits,
      fact,
      () => `${places} places cost ${total} and the hold ${fact.totalMinor}`,
    );
    return each;
  }

  /** Before the places leave the hold. */
  released(fact: Fact & { type: 'HoldReleased' }, hold: HoldState): void {
    if (hold.prices === null) {
      hold.total = fact.totalMinor;
      return;
    }
    const rest = restOf(hold, fact.seats, fact.areas);
    hold.prices = rest;
    hold.total = rest.reduce((sum, price) => sum + price, 0);
    this.expect(
      'charged_as_held',
      hold.total === fact.totalMinor,
      fact,
      () => `what is left cost ${hold.total} when it was held, and costs ${fact.totalMinor}`,
    );
  }

  /** In time or late: for what the hold cost. */
  booked(
    fact: Fact & { type: 'SeatsBooked' | 'SeatsBookedLate' },
    hold: Pick<HoldState, 'total'>,
  ): void {
    this.expect(
      'charged_as_held',
      hold.total === fact.totalMinor,
      fact,
      () => `held for ${hold.total} and sold for ${fact.totalMinor}`,
    );
  }

  rulesChanged(fact: RulesChanged): void {
    const { before, after, revision } = fact;
    const follows = this.rules === null || JSON.stringify(this.rules) === JSON.stringify(before);
    this.expect('rules_in_order', revision === this.revision + 1 && follows, fact, () => {
      return `change ${revision} does not go on where change ${this.revision} left off`;
    });
    this.expect(
      'rules_in_order',
      before.rules.currency === after.rules.currency,
      fact,
      () => `from ${before.rules.currency} to ${after.rules.currency}`,
    );
    this.rules = after;
    this.revision = revision;
    after.capacities.forEach((capacity, index) => {
      const { held, booked, blocked } = this.model.area(index);
      const taken = held + booked + blocked;
      this.expect(
        'places_exist',
        taken <= capacity,
        fact,
        () => `area ${index} has ${taken} places taken and gets ${capacity}`,
      );
    });
  }

  /** When kept seats are for all; null: the journal does not say. */
  get release(): AccessibleRelease | null {
    return this.rules?.rules.accessibleRelease ?? null;
  }

  /** By area; null: those of the plan. */
  get capacities(): readonly number[] | null {
    return this.rules?.capacities ?? null;
  }
}

/** Price by price, in the order of the places. */
function listOf(prices: Prices, places: number): number[] | null {
  if (prices === null) return null;
  if (typeof prices === 'number') return Array<number>(places).fill(prices);
  return prices.flatMap(({ count, priceMinor }) => Array<number>(count).fill(priceMinor));
}

/** The seats come first, ascending; then the areas, place by place. */
function restOf(
  hold: HoldState,
  goneSeats: readonly number[],
  goneAreas: readonly AreaQuantity[],
): number[] {
  const prices = [...(hold.prices ?? [])];
  const rest: number[] = [];
  for (const seat of [...hold.seats].sort((a, b) => a - b)) {
    const price = prices.shift() ?? NaN;
    if (!goneSeats.includes(seat)) rest.push(price);
  }
  for (const [area, quantity] of [...hold.areas].sort(([a], [b]) => a - b)) {
    const own = prices.splice(0, quantity);
    const gone = goneAreas.find((part) => part.area === area)?.quantity ?? 0;
    rest.push(...own.slice(0, quantity - gone));
  }
  return rest;
}
