import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import { areaCounts, counts, seatStatuses } from '#libs/inventory/inventory.js';
import type { AreaIndex, EventId, InventoryState } from '#libs/inventory/inventory.js';
import { readHistory } from '#libs/oracle/read-history.js';
import { foldTo } from '../../verify/compare-live.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { isoOf } from '../numbers.js';
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
    const state = foldTo(history.rows, inventory, (_, factAtMs) => factAtMs > atMs);
    const { free, held, booked, blocked, holds, bookings } = counts(state);
    const summary = { free, held, booked, blocked, holds, bookings };
    const head = { event_id: id, at: isoOf(atMs), version: state.version };
    const statuses = seatStatuses(state);
    context.print(picture(head, summary, state, { layout, columns: context.columns }), {
      ...head,
      sale_status: state.saleStatus,
      ...summary,
      seats: layout.seats.ids.map((seat_id, i) => ({ seat_id, status: names[statuses[i]] })),
      areas: areasOf(state, layout),
    });
  });
}

const areasOf = (state: InventoryState, { layout }: PublicLayout) =>
  layout.areas.map(({ name, capacity }, i) => ({
    name,
    capacity,
    ...areaCounts(state, i as AreaIndex),
  }));

function picture(
  head: { readonly event_id: string; readonly at: string; readonly version: number },
  summary: Readonly<Record<string, number>>,
  state: InventoryState,
  { layout, columns }: { readonly layout: PublicLayout; readonly columns: number },
): string {
  const counted = Object.entries(summary).map(([name, count]) => `${name} ${count}`);
  return [
    wrapped(
      columns,
      `${head.event_id} at ${head.at}, version ${head.version}, sale ${state.saleStatus}`,
    ),
    wrapped(columns, counted.join(', ')),
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
