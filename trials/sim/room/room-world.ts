import type { UserId } from '#libs/inventory/ids.js';
import type { RoomStore } from '#libs/room/room-store.js';
import type { Swarm } from '../faults/swarm.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { RoomPerson, type PersonKind } from './room-person.js';
import { RoomSite } from './room-site.js';

const kinds: readonly PersonKind[] = [
  ...(['eager', 'eager', 'eager', 'eager', 'double', 'double', 'silent', 'sleeper'] as const),
  'thief',
];

/** A waiting room and those who stand in it. */
export class RoomWorld extends RoomSite {
  readonly people: readonly RoomPerson[];

  constructor(
    swarm: Swarm,
    random: SeededRandom,
    keepTrace: boolean,
    mutated?: (tables: RoomStore) => RoomStore,
  ) {
    super(swarm, random, keepTrace, mutated);
    this.people = Array.from({ length: this.plan.people }, (_, i) => {
      const kind = random.pick(kinds);
      return new RoomPerson(`usr_${i + 1}` as UserId, kind, this);
    });
  }

  override async begin(): Promise<void> {
    await super.begin();
    for (const person of this.people) void person.live();
  }
}
