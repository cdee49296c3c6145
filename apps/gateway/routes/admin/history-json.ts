import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import { UnknownFactKind, decodeFacts, type Fact } from '#libs/inventory/inventory.js';
import type { HistoryBatch } from '#libs/office/office.js';

import { seatIds } from '../reservations/failures.js';
import { isoTime } from '../shared/iso-time.js';

/** The facts of a batch as people read them, newest first. */
export function historyEntries(batch: HistoryBatch, layout: PublicLayout): object[] {
  const { facts, firstSeq } = batch;
  if (facts.length === 0) return [];
  try {
    const entries = decodeFacts(facts).map((fact, i) => entryOf(fact, firstSeq + i, layout));
    return entries.reverse();
  } catch (error) {
    if (!(error instanceof UnknownFactKind)) throw error;
    return [{ version: firstSeq, at: null, what: 'Unknown', by: null }];
  }
}

function entryOf(fact: Fact, version: number, layout: PublicLayout): object {
  return {
    version,
    at: isoTime(fact.atMs),
    what: fact.type,
    by: { role: fact.by.role, name: fact.by.role === 'operator' ? fact.by.name : '' },
    ...('holdId' in fact ? { reservation_id: fact.holdId } : {}),
    ...('bookingId' in fact ? { booking_id: fact.bookingId } : {}),
    ...('userId' in fact ? { user_id: fact.userId } : {}),
    ...('seats' in fact ? { seat_ids: seatIds(layout, fact.seats) } : {}),
    ...('areas' in fact ? { areas: areasOf(fact.areas, layout) } : {}),
  };
}

const areasOf = (
  areas: Extract<Fact, { type: 'SeatsHeld' }>['areas'],
  { layout }: PublicLayout,
): object[] => areas.map(({ area, quantity }) => ({ area: layout.areas[area].name, quantity }));
