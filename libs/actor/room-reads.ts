import {
  placesOfBuyers,
  stillFree,
  type Fact,
  type InventoryState,
  type StillFree,
  type UserId,
} from '#libs/inventory/inventory.js';

/** What a buyer has of an event. */
export interface Purchase {
  readonly held: number;
  /** null: the journal may not have all of it yet. */
  readonly booked: number | null;
}

/** What the keeper of its waiting room asks the owner of an event, in one turn. */
export class RoomReads {
  constructor(
    private readonly state: InventoryState,
    private readonly undurable: readonly Fact[],
  ) {}

  /** May run ahead of the journal by what is being committed. */
  stillFree(partyMax: number, endingBeforeMs: number): StillFree {
    return stillFree(this.state, partyMax, endingBeforeMs);
  }

  /** In their order. */
  buyers(users: readonly UserId[]): readonly Purchase[] {
    const writing = new Set<UserId>();
    for (const fact of this.undurable) if ('userId' in fact) writing.add(fact.userId);
    return placesOfBuyers(this.state, users).map(({ held, booked }, i) => ({
      held,
      booked: writing.has(users[i]) ? null : booked,
    }));
  }
}
