import type { AreaFrame } from '#libs/contracts/live-frames.js';
import type { LayoutDocument } from '#libs/seat-map/layout-document.js';
import { nearestBlock } from '#libs/seat-map/nearest-block.js';
import { Picker } from '#libs/seat-map/picker.js';
import { ReaderGrid } from '#libs/seat-map/reader-grid.js';
import { look, SeatLooks } from '#libs/seat-map/seat-looks.js';
import { seatFlags, SeatPlan } from '#libs/seat-map/seat-plan.js';
import { SectionSigns } from '#libs/seat-map/section-signs.js';
import { Selection, type Choice } from '#libs/seat-map/selection.js';
import {
  hasWishes,
  isAsWished,
  noWishes,
  wishesIn,
  type WishName,
  type Wishes,
} from '#libs/seat-map/wishes.js';
import type { Order } from '../holds/hold-store.js';
import type { EventDoc } from '../shop.js';

/**
 * One sale as its page works with it: the plan, what may be seen of it, what is chosen, what is
 * held, and what the API calls each of them. It draws nothing and asks nobody.
 *
 * SX1  While a hold is asked for, its seats turn red for everybody: that takes no choice away.
 * SX2  Seats kept for wheelchair users are nobody's else to choose; the shop decides in the end.
 * SX3  What is not as the buyer wishes is on the map and in no choice, offer or list.
 * SX4  Where a whole map is told, its signs are counted with it: the first frame calls no section
 *      sold out that is not.
 */
export class SaleModel {
  readonly plan: SeatPlan;
  readonly looks: SeatLooks;
  readonly selection: Selection;
  readonly picker: Picker;
  readonly signs: SectionSigns;
  readonly reader: ReaderGrid;
  /** Minor units per category index; null: not for sale. */
  readonly prices: readonly (number | null)[];
  /** Categories that have seats and a price, by index: what one can wish for. */
  readonly soldCategories: readonly number[];
  readonly wishesIn: readonly WishName[];
  /** In place of what could not be had; empty: nothing. */
  offer: readonly number[] = [];
  /** Held for this buyer. */
  held: readonly number[] = [];
  areas: readonly AreaFrame[] = [];
  wheelchairs = 0;
  wishes: Wishes = noWishes;
  isAsking = false;
  /** Once what the seats are has been heard, or that nobody will say so soon. */
  isHeard = false;
  /** While what was heard is how it is now. */
  isFresh = false;

  constructor(
    document: LayoutDocument,
    private readonly event: EventDoc,
  ) {
    const priced = new Map(event.categories.map(({ name, price }) => [name, price]));
    this.plan = new SeatPlan(document);
    this.looks = new SeatLooks(this.plan.seatCount);
    this.prices = document.categories.map(({ name }) => priced.get(name) ?? null);
    const used = new Set(this.plan.category);
    this.soldCategories = [...used].filter((at) => this.prices[at] !== null).sort((a, b) => a - b);
    this.wishesIn = wishesIn(this.plan);
    this.selection = new Selection(this.plan, this.looks, Math.min(2, this.partyMax));
    this.picker = new Picker(this.plan, this.looks, { byCategory: this.prices });
    this.signs = new SectionSigns(this.plan, this.looks, this.prices);
    this.reader = new ReaderGrid(this.plan);
    this.#bar();
  }

  get choice(): Choice {
    return this.selection.choice;
  }

  get partyMax(): number {
    const { places_per_reservation_max: most, places_per_buyer_max: buyer } = this.event;
    return Math.max(1, Math.min(most, buyer, 12));
  }

  get currency(): string {
    return this.event.currency;
  }

  get hasWheelchairSpaces(): boolean {
    return this.plan.document.seats.wheelchair.length > 0 && this.event.wheelchair_limit > 0;
  }

  get wheelchairMax(): number {
    return this.event.wheelchair_limit;
  }

  /** As the signs and areas were counted last. */
  get isSoldOut(): boolean {
    const isFree = ({ free }: { readonly free: number }) => free > 0;
    return this.isFresh && !this.signs.signs.some(isFree) && !this.areas.some(isFree);
  }

  priceOf(seat: number): number | null {
    return this.prices[this.plan.category[seat]] ?? null;
  }

  /** null: one of them has no price. */
  totalOf(seats: readonly number[]): number | null {
    return seats.reduce<number | null>((sum, seat) => {
      const price = this.priceOf(seat);
      return sum === null || price === null ? null : sum + price;
    }, 0);
  }

  /** Indexes of the API's seat ids; what another plan has is left out. */
  indexesOf(ids: readonly string[]): number[] {
    const all = this.plan.document.seats.id;
    return ids.map((id) => all.indexOf(id)).filter((index) => index !== -1);
  }

  /** The whole map is another one: a snapshot, or the connection came or went. */
  setAll(statuses: Readonly<Uint8Array>, fresh: boolean): void {
    this.looks.setAll(statuses, fresh);
    this.isHeard ||= fresh;
    this.isFresh = fresh;
    // SX4
    this.signs.count();
    if (fresh && !this.isAsking && this.choice.kind === 'chosen') {
      this.#lose(this.choice.seats.filter((seat) => statuses[seat] !== look.free));
    }
  }

  /** These seats have another status, as in the live map's bytes. True: it ended the choice. */
  setStatuses(seats: readonly number[], statuses: Readonly<Uint8Array>): boolean {
    for (const seat of seats) this.looks.setStatus(seat, statuses[seat]);
    // All of them before anything is offered in their place: it must be none of them.
    return !this.isAsking && this.#lose(seats.filter((seat) => statuses[seat] !== look.free));
  }

  tap(seat: number): Choice {
    this.offer = [];
    const choice = this.selection.tap(seat);
    if (choice.kind === 'no_room') this.#offerNear(seat);
    this.#mark();
    return choice;
  }

  choose(seats: readonly number[]): void {
    this.offer = [];
    this.selection.choose(seats);
    this.#mark();
  }

  giveUp(): void {
    this.offer = [];
    this.selection.clear();
    this.#mark();
  }

  /** What was held came back, and is marked for who wants it again. */
  offerAgain(seats: readonly number[]): void {
    this.giveUp();
    this.offer = seats.filter((seat) => this.looks.bytes[seat] === look.free);
  }

  setParty(party: number): void {
    this.offer = [];
    this.selection.setParty(party);
    if (this.wheelchairs > party) this.setWheelchairs(party);
    this.#mark();
  }

  setWheelchairs(users: number): void {
    this.wheelchairs = users;
    this.giveUp();
    this.#bar();
  }

  setWishes(wishes: Wishes): void {
    this.wishes = wishes;
    this.giveUp();
    this.#bar();
  }

  setHeld(seats: readonly number[]): void {
    this.held = seats;
    if (seats.length > 0) this.giveUp();
    this.#mark();
  }

  /** The shop said no: 409 names what was lost, and perhaps a block in its place. */
  refused(lost: readonly number[], alternative: readonly number[]): void {
    const { choice } = this;
    const seats = lost.length > 0 ? lost : choice.kind === 'chosen' ? choice.seats : [];
    this.selection.refused(seats, alternative);
    this.offer = alternative;
    if (alternative.length === 0 && seats.length > 0) this.#offerNear(seats[0]);
    this.#mark();
  }

  orderOf(seats: readonly number[]): Order {
    const total = this.totalOf(seats);
    return {
      event_id: this.event.event_id,
      seat_ids: seats.map((seat) => this.plan.document.seats.id[seat]),
      ...(this.wheelchairs > 0 ? { wheelchairs: this.wheelchairs } : {}),
      ...(total === null ? {} : { expected_total: total }),
    };
  }

  /** As many as the party, as it wishes. */
  bestOrder(): Order {
    const { category, priceMax, flags } = this.wishes;
    const having = flags.filter((name) => name !== 'restricted_view');
    const best = {
      quantity: this.selection.party,
      ...(category === null ? {} : { category: this.plan.document.categories[category].name }),
      ...(priceMax === null ? {} : { price_max: priceMax }),
      ...(having.length === 0 ? {} : { with: having }),
      ...(having.length === flags.length ? {} : { avoid: ['restricted_view' as const] }),
      ...(this.wheelchairs > 0 ? { wheelchairs: this.wheelchairs } : {}),
    };
    return { event_id: this.event.event_id, best_available: [best] };
  }

  areaOrder(area: string, quantity: number): Order {
    return { event_id: this.event.event_id, areas: [{ area, quantity }] };
  }

  #lose(seats: readonly number[]): boolean {
    if (seats.length === 0 || !this.selection.lostTo(seats)) return false;
    this.#offerNear(seats[0]);
    this.#mark();
    return true;
  }

  #offerNear(seat: number): void {
    this.offer = nearestBlock(this.plan, this.looks.bytes, seat, this.selection.party) ?? [];
  }

  /** What is held is the buyer's own beside what is chosen. */
  #mark(): void {
    const { choice } = this;
    this.looks.setMine([...this.held, ...(choice.kind === 'chosen' ? choice.seats : [])]);
  }

  /** SX2, SX3 */
  #bar(): void {
    const { plan, prices, wishes } = this;
    const shown = new Uint8Array(plan.seatCount);
    const kept = seatFlags.wheelchair | seatFlags.companion;
    const isKept = this.wheelchairs === 0 && !this.#isReleased();
    const isChoosy = hasWishes(wishes);
    for (let seat = 0; seat < shown.length; seat += 1) {
      if (isKept && (plan.flags[seat] & kept) !== 0) shown[seat] = look.blocked;
      else if (isChoosy && !isAsWished(plan, prices, wishes, seat)) shown[seat] = look.aside;
    }
    this.looks.setFreeAs(shown);
  }

  #isReleased(): boolean {
    const { accessible_release: from } = this.event;
    if (from === 'never') return false;
    // Of which price class the rest is sold only the shop knows: it refuses what is too early.
    return from === 'sold_out' || Date.parse(from) <= Date.now();
  }
}
