import { setTimeout as pause } from 'node:timers/promises';
import type { Room } from '#libs/room/room.js';
import type { Turn } from './fairness.js';
import type { RoomScene } from './scene.js';

/** One in so many never comes when called. */
const absentOneIn = 10;
/** A page asks so long after it could have known, at most. */
const askMs = 500;
const lookMs = 100;
const waitMsMax = 180_000;

export interface AdmittedPerson extends Turn {
  /** Its header lines. */
  readonly user: readonly string[];
  readonly token: string;
}

export interface Called {
  readonly turns: readonly AdmittedPerson[];
  readonly called: number;
  /** Asked in time and not let in: none, or something is wrong. */
  readonly refused: number;
}

interface PlaceBody {
  readonly state: string;
  readonly position: number;
  readonly admission: { readonly token: string; readonly until: string } | null;
}

/**
 * All who joined, from the draw until each was called: they look how far it is, and ask for their
 * turn some time after it has come.
 */
export async function takeTurns(
  { line }: RoomScene,
  { eventId }: Room,
  users: readonly (readonly string[])[],
): Promise<Called> {
  const path = `/v1/events/${eventId}/queue`;
  const turns: AdmittedPerson[] = [];
  let refused = 0;
  const turn = async (user: readonly string[]): Promise<void> => {
    await pause(Math.random() * askMs);
    const body = { nonce: 'asks-again-for-his-turn', party: partyOfBench };
    const answer = await line.ask('POST', path, user, body);
    const { position, admission } = answer.body as unknown as PlaceBody;
    if (answer.status !== 200 || admission === null) refused += 1;
    else {
      const untilMs = Date.parse(admission.until);
      turns.push({ position, admittedAtMs: Date.now(), untilMs, user, token: admission.token });
    }
  };
  const positions = await Promise.all(
    users.map(async (user) => {
      const { body } = await line.ask('GET', path, user);
      return (body as unknown as PlaceBody).position;
    }),
  );
  const byPosition = new Map(users.map((user, i) => [positions[i], user]));
  const asking: Promise<void>[] = [];
  const endMs = performance.now() + waitMsMax;
  for (let seen = 0; seen < users.length && performance.now() < endMs; await pause(lookMs)) {
    const { body } = await line.serving(eventId);
    for (; seen < (body.serving as number); seen += 1) {
      const user = byPosition.get(seen);
      if (user !== undefined && seen % absentOneIn !== 0) asking.push(turn(user));
    }
  }
  await Promise.all(asking);
  return { turns, called: users.length, refused };
}

/** Places that each of them may hold. */
export const partyOfBench = 20;
