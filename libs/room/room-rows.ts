import type { EventId } from '#libs/inventory/ids.js';
import type { Room } from './room.js';

/** A room as its row in Postgres has it. */
export interface RoomRow {
  readonly room_no: number;
  readonly event_id: EventId;
  readonly revision: number;
  readonly opens_at: Date;
  readonly draws_at: Date;
  readonly rate_per_minute: number;
  readonly active_max: number;
  readonly claim_ms: number;
  readonly admission_ms: number;
  readonly party_max: number;
  readonly scope: 'hold' | 'map';
  readonly fails_open: boolean;
  readonly secret: Buffer;
  readonly sign_key: Buffer;
  readonly verify_key: Buffer;
  readonly next_index: number;
  readonly entrants: number | null;
  readonly head_size: number;
  readonly head_root: Buffer | null;
  readonly head_at: Date | null;
  readonly head_final: boolean;
  readonly head_signature: Buffer | null;
  readonly peaks: Buffer;
  readonly serving: number;
  readonly paced_until: Date | null;
  readonly paused: boolean;
  readonly drain_upto: number | null;
  readonly places_free: number | null;
  readonly places_held: number | null;
  readonly places_paying: number | null;
  readonly together: number[] | null;
  readonly pace_percent: number;
  readonly sold_out: boolean;
  readonly message: string;
  readonly closed_at: Date | null;
}

export const roomColumns = `
  room_no, event_id, revision, opens_at, draws_at, rate_per_minute, active_max, claim_ms,
  admission_ms, party_max, scope, fails_open, secret, sign_key, verify_key, next_index, entrants,
  head_size, head_root, head_at, head_final, head_signature, peaks, serving, paced_until, paused,
  places_free, places_held, places_paying, together, pace_percent, sold_out, message, drain_upto,
  closed_at`;

export const roomOf = (row: RoomRow): Room => ({
  roomNo: row.room_no,
  eventId: row.event_id,
  revision: row.revision,
  opensAtMs: row.opens_at.getTime(),
  drawsAtMs: row.draws_at.getTime(),
  ratePerMinute: row.rate_per_minute,
  activeMax: row.active_max,
  claimMs: row.claim_ms,
  admissionMs: row.admission_ms,
  partyMax: row.party_max,
  scope: row.scope,
  failsOpen: row.fails_open,
  secret: row.secret,
  signKey: row.sign_key,
  verifyKey: row.verify_key,
  nextIndex: row.next_index,
  entrants: row.entrants,
  head: headOf(row),
  peaks: row.peaks,
  serving: row.serving,
  pacedUntilMs: row.paced_until?.getTime() ?? null,
  paused: row.paused,
  drainUpto: row.drain_upto,
  placesFree: row.places_free,
  placesHeld: row.places_held,
  placesPaying: row.places_paying,
  together: row.together,
  pacePercent: row.pace_percent,
  soldOut: row.sold_out,
  message: row.message,
  closedAtMs: row.closed_at?.getTime() ?? null,
});

function headOf(row: RoomRow): Room['head'] {
  const { head_root: root, head_at: at, head_signature: signature } = row;
  if (root === null || at === null || signature === null) return null;
  return { size: row.head_size, root, atMs: at.getTime(), final: row.head_final, signature };
}
