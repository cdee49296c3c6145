import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import { areaCounts, counts, seatStatuses } from '#libs/inventory/inventory.js';
import type { AreaIndex, EventId, Fact, InventoryState } from '#libs/inventory/inventory.js';
import { readHistory } from '#libs/oracle/read-history.js';
import { foldTo } from '../../verify/compare-live.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { isoOf } from '../numbers.js';
import { nameOf } from '../operator-name.js';
import { rowOf } from '../shard-names.js';
import { wrapped } from '../table.js';

/** By SeatStatus: free, held, booked, blocked. */
const names = ['free', 'held', 'booked', 'blocked'] as const;
const signs = ['.', 'h', 'B', 'x'] as const;
const labelWidthMax = 25;
/** Clocks differ; further ahead nothing is known. */
const aheadMsMax = 5_000;

/** The seat map as it was at a moment: every fact at or before it, no later one (G9). */
export async function replayEvent(
  context: CommandContext,
  id: string,
  atMs: number,
): Promise<void> {
  if (atMs > Date.now() + aheadMsMax) {
    throw new CommandRefused(`${isoOf(atMs)} is in the future: the map of then is not known`);
  }
  await context.withJournal(async (link) => {
    await rowOf(link, id);
    const eventId = id as EventId;
    const [inventory, layout, history] = [
      await link.catalogue.inventoryOf(eventId),
      await link.catalogue.layoutOf(eventId),
      await readHistory(link.pool, id),
    ];
    if (inventory === null || layout === null) throw new CommandRefused(`${id} has no plan`);
    const trail = new Trail();
    const tooLate = (_: InventoryState, factAtMs: number): boolean => factAtMs > atMs;
    const state = foldTo(history.rows, inventory, tooLate, (fact) => trail.follow(fact));
    const { free, held, booked, blocked, holds, bookings } = counts(state);
    const summary = { free, held, booked, blocked, holds, bookings };
    const head = { event_id: id, at: isoOf(atMs), version: state.version };
    const statuses = seatStatuses(state);
    const shown = { layout, columns: context.columns, trail };
    context.print(picture(head, summary, state, shown), {
      ...head,
      last: trail.last === null ? null : told(trail.last),
      sale_status: state.saleStatus,
      sale_status_by: trail.sale?.by ?? null,
      ...summary,
      seats: layout.seats.ids.map((seat_id, i) => ({ seat_id, status: names[statuses[i]] })),
      areas: areasOf(state, layout),
    });
  });
}

/** Who did what is seen on the map: the last fact of all, and the last one that told the sale. */
class Trail {
  last: Fact | null = null;
  sale: Fact | null = null;

  follow(fact: Fact): void {
    this.last = fact;
    if (fact.type === 'SaleOpened' || fact.type === 'SaleClosed') this.sale = fact;
  }
}

const told = ({ type, atMs, by }: Fact) => ({ what: type, at: isoOf(atMs), by });

function trailLines({ last, sale }: Trail, columns: number): string[] {
  const saleLine =
    sale === null ? [] : [`${sale.type} by ${nameOf(sale.by)} at ${isoOf(sale.atMs)}`];
  const lastLine =
    last === null ? [] : [`last ${last.type} by ${nameOf(last.by)} at ${isoOf(last.atMs)}`];
  return [...saleLine, ...lastLine].map((line) => wrapped(columns, line));
}

const areasOf = (state: InventoryState, { layout }: PublicLayout) =>
  layout.areas.map(({ name, capacity }, i) => ({
    name,
    capacity,
    ...areaCounts(state, i as AreaIndex),
  }));

interface Shown {
  readonly layout: PublicLayout;
  readonly columns: number;
  readonly trail: Trail;
}

function picture(
  head: { readonly event_id: string; readonly at: string; readonly version: number },
  summary: Readonly<Record<string, number>>,
  state: InventoryState,
  { layout, columns, trail }: Shown,
): string {
  const counted = Object.entries(summary).map(([name, count]) => `${name} ${count}`);
  return [
    wrapped(
      columns,
      `${head.event_id} at ${head.at}, version ${head.version}, sale ${state.saleStatus}`,
    ),
    wrapped(columns, counted.join(', ')),
    ...trailLines(trail, columns),
    `${signs.map((sign, i) => `${sign} ${names[i]}`).join('  ')}`,
    '',
    ...rowLines(seatStatuses(state), layout, columns),
    ...areasOf(state, layout).map(
      ({ name, capacity, held, booked, blocked }) =>
        `${name}: ${capacity - held - booked - blocked} of ${capacity} free, ` +
        `${held} held, ${booked} booked, ${blocked} blocked`,
    ),
  ].join('\n');
}

function rowLines(
  statuses: Uint8Array,
  { layout, rowOf }: PublicLayout,
  columns: number,
): string[] {
  const labelWidth = Math.min(labelWidthMax, Math.floor(columns / 3));
  const lines: string[] = [];
  for (let row = 0; row < layout.rowCount; row += 1) {
    const [from, to] = [layout.rowStart[row], layout.rowStart[row + 1]];
    if (from === to) continue;
    const section = layout.sections[layout.sectionOfRow[row]];
    const label = `${section} ${rowOf[from]}`.slice(0, labelWidth - 1).padEnd(labelWidth);
    const seats = Array.from(statuses.subarray(from, to), (status) => signs[status]).join('');
    const step = columns - labelWidth;
    for (let i = 0; i < seats.length; i += step) {
      lines.push(`${i === 0 ? label : ' '.repeat(label.length)}${seats.slice(i, i + step)}`);
    }
  }
  return lines;
}
