import type { HoldId, UserId, Version } from '#libs/inventory/ids.js';
import { MalformedFrame, type FrameReader } from './frame-reader.js';
import { type FrameWriter } from './frame-writer.js';
import { readAreas, readSeats, writeAreas } from './wire-commands.js';
import type { AreaCounts, EventView, HoldView, SaleStatusCode, SeatMapView } from './wire.js';

/** What queries answer: a hold, a whole seat map, the counters of an event. */
type View = HoldView | SeatMapView | EventView;

const views = { hold_view: 1, seat_map: 2, event_view: 3 } as const;
const saleStatuses: readonly SaleStatusCode[] = ['scheduled', 'open', 'closed'];

export function writeSaleStatus(out: FrameWriter, status: SaleStatusCode): void {
  out.byte(saleStatuses.indexOf(status));
}

export function readSaleStatus(input: FrameReader): SaleStatusCode {
  const status = saleStatuses[input.byte()] as SaleStatusCode | undefined;
  if (status === undefined) throw new MalformedFrame('unknown sale status');
  return status;
}

export function writeView(out: FrameWriter, view: View): void {
  out.byte(views[view.type]);
  switch (view.type) {
    case 'hold_view':
      out.text(view.holdId);
      out.text(view.userId);
      out.flag(view.status === 'paying');
      out.counts(view.seats);
      writeAreas(out, view.areas);
      out.count(view.totalMinor);
      out.time(view.deadlineMs);
      return;
    case 'seat_map':
      out.count(view.epoch);
      out.count(view.version);
      writeSaleStatus(out, view.saleStatus);
      out.blob(view.statuses);
      out.counts(view.areas.flatMap(({ held, booked, blocked }) => [held, booked, blocked]));
      return;
    case 'event_view':
      out.text(view.incarnation);
      out.counts(countersOf(view));
      writeSaleStatus(out, view.saleStatus);
  }
}

export function readView(input: FrameReader): View {
  const tag = input.byte();
  switch (tag) {
    case views.hold_view:
      return {
        type: 'hold_view',
        holdId: input.text() as HoldId,
        userId: input.text() as UserId,
        status: input.flag() ? 'paying' : 'held',
        seats: readSeats(input),
        areas: readAreas(input),
        totalMinor: input.count(),
        deadlineMs: input.time(),
      };
    case views.seat_map:
      return {
        type: 'seat_map',
        epoch: input.count(),
        version: input.count() as Version,
        saleStatus: readSaleStatus(input),
        statuses: input.blob(),
        areas: areaCountsOf(input.counts()),
      };
    case views.event_view:
      return readEventView(input);
    default:
      throw new MalformedFrame(`unknown view tag ${tag}`);
  }
}

const eventCounters = [
  'epoch',
  'version',
  'batchNo',
  'mailbox',
  'holds',
  'free',
  'held',
  'booked',
  'blocked',
] as const satisfies readonly (keyof EventView)[];

type EventCounter = (typeof eventCounters)[number];

const countersOf = (view: EventView): number[] => eventCounters.map((name) => view[name]);

function readEventView(input: FrameReader): EventView {
  const incarnation = input.text();
  const values = input.counts();
  if (values.length !== eventCounters.length) throw new MalformedFrame('not an event view');
  const counters = Object.fromEntries(eventCounters.map((name, i) => [name, values[i]])) as Pick<
    EventView,
    EventCounter
  >;
  return { type: 'event_view', incarnation, ...counters, saleStatus: readSaleStatus(input) };
}

function areaCountsOf(flat: readonly number[]): AreaCounts[] {
  if (flat.length % 3 !== 0) throw new MalformedFrame('not area counts');
  return Array.from({ length: flat.length / 3 }, (_, i) => ({
    held: flat[i * 3],
    booked: flat[i * 3 + 1],
    blocked: flat[i * 3 + 2],
  }));
}
