import { evidenceOf, problemsOf } from '#libs/room/evidence.js';
import { placedAt, type Place, type Room } from '#libs/room/room.js';
import { faultMsMax, wallErrorMsMax } from '../faults/swarm.js';
import type { Heard, RoomPerson } from './room-person.js';
import type { RoomWorld } from './room-world.js';

/**
 * Told that he may come until then, and asking so long before: he is not too late, whatever the
 * gateway's clock says and however long it stands still.
 */
const claimSlackMs = wallErrorMsMax + faultMsMax + 1_500;

/** What can only be said at the end: who stands where, who heard what, and whether it adds up. */
export async function judgeRoom(world: RoomWorld): Promise<void> {
  const room = await world.witness.room();
  const places: Place[] = [];
  for (const { userId, heard } of world.people) {
    const place = await world.witness.store.place(room.roomNo, userId);
    if (place !== null) places.push(place);
    else if (heard.length > 0) wrong(world, `the place of ${userId} is lost`);
  }
  judgeOrder(world, room, places);
  for (const person of world.people) {
    const place = places.find(({ userId }) => userId === person.userId);
    if (place !== undefined) judgeHeard(world, person, place);
    if (person.outcome === null) wrong(world, `${person.userId} was neither served nor told`);
  }
}

function judgeOrder(world: RoomWorld, room: Room, places: readonly Place[]): void {
  const { entrants, nextIndex } = room;
  if (entrants === null) {
    if (places.length > 0) wrong(world, 'there was no draw');
    return;
  }
  const first = places.filter(({ index }) => index < entrants);
  // Who stands behind by now was drawn as well.
  const drawn = first.map((place) => placedAt(room, { ...place, position: null }));
  if (!isRange(drawn, 0, entrants)) wrong(world, 'the draw is no permutation of the entrants');
  const behind = places.flatMap(({ position }) => position ?? []);
  if (new Set(behind).size !== behind.length || behind.some((at) => at < entrants)) {
    wrong(world, `two stand at one position: ${behind.join()}`);
  }
  if (behind.some((at) => at >= nextIndex)) wrong(world, 'somebody stands behind the last one');
}

function judgeHeard(world: RoomWorld, { userId, heard }: RoomPerson, place: Place): void {
  const differs = heard.find(({ index, nonce }) => index !== place.index || nonce !== place.nonce);
  if (differs !== undefined)
    wrong(world, `${userId} was told ${differs.index}, has ${place.index}`);
  const positions = heard.flatMap(({ position }) => position ?? []);
  const back = positions.findIndex((position, i) => i > 0 && position < positions[i - 1]);
  // Two at once may be answered the other way round.
  if (back !== -1 && !isDouble(world, userId)) wrong(world, `${userId} was moved to the front`);
  for (const [i, before] of heard.entries()) {
    const next = heard.at(i + 1);
    if (next !== undefined && missedInTime(before, next)) {
      wrong(world, `${userId} came in time, and was too late`);
    }
  }
}

const missedInTime = (before: Heard, next: Heard): boolean =>
  before.state === 'called' &&
  next.position !== before.position &&
  next.atMs < (before.claimUntilMs ?? 0) - claimSlackMs;

const isDouble = ({ people }: RoomWorld, userId: string): boolean =>
  people.some((person) => person.userId === userId && person.kind === 'double');

/** Each entrant has in hand what shows that he was drawn fairly; with the heads that he saw. */
export async function judgeProofs(world: RoomWorld): Promise<number> {
  let checked = 0;
  const { entrants } = await world.witness.room();
  for (const { userId, heads, heard } of world.people.slice(0, 12)) {
    const [first] = heard;
    if (first === undefined || first.index >= (entrants ?? 0)) continue;
    const problems = await proven(world, userId, heads);
    for (const problem of problems) wrong(world, `proof of ${userId}: ${problem}`);
    checked += 1;
  }
  return checked;
}

async function proven(
  world: RoomWorld,
  userId: RoomPerson['userId'],
  heads: RoomPerson['heads'],
): Promise<readonly string[]> {
  const [gateway] = world.gateways;
  const ask = (query: object) => gateway.queue('showQueueProof', userId, { query });
  const answer = await ask({});
  if (answer?.kind !== 'ok') return [`not given: ${answer?.code}`];
  const seen = [];
  for (const head of heads.slice(0, 4)) {
    const since = await ask({ since: head.size });
    if (since?.kind !== 'ok') return ['not given since a head'];
    seen.push({ head, path: since.body.since_path });
  }
  const evidence = evidenceOf({ ...answer.body, seen });
  return evidence === null ? ['not a proof'] : problemsOf(evidence);
}

function isRange(values: readonly (number | null)[], from: number, to: number): boolean {
  const sorted = values.map(Number).sort((a, b) => a - b);
  return sorted.length === to - from && sorted.every((value, i) => value === from + i);
}

const wrong = (world: RoomWorld, what: string): void => world.violation(`room: ${what}`);
