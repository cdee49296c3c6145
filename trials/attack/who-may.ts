import type { Row } from '#apps/gateway/routes/area.js';
import type { Answer } from './ask.js';
import type { Person, Scene } from './scene.js';

/**
 * What a route's row promises to whom. `in`: his request is carried out. `who?`: 401. `no`: 403.
 * `none`: as if the thing were not there, 404.
 */
export type Verdict = 'in' | 'who?' | 'no' | 'none';

type Asked = Pick<Row, 'auth' | 'object' | 'params' | 'proof'>;

export function whoMay({ auth, object, params, proof }: Asked, person: Person): Verdict {
  // Nobody here has what proves it.
  if (auth === 'none') return proof === undefined ? 'in' : 'none';
  if (person.token === null) return 'who?';
  if (auth === 'user') return object === 'buyer' && person.name !== 'owner' ? 'none' : 'in';
  if (person.role === null || !auth.roles.includes(person.role)) return 'no';
  const named = object === 'organiser' && params !== undefined;
  return named && person.name === 'rival' ? 'none' : 'in';
}

/** What the answer was, or its status where it is none of these. */
export function verdictOf(row: Pick<Row, 'responses' | 'proof'>, { status, code }: Answer): string {
  if (code === row.proof) return 'none';
  if (status === 401) return 'who?';
  if (status === 403) return 'no';
  // Said of the event: to whoever may ask for its room, and to whose the booking is.
  if (code === 'room_not_found' || code === 'cancellation_not_allowed') return 'in';
  if (status === 404 && code.endsWith('_not_found')) return 'none';
  return Object.hasOwn(row.responses, String(status)) ? 'in' : String(status);
}

/** Ids of what this person must not be shown by any route that asks who he is. */
export function secretsOf({ auth }: Asked, { name }: Person, scene: Scene): readonly string[] {
  if (auth === 'none') return [];
  if (auth === 'user') return name === 'owner' ? [] : [scene.reservationId, scene.bookingId];
  return name === 'rival' ? [scene.eventId] : [];
}
