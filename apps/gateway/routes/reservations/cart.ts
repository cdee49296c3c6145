import { limits } from '#libs/contracts/limits.js';
import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import { seatFlags, type wishNames } from '#libs/catalogue/seat-flags.js';
import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import type { AreaQuantity, BestAvailable } from '#libs/inventory/commands.js';
import type { AreaIndex, MinorUnits, SeatIndex } from '#libs/inventory/ids.js';

/** Public names to indexes, so that the owner never sees a string it must look up. */
export interface CartBody {
  readonly seat_ids?: readonly string[];
  readonly areas?: readonly AreaBody[];
  readonly best_available?: readonly BestBody[];
}

export interface AreaBody {
  readonly area: string;
  readonly quantity: number;
}

type WishName = (typeof wishNames)[number];

export interface BestBody {
  readonly quantity: number;
  readonly category?: string;
  readonly section?: string;
  readonly wheelchairs?: number;
  readonly price_max?: number;
  readonly may_split?: boolean;
  readonly with?: readonly WishName[];
  readonly avoid?: readonly WishName[];
}

export interface Cart {
  readonly seats: readonly SeatIndex[];
  readonly areas: readonly AreaQuantity[];
  readonly best: readonly BestAvailable[];
}

export class CartProblem {
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras,
  ) {}
}

const nothing: readonly never[] = [];

export function resolveCart(layout: PublicLayout, body: CartBody): Cart | CartProblem {
  const seats = body.seat_ids === undefined ? nothing : resolveSeats(layout, body.seat_ids);
  if (seats instanceof CartProblem) return seats;
  const areas = body.areas === undefined ? nothing : resolveAreas(layout, body.areas);
  if (areas instanceof CartProblem) return areas;
  const best =
    body.best_available === undefined ? nothing : resolveBest(layout, body.best_available);
  if (best instanceof CartProblem) return best;
  return { seats, areas, best };
}

/** How many people it is for. */
export function placesIn({ seats, areas, best }: Cart): number {
  let places = seats.length;
  for (const { quantity } of areas) places += quantity;
  for (const { quantity } of best) places += quantity;
  return places;
}

/** Sums before anything is looked up: a huge cart is refused for its size, cheaply. */
export function placesProblem(body: CartBody): CartProblem | null {
  let places = body.seat_ids?.length ?? 0;
  for (const { quantity } of body.areas ?? nothing) places += quantity;
  for (const { quantity } of body.best_available ?? nothing) places += quantity;
  if (places === 0) {
    const detail = 'name at least one place in seat_ids, areas or best_available';
    return new CartProblem('invalid_request', { field: 'seat_ids', detail });
  }
  if (places <= limits.placesPerHoldMax) return null;
  const field = (body.seat_ids?.length ?? 0) > 0 ? 'seat_ids' : biggest(body);
  return new CartProblem('too_many_places', { field, limit: limits.placesPerHoldMax });
}

const biggest = (body: CartBody): string => (body.areas === undefined ? 'best_available' : 'areas');

function resolveSeats(layout: PublicLayout, names: readonly string[]): SeatIndex[] | CartProblem {
  const seats = new Array<SeatIndex>(names.length);
  for (let i = 0; i < names.length; i++) {
    const seat = layout.seats.find(names[i]) as SeatIndex | -1;
    if (seat === -1) return unknownSeat(names[i], i);
    if (seats.includes(seat)) return duplicate('seat_ids', i, names[i]);
    seats[i] = seat;
  }
  return seats;
}

const unknownSeat = (name: string, i: number): CartProblem =>
  new CartProblem('unknown_seat', { field: `seat_ids[${i}]`, seat_ids: [name] });

const duplicate = (list: string, i: number, name: string): CartProblem =>
  new CartProblem('duplicate_seat', {
    field: `${list}[${i}]`,
    ...(list === 'seat_ids' ? { seat_ids: [name] } : { areas: [name] }),
  });

function resolveAreas(
  layout: PublicLayout,
  bodies: readonly AreaBody[],
): AreaQuantity[] | CartProblem {
  const areas: AreaQuantity[] = [];
  for (const [i, { area: name, quantity }] of bodies.entries()) {
    const index = layout.indexOfArea.get(name);
    if (index === undefined) {
      return new CartProblem('unknown_area', { field: `areas[${i}].area`, areas: [name] });
    }
    const area = index as AreaIndex;
    if (areas.some((other) => other.area === area)) return duplicate('areas', i, name);
    areas.push({ area, quantity });
  }
  return areas;
}

function resolveBest(
  layout: PublicLayout,
  bodies: readonly BestBody[],
): BestAvailable[] | CartProblem {
  const best: BestAvailable[] = [];
  for (const [i, body] of bodies.entries()) {
    const category = indexOr(layout.layout.categories, body.category);
    const section = indexOr(layout.layout.sections, body.section);
    const at = `best_available[${i}]`;
    if (category === -1) return new CartProblem('unknown_category', { field: `${at}.category` });
    if (section === -1) return new CartProblem('unknown_section', { field: `${at}.section` });
    const [having, avoiding] = [flagsOf(body.with), flagsOf(body.avoid)];
    if ((having & avoiding) !== 0) return contradiction(`${at}.avoid`);
    best.push({
      quantity: body.quantity,
      ...(category === undefined ? {} : { category }),
      ...(section === undefined ? {} : { section }),
      ...(body.wheelchairs === undefined ? {} : { wheelchairs: body.wheelchairs }),
      ...(body.price_max === undefined ? {} : { priceMax: body.price_max as MinorUnits }),
      ...(body.may_split === undefined ? {} : { maySplit: body.may_split }),
      ...(having === 0 ? {} : { having }),
      ...(avoiding === 0 ? {} : { avoiding }),
    });
  }
  return best;
}

const flagsOf = (names: readonly WishName[] = []): number =>
  names.reduce((flags, name) => flags | seatFlags[name], 0);

const contradiction = (field: string): CartProblem =>
  new CartProblem('invalid_request', { field, detail: 'a flag cannot be wanted and avoided' });

/**
 * Whether the seats that the engine chose are as somebody wished. A shard of the release before
 * does not look at flags; which block a seat is of it does not say.
 */
export function isAsWished(
  { layout }: PublicLayout,
  { seats, best }: Cart,
  held: readonly SeatIndex[],
): boolean {
  if (best.length === 0) return true;
  const chosen = held.filter((seat) => !seats.includes(seat));
  return chosen.every((seat) =>
    best.some(({ having = 0, avoiding = 0 }) => {
      return (layout.flagsOfSeat[seat] & (having | avoiding)) === having;
    }),
  );
}

const indexOr = (names: readonly string[], name: string | undefined): number | undefined =>
  name === undefined ? undefined : names.indexOf(name);
