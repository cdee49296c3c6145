import type { Place, Serving } from '../shop.js';

/**
 * What this browser keeps of waiting rooms, one for each event: what a place was taken with, and
 * what shows later that it was a fair one. The place itself is kept by the shop, for the person.
 *
 * KPL1  What was seen first stays, of heads and of receipts: whoever runs the room could give other
 *       ones later.
 * KPL2  Nothing of a room is taken for another one's.
 */
const key = 'holdfast.rooms';

export interface KeptPlace {
  /** As the shop calls it. */
  readonly room: string;
  readonly nonce: string | null;
  readonly head: Serving['head'];
  /** Signature of the room that he has entered; null: none was given yet. */
  readonly receipt: string | null;
  /** Whose receipt: the end of his token. Another guest of this browser has another one. */
  readonly guest: string | null;
  readonly admission: Place['admission'];
}

const nothing = { nonce: null, head: null, receipt: null, guest: null, admission: null } as const;

export function keptOf(eventId: string, room: string): KeptPlace {
  const kept = readAll()[eventId];
  return kept?.room === room ? { ...nothing, ...kept } : { room, ...nothing };
}

/** To be sent with each hold, of this room if one is named; null: none that still counts. */
export function admissionOf(eventId: string, nowMs: number, room?: string): Place['admission'] {
  const kept = readAll()[eventId];
  const isOfIt = room === undefined || kept?.room === room;
  const admission = (isOfIt ? kept?.admission : null) ?? null;
  return admission !== null && Date.parse(admission.until) > nowMs ? admission : null;
}

export function keep(eventId: string, room: string, change: Partial<KeptPlace>): void {
  const all = readAll();
  const next = { ...keptOf(eventId, room), ...change };
  localStorage.setItem(key, JSON.stringify({ ...all, [eventId]: next }));
}

export const guestOf = (token: string): string => token.slice(-16);

/** The first one that this guest was given in the room (KPL1); null: none. */
export function receiptOf(eventId: string, room: string, token: string): string | null {
  const { receipt, guest } = keptOf(eventId, room);
  return guest === guestOf(token) ? receipt : null;
}

/** KPL1 */
export function keepHead(eventId: string, { room, head }: Serving): void {
  if (head === null || head.size === 0 || head.final) return;
  if (keptOf(eventId, room).head === null) keep(eventId, room, { head });
}

function readAll(): Readonly<Record<string, KeptPlace | undefined>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof found === 'object' && found !== null ? (found as Record<string, KeptPlace>) : {};
  } catch {
    return {};
  }
}
