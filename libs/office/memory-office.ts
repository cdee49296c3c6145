import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type {
  AuditId,
  AuditQuery,
  AuditRequest,
  AuditRow,
  EventsQuery,
  HistoryBatch,
  HistoryQuery,
  Office,
  OfficeEvent,
  Takings,
} from './office.js';

/** The office of tests and simulations: what it shows is put into it. */
export class MemoryOffice implements Office {
  readonly list: OfficeEvent[] = [];
  readonly taken = new Map<EventId, Takings>();
  /** Oldest first. */
  readonly batches = new Map<EventId, HistoryBatch[]>();
  readonly rows: AuditRow[] = [];
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
    let bytes = 0;
    const page = newest.filter(({ facts }, place) => {
      bytes += facts.length;
      return place === 0 || bytes <= limits.historyBytesMax;
    });
    return Promise.resolve(page);
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
}
