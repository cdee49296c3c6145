import type { Role } from '#libs/contracts/roles.js';
import type { EventId } from '#libs/inventory/ids.js';

/**
 * What those who run events read and write beside the events themselves: their list, what was
 * taken, what happened, and who asked for what. Knows no roles: whoever calls has checked them.
 *
 * OF1  A change that somebody asks for is on record before it is tried (begin), so that none is
 *      without a name and a reason, whatever dies in between.
 */
export interface Office {
  /** By id, from the first after `after` ('' = from the start); of these organisers, null = all. */
  events(query: EventsQuery): Promise<readonly OfficeEvent[]>;
  takings(eventId: EventId): Promise<Takings>;
  /** Batches of the journal, newest first, before batch `before`; at least one if there is one. */
  history(query: HistoryQuery): Promise<readonly HistoryBatch[]>;
  /** Batches of the journal, oldest first, after batch `after`; at least one if there is one. */
  course(query: CourseQuery): Promise<readonly HistoryBatch[]>;
  /** Who owns which event, by id, from the first after `after` ('' = from the start). */
  owners(after: string, limit: number): Promise<readonly OwnedEvent[]>;
  /** Events that nobody may serve, by id. */
  quarantined(limit: number): Promise<readonly OwnedEvent[]>;
  begin(request: AuditRequest): Promise<AuditId>;
  settle(id: AuditId, outcome: string): Promise<void>;
  /** Newest first, before `before`. */
  audit(query: AuditQuery): Promise<readonly AuditRow[]>;
  /** Removes the oldest rows that were asked for so long ago, at most so many; returns how many. */
  forgetAudit(olderThanMs: number, most: number): Promise<number>;
}

declare const auditId: unique symbol;
export type AuditId = string & { readonly [auditId]: true };

export interface EventsQuery {
  readonly organisers: readonly string[] | null;
  readonly after: string;
  readonly limit: number;
}

export interface OfficeEvent {
  readonly eventId: EventId;
  readonly name: string;
  readonly organiser: string | null;
  readonly startsAtMs: number;
}

/** Of live bookings: what was cancelled or goes back is not in it. */
export interface Takings {
  readonly bookings: number;
  /** In the minor unit of the event's currency. */
  readonly totalMinor: number;
}

export interface HistoryQuery {
  readonly eventId: EventId;
  /** null: from the newest. */
  readonly before: number | null;
}

export interface CourseQuery {
  readonly eventId: EventId;
  /** 0: from the first. */
  readonly after: number;
}

/** An event that somebody owns, owned, or may not own. */
export interface OwnedEvent {
  readonly eventId: EventId;
  readonly name: string;
  /** Incarnation of a shard; null: nobody serves it now. */
  readonly owner: string | null;
  readonly epoch: number;
  readonly pinnedTo: string | null;
  /** Why nobody may serve it; null: it may be served. */
  readonly quarantined: string | null;
}

export interface HistoryBatch {
  readonly batchNo: number;
  /** Version of its first fact. */
  readonly firstSeq: number;
  /** Encoded; empty: an announce. */
  readonly facts: Uint8Array;
}

export interface AuditRequest {
  readonly who: string;
  readonly role: Role;
  /** Operation of the route table, or command of holdfastctl. */
  readonly what: string;
  /** null: about none. */
  readonly eventId: EventId | null;
  readonly reason: string;
  readonly trace: string;
}

export interface AuditQuery {
  readonly eventId: EventId;
  readonly before: AuditId | null;
  readonly limit: number;
}

export interface AuditRow extends AuditRequest {
  readonly id: AuditId;
  readonly askedAtMs: number;
  /** null: it was never heard of again; the event's facts tell. */
  readonly outcome: string | null;
}
