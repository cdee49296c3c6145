import type { Booking } from '../shop.js';

/** Seats and places of a booking, under the names of the API. */
export interface Places {
  readonly seatIds: readonly string[];
  readonly areas: readonly { readonly area: string; readonly quantity: number }[];
}

type Given = Pick<Booking, 'seat_ids' | 'areas' | 'refunds'>;

/** What of a booking can still be given back: a refund that is under way has its places already. */
export function placesLeft({ seat_ids: seats, areas, refunds = [] }: Given): Places {
  const gone = new Set(refunds.flatMap(({ seat_ids: ids }) => ids));
  const goneOf = (name: string): number =>
    refunds
      .flatMap((refund) => refund.areas)
      .reduce((sum, { area, quantity }) => sum + (area === name ? quantity : 0), 0);
  return {
    seatIds: seats.filter((id) => !gone.has(id)),
    areas: areas
      .map(({ area, quantity }) => ({ area, quantity: quantity - goneOf(area) }))
      .filter(({ quantity }) => quantity > 0),
  };
}

export const countOf = ({ seatIds, areas }: Places): number =>
  areas.reduce((sum, { quantity }) => sum + quantity, seatIds.length);

export const withSeat = ({ seatIds, areas }: Places, id: string, isIn: boolean): Places => {
  const others = seatIds.filter((one) => one !== id);
  return { seatIds: isIn ? [...others, id] : others, areas };
};

export const withArea = ({ seatIds, areas }: Places, area: string, quantity: number): Places => ({
  seatIds,
  areas: [...areas.filter((one) => one.area !== area), { area, quantity }].filter(
    (one) => one.quantity > 0,
  ),
});

/** As the API takes them: without what there is none of. */
export const bodyOf = ({ seatIds, areas }: Places) => ({
  ...(seatIds.length === 0 ? {} : { seat_ids: [...seatIds] }),
  ...(areas.length === 0 ? {} : { areas: [...areas] }),
});
