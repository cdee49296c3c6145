import type { Place, Serving } from '../shop.js';

/**
 * What somebody before a waiting room is to be shown: from what the room says to all, and what is
 * known of the own place. By the shop's clock; it asks nobody.
 *
 * RV1  Nobody is told to come before his position was called, and a claim or an admission is over
 *      when its time is, also before anybody has asked again.
 * RV2  Who waits for nothing is told so at once: sold out comes before any position.
 */
export type RoomView =
  | { readonly kind: 'unknown' | 'none' | 'closed' | 'sold_out' | 'drawing' | 'lapsed' | 'over' }
  | { readonly kind: 'scheduled'; readonly opensAtMs: number }
  /** `drawsAtMs` null: it was, and who comes now stands behind. */
  | { readonly kind: 'outside'; readonly drawsAtMs: number | null }
  | { readonly kind: 'lobby'; readonly drawsAtMs: number }
  | {
      readonly kind: 'waiting';
      readonly position: number;
      readonly before: number;
      /** Seconds, from and to; null: nobody knows yet. */
      readonly range: readonly [number, number] | null;
    }
  | { readonly kind: 'called' | 'admitted'; readonly untilMs: number };

/** undefined: nobody has answered yet. null: there is no room, or no own place in it. */
export interface Known {
  readonly serving: Serving | null | undefined;
  readonly place: Place | null | undefined;
}

export function viewOf(known: Known, nowMs: number): RoomView {
  const { serving } = known;
  if (serving === undefined) return { kind: 'unknown' };
  if (serving === null) return { kind: 'none' };
  if (serving.phase === 'closed') return { kind: 'closed' };
  const opensAtMs = Date.parse(serving.opens_at);
  const drawsAtMs = Date.parse(serving.draws_at);
  if (serving.phase === 'scheduled' && nowMs < opensAtMs) return { kind: 'scheduled', opensAtMs };
  // Nobody had one when the room was not open yet.
  const place = serving.phase === 'scheduled' ? (known.place ?? null) : known.place;
  const isDrawn = serving.phase === 'serving';
  const isOver = nowMs >= drawsAtMs;
  if (place === undefined) return { kind: 'unknown' };
  if (!isDrawn && place === null) return { kind: 'outside', drawsAtMs: isOver ? null : drawsAtMs };
  if (!isDrawn) return isOver ? { kind: 'drawing' } : { kind: 'lobby', drawsAtMs };
  return servedView(serving, place, nowMs);
}

/** RV1 */
function servedView(serving: Serving, place: Place | null, nowMs: number): RoomView {
  const admittedMs = endOf(place?.admission?.until);
  if (place?.state === 'admitted' && admittedMs > nowMs) {
    return { kind: 'admitted', untilMs: admittedMs };
  }
  if (serving.sold_out) return { kind: 'sold_out' };
  if (place === null) return { kind: 'outside', drawsAtMs: null };
  const { state, position } = place;
  if (state === 'admitted' || state === 'over') return { kind: 'over' };
  if (state === 'lapsed') return { kind: 'lapsed' };
  if (state === 'called') {
    const untilMs = endOf(place.claim_until);
    return untilMs > nowMs ? { kind: 'called', untilMs } : { kind: 'lapsed' };
  }
  if (position === null) return { kind: 'drawing' };
  const before = Math.max(0, position - serving.serving);
  return { kind: 'waiting', position, before, range: rangeOf(before, serving.called_per_minute) };
}

const endOf = (time: string | null | undefined): number => (time == null ? 0 : Date.parse(time));

/** As the gateway tells it (place-json.ts): how wrong the pace of a minute may be. */
const [sooner, later] = [0.7, 1.5];

function rangeOf(before: number, perMinute: number): readonly [number, number] | null {
  if (perMinute < 1) return null;
  const seconds = (before * 60) / perMinute;
  return [Math.floor(seconds * sooner), Math.ceil(seconds * later)];
}

type Left = Pick<Serving, 'together' | 'places_held' | 'places_paying'>;

/** Whether a party can sit together, as the place says it (`fits`), by what is heard meanwhile. */
export function fitOf(left: Left, party: number): Place['fits'] {
  const { together, places_held: held, places_paying: paying } = left;
  if (together == null) return null;
  if ((together[party - 1] ?? 0) > 0) return 'now';
  return (held ?? 0) + (paying ?? 0) > 0 ? 'held' : 'no';
}

/** For how many fewer it is good; 0: for nobody. */
export function largestFit({ together }: Pick<Left, 'together'>, party: number): number {
  for (let size = party - 1; size > 0; size -= 1) if ((together?.[size - 1] ?? 0) > 0) return size;
  return 0;
}

/** What only the gateway can say is out of date, and worth a question. */
export function isPlaceDue({ serving, place }: Known): boolean {
  if (serving == null || serving.phase === 'scheduled' || serving.phase === 'closed') return false;
  if (place === undefined) return true;
  if (place === null || serving.phase !== 'serving') return false;
  if (place.state === 'called') return true;
  return place.state === 'waiting' && (place.position ?? -1) < serving.serving;
}

/** These phases keep holds back. */
export const isGuarding = ({ serving }: Pick<Known, 'serving'>, nowMs: number): boolean =>
  serving != null &&
  serving.phase !== 'closed' &&
  (serving.phase !== 'scheduled' || Date.parse(serving.opens_at) <= nowMs);

/** Said aloud as it falls, so that it is heard a few times and not with each change: 400, 30, 4. */
export function roughly(number: number): number {
  if (number < 1) return 0;
  const step = 10 ** Math.floor(Math.log10(number));
  return Math.ceil(number / step) * step;
}
