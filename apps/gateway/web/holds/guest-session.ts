import { api, clock } from '../shop.js';

/**
 * Who this browser is to the shop: a guest, made when somebody first takes something, and kept, so
 * that a hold and its bookings are found again after a reload, in another tab, a week later.
 */
const key = 'holdfast.session';
/** A token that ends so soon is not begun with. */
const leastLeftMs = 60_000;

interface Session {
  readonly token: string;
  readonly expires_at: string;
}

let opening: Promise<string | null> | null = null;

/** Without one, nobody has taken anything here. */
export function knownToken(): string | null {
  const session = kept();
  return session !== null && clock.remainingMs(Date.parse(session.expires_at)) > leastLeftMs
    ? session.token
    : null;
}

/** null: nobody answers. Asked twice at once, it opens one session. */
export function guestToken(): Promise<string | null> {
  const known = knownToken();
  if (known !== null) return Promise.resolve(known);
  opening ??= open().finally(() => (opening = null));
  return opening;
}

/** The shop did not believe the token: the next one is another guest's. */
export function forgetSession(): void {
  localStorage.removeItem(key);
}

async function open(): Promise<string | null> {
  const answer = await api.post('/v1/sessions');
  if (answer?.status !== 201) return null;
  const { token, expires_at } = answer.body;
  localStorage.setItem(key, JSON.stringify({ token, expires_at }));
  return token;
}

function kept(): Session | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? 'null') as Partial<Session> | null;
    const whole = typeof found?.token === 'string' && typeof found.expires_at === 'string';
    return whole ? (found as Session) : null;
  } catch {
    return null;
  }
}
