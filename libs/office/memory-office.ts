import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type {
  AuditId,
  AuditQuery,
  AuditRequest,
  AuditRow,
  CourseQuery,
  EventsQuery,
  HistoryBatch,
  HistoryQuery,
  Office,
  OfficeEvent,
  OwnedEvent,
  Takings,
} from './office.js';

/** The office of tests and simulations: what it shows is put into it. */
export class MemoryOffice implements Office {
  readonly list: OfficeEvent[] = [];
  readonly taken = new Map<EventId, Takings>();
  /** Oldest first. */
  readonly batches = new Map<EventId, HistoryBatch[]>();
  readonly rows: AuditRow[] = [];
  readonly owned: OwnedEvent[] = [];
  private begun = 0;

  constructor(private readonly clock: { nowMs(): number }) {}

  events({ organisers, after, limit }: EventsQuery): Promise<readonly OfficeEvent[]> {
    const isTheirs = ({ organiser }: OfficeEvent): boolean =>
      organisers === null || (organiser !== null && organisers.includes(organiser));
    const found = this.list
      .filter((event) => event.eventId > after && isTheirs(event))
      .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
    return Promise.resolve(found.slice(0, limit));
  }

  takings(eventId: EventId): Promise<Takings> {
    return Promise.resolve(this.taken.get(eventId) ?? { bookings: 0, totalMinor: 0 });
  }

  history({ eventId, before }: HistoryQuery): Promise<readonly HistoryBatch[]> {
    const newest = [...(this.batches.get(eventId) ?? [])]
      .reverse()
      .filter(({ batchNo }) => before === null || batchNo < before)
      .slice(0, limits.historyBatchesMax);
    return Promise.resolve(pageOf(newest, limits.historyBytesMax));
  }

  course({ eventId, after }: CourseQuery): Promise<readonly HistoryBatch[]> {
    const oldest = (this.batches.get(eventId) ?? [])
      .filter(({ batchNo }) => batchNo > after)
      .slice(0, limits.courseBatchesMax);
    return Promise.resolve(pageOf(oldest, limits.courseBytesMax));
  }

  owners(after: string, limit: number): Promise<readonly OwnedEvent[]> {
    return Promise.resolve(this.byId(({ eventId }) => eventId > after).slice(0, limit));
  }

  quarantined(limit: number): Promise<readonly OwnedEvent[]> {
    return Promise.resolve(this.byId(({ quarantined }) => quarantined !== null).slice(0, limit));
  }

  begin(request: AuditRequest): Promise<AuditId> {
    this.begun += 1;
    const id = String(this.begun) as AuditId;
    this.rows.push({ ...request, id, askedAtMs: this.clock.nowMs(), outcome: null });
    return Promise.resolve(id);
  }

  settle(id: AuditId, outcome: string): Promise<void> {
    const index = this.rows.findIndex((row) => row.id === id && row.outcome === null);
    if (index >= 0) this.rows[index] = { ...this.rows[index], outcome };
    return Promise.resolve();
  }

  audit({ eventId, before, limit }: AuditQuery): Promise<readonly AuditRow[]> {
    const found = this.rows
      .filter((row) => row.eventId === eventId)
      .filter(({ id }) => before === null || Number(id) < Number(before))
      .reverse();
    return Promise.resolve(found.slice(0, limit));
  }

  forgetAudit(olderThanMs: number, most: number): Promise<number> {
    const beforeMs = this.clock.nowMs() - olderThanMs;
    const old = this.rows.filter(({ askedAtMs }) => askedAtMs <= beforeMs).slice(0, most);
    const left = this.rows.filter((row) => !old.includes(row));
    this.rows.splice(0, this.rows.length, ...left);
    return Promise.resolve(old.length);
  }

  private byId(wanted: (event: OwnedEvent) => boolean): OwnedEvent[] {
    return this.owned.filter(wanted).sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
  }
}

/** So many as have so many bytes together, and at least one. */
function pageOf(batches: readonly HistoryBatch[], bytesMax: number): HistoryBatch[] {
  let bytes = 0;
  return batches.filter(({ facts }, place) => {
    bytes += facts.length;
    return place === 0 || bytes <= bytesMax;
  });
}
