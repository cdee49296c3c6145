import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { RoomSettings } from '#libs/room/room.js';
import type { RoomKeys } from '#libs/room/signed.js';
import type { SeededRandom } from '../ground/seeded-random.js';

/** One simulated waiting room: how it is set, who comes, and what there is to be had. */
export interface RoomPlan extends RoomSettings {
  readonly people: number;
  /** Until the last of them has come. */
  readonly comeMs: number;
  readonly gateways: number;
  readonly keepers: number;
  /** Of the event. */
  readonly places: number;
  /** False: nobody says how many places are free, as when the event is at rest. */
  readonly owned: boolean;
}

export function roomPlanOf(random: SeededRandom, nowMs: number): RoomPlan {
  // Enough in every third for a turnout that is told by many (sampleMin).
  const people = random.chance(0.3) ? 60 + random.below(60) : 3 + random.below(30);
  const opensAtMs = nowMs + 3_000;
  const lobbyMs = 4_000 + random.below(8_000);
  return {
    ...{ people, opensAtMs, drawsAtMs: opensAtMs + lobbyMs },
    comeMs: 2_000 + lobbyMs + random.below(8_000),
    ratePerMinute: random.pick([6, 20, 60]) * people,
    activeMax: 1 + Math.floor(people / random.pick([3, 6, 10])),
    claimMs: 8_000 + random.below(4_000),
    admissionMs: 6_000 + random.below(6_000),
    ...{ partyMax: 4, gateways: 2, keepers: 2 + random.below(2) },
    places: Math.ceil(people * random.pick([0.5, 2, 5])),
    owned: random.chance(0.7),
  };
}

/** As createRoomKeys() makes them, of the seed. */
export function roomKeysOf(random: SeededRandom): RoomKeys {
  const bytes = (): Buffer => createHash('sha256').update(random.token(40)).digest();
  const [signKey, secret] = [bytes(), bytes()];
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), signKey]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return { signKey, secret, verifyKey: key.export({ format: 'der', type: 'spki' }).subarray(-32) };
}
