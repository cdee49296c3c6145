import type { Fact } from '#libs/inventory/facts.js';
import type { HistoryPlan } from './history.js';
import type { HoldState, Model, SeatState } from './model.js';
import type { CheckName } from './verdict.js';

export type ExpectOfFact = (
  name: CheckName,
  holds: boolean,
  fact: Fact,
  message: () => string,
) => void;

/** Seats and area places of the model, changed only through judged steps (G1). */
export class Places {
  constructor(
    private readonly model: Model,
    private readonly plan: HistoryPlan,
    /** Of an area, as it is now. */
    private readonly capacityOf: (area: number) => number,
    private readonly expect: ExpectOfFact,
  ) {}

  /** A free seat of the plan gets an owner. */
  take(fact: Fact, seat: number, state: SeatState): void {
    const exists = seat >= 0 && seat < this.plan.seatIds.length;
    this.expect('places_exist', exists, fact, () => `seat ${seat} is not in the plan`);
    const owner = this.model.seats.get(seat);
    this.expect(
      'seat_one_owner',
      owner === undefined,
      fact,
      () => `seat ${seat} is taken again but is ${owner?.word} (${owner?.owner})`,
    );
    this.model.setSeat(seat, state);
  }

  /** A seat of this hold becomes free. */
  free(fact: Fact & { holdId: string }, seat: number, hold: HoldState): void {
    const owner = this.model.seats.get(seat)?.owner;
    const own = hold.seats.delete(seat) && owner === fact.holdId;
    this.expect('seat_one_owner', own, fact, () => `frees seat ${seat} of ${owner ?? 'nobody'}`);
    if (own) this.model.setSeat(seat, null);
  }

  change(fact: Fact, index: number, part: 'held' | 'booked' | 'blocked', by: number): void {
    const area = this.model.area(index);
    area[part] += by;
    const taken = area.held + area.booked + area.blocked;
    const capacity = this.capacityOf(index);
    this.expect(
      'places_exist',
      area[part] >= 0 && taken <= capacity,
      fact,
      () => `area ${index} has ${taken} of ${capacity} places taken, ${part} ${area[part]}`,
    );
  }
}
