import { heldParts } from '#libs/catalogue/held-parts.js';
import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { HoldId } from '#libs/inventory/ids.js';

import type { EventEntry } from '../../events/event-book.js';
import { breakdownOf } from '../shared/breakdown.js';
import { isoTime } from '../shared/iso-time.js';

/** A reservation in the words of the API, from what the owner says of a hold. */
export interface HoldLike {
  readonly holdId: HoldId;
  readonly seats: readonly number[];
  readonly areas: readonly AreaQuantity[];
  readonly totalMinor: number;
  readonly deadlineMs: number;
}

export function stateJson(entry: EventEntry, hold: HoldLike): string {
  const held = hold.seats.length + hold.areas.length > 0;
  return `{"status":"${held ? 'held' : 'released'}",${holdFields(entry, hold)}}`;
}

/** Hand-built: ids of ours need no escaping, names of the plan do. */
export function holdFields(entry: EventEntry, hold: HoldLike): string {
  const { detail, layout } = entry;
  let seats = '';
  let labels = '';
  for (const seat of hold.seats) {
    const comma = seats === '' ? '' : ',';
    seats += comma + layout.seats.json(seat);
    labels += comma + layout.labels.json(seat);
  }
  let areas = '';
  for (const { area, quantity } of hold.areas) {
    const name = JSON.stringify(layout.layout.areas[area].name);
    areas += `${areas === '' ? '' : ','}{"area":${name},"quantity":${quantity}}`;
  }
  return (
    `"reservation_id":"${hold.holdId}","event_id":"${detail.eventId}",` +
    `"seat_ids":[${seats}],"seat_labels":[${labels}],"areas":[${areas}],` +
    `"total":${hold.totalMinor},${breakdownJson(entry, hold)}` +
    `"currency":"${detail.currency}","expires_at":"${isoTime(hold.deadlineMs)}"`
  );
}

/** Most events have nothing to tell, and are asked for no more than that. */
function breakdownJson({ detail, layout }: EventEntry, hold: HoldLike): string {
  if (detail.fees.parts.size === 0 || hold.totalMinor === 0) return '';
  const { breakdown } = breakdownOf(hold.totalMinor, heldParts(detail, layout.layout, hold));
  return breakdown === undefined ? '' : `"breakdown":${JSON.stringify(breakdown)},`;
}
