import { InvalidArgumentError } from 'commander';
import {
  decodeFacts,
  factTypes,
  type By,
  type EventId,
  type Fact,
  type RulesChanged,
} from '#libs/inventory/inventory.js';
import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import { currencyDigits } from '#libs/contracts/money/currencies.js';
import { changeLines } from '#libs/catalogue/rule-words.js';
import { readHistory } from '#libs/oracle/read-history.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { isoOf, plural } from '../numbers.js';
import { nameOf } from '../operator-name.js';
import { rowOf } from '../shard-names.js';

export interface HistoryOptions {
  readonly seat?: string;
  readonly hold?: string;
  readonly what?: string;
  readonly limit: number;
}

/** One line of an event's history. Only ids of buyers: names are not in the journal. */
interface Entry {
  readonly at: string;
  readonly version: number;
  readonly batch_no: number;
  readonly epoch: number;
  readonly what: Fact['type'];
  readonly by: By;
  readonly reservation_id: string | null;
  readonly booking_id: string | null;
  readonly user_id: string | null;
  readonly seat_ids: readonly string[];
  readonly areas: readonly { readonly area: string; readonly quantity: number }[];
  readonly total_minor: number | null;
  readonly until: string | null;
  /** How many the buyer said need a wheelchair space. */
  readonly wheelchairs?: number;
  /** Of a change of the rules, in words. */
  readonly changes?: readonly string[];
}

/** For --what. */
export function factTypeName(text: string): string {
  const found = factTypes.find((type) => type.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It must be one of ${factTypes.join(', ')}.`);
}

export async function showHistory(
  context: CommandContext,
  id: string,
  options: HistoryOptions,
): Promise<void> {
  await context.withJournal(async (link) => {
    await rowOf(link, id);
    const layout = await link.catalogue.layoutOf(id as EventId);
    if (layout === null) throw new CommandRefused(`${id} has no seating plan`);
    if (options.seat !== undefined && layout.seats.find(options.seat) === -1) {
      throw new CommandRefused(`${id} has no seat ${options.seat}`);
    }
    const detail = await link.catalogue.eventOf(id as EventId);
    const digits = detail?.currencyDigits ?? null;
    const all = entriesOf(await readHistory(link.pool, id), layout, digits).filter(
      ({ what, seat_ids: seats, reservation_id }) =>
        (options.what === undefined || what === options.what) &&
        (options.seat === undefined || seats.includes(options.seat)) &&
        (options.hold === undefined || reservation_id === options.hold),
    );
    const shown = all.slice(-options.limit);
    const left = all.length - shown.length;
    const note =
      left === 0
        ? ''
        : `\n(${plural(left, 'earlier entry').replace('entrys', 'entries')}, see --limit)`;
    context.print(`${historyTable(context, shown)}${note}`, {
      event_id: id,
      total: all.length,
      entries: shown,
    });
  });
}

type History = Awaited<ReturnType<typeof readHistory>>;

function entriesOf({ rows }: History, layout: PublicLayout, digits: number | null): Entry[] {
  const book = new HoldBook();
  const entries: Entry[] = [];
  for (const { batchNo, epoch, firstSeq, facts } of rows) {
    factsOf(batchNo, facts).forEach((fact, i) => {
      const { what, seats, areas, userId, holdId } = book.read(fact);
      entries.push({
        at: isoOf(fact.atMs),
        version: firstSeq + i,
        batch_no: batchNo,
        epoch,
        what,
        by: fact.by,
        reservation_id: holdId,
        booking_id: 'bookingId' in fact ? fact.bookingId : null,
        user_id: userId,
        seat_ids: seats.map((seat) => layout.seats.ids[seat]),
        areas: areas.map(({ area, quantity }) => ({
          area: layout.layout.areas[area].name,
          quantity,
        })),
        total_minor: 'totalMinor' in fact ? fact.totalMinor : null,
        until: 'deadlineMs' in fact ? isoOf(fact.deadlineMs) : null,
        ...needOf(fact),
        ...(fact.type === 'RulesChanged' ? { changes: changesOf(fact, layout, digits) } : {}),
      });
    });
  }
  return entries;
}

const needOf = (fact: Fact): Pick<Entry, 'wheelchairs'> =>
  fact.type === 'SeatsHeld' && fact.wheelchairs !== undefined
    ? { wheelchairs: fact.wheelchairs }
    : {};

const changesOf = (fact: RulesChanged, { layout }: PublicLayout, digits: number | null): string[] =>
  changeLines(
    fact,
    layout.areas.map(({ name }) => name),
    layout.categories,
    digits ?? currencyDigits(fact.before.rules.currency),
  );

type Places = Pick<Extract<Fact, { type: 'SeatsHeld' }>, 'seats' | 'areas'>;
interface Touched extends Places {
  readonly what: Fact['type'];
  readonly holdId: string | null;
  readonly userId: string | null;
}

const nothing: Places = { seats: [], areas: [] };

/** Facts name a hold; whose it is and what it has is in the fact that made it. */
class HoldBook {
  private readonly holds = new Map<string, Places & { readonly userId: string }>();
  private readonly buyers = new Map<string, string>();

  read(fact: Fact): Touched {
    const what = fact.type;
    const holdId = 'holdId' in fact ? fact.holdId : null;
    const known = holdId === null ? undefined : this.holds.get(holdId);
    const own = 'seats' in fact ? { seats: fact.seats, areas: fact.areas } : (known ?? nothing);
    const userId = this.buyerOf(fact) ?? known?.userId ?? null;
    if (fact.type === 'SeatsHeld') {
      this.holds.set(fact.holdId, { seats: fact.seats, areas: fact.areas, userId: fact.userId });
    } else if (fact.type === 'HoldReleased' && known !== undefined) {
      const seats = known.seats.filter((seat) => !fact.seats.includes(seat));
      this.holds.set(fact.holdId, { ...known, seats });
    } else if (fact.type === 'SeatsBooked') {
      this.buyers.set(fact.bookingId, fact.userId);
    }
    return { what, holdId, userId, ...own };
  }

  private buyerOf(fact: Fact): string | undefined {
    if ('userId' in fact) return fact.userId;
    return 'bookingId' in fact ? this.buyers.get(fact.bookingId) : undefined;
  }
}

function historyTable(context: CommandContext, entries: readonly Entry[]): string {
  if (entries.length === 0) return 'nothing happened';
  const header = ['at (UTC)', 'batch', 'what', 'by', 'buyer', 'reservation', 'places'];
  const rows = entries.map((entry) => [
    entry.at.slice(0, 23).replace('T', ' '),
    entry.batch_no,
    entry.what,
    nameOf(entry.by),
    entry.user_id,
    entry.booking_id ?? entry.reservation_id,
    placesOf(entry),
  ]);
  // A column without anything in it takes the room of those that say something.
  const said = header.map((_, column) => rows.some((row) => row[column] !== null));
  const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, column) => said[column]);
  return context.table(kept(header), rows.map(kept));
}

function placesOf({ seat_ids: seats, areas, changes, wheelchairs }: Entry): string | null {
  if (changes !== undefined) return changes.join('; ');
  const need = wheelchairs === undefined ? [] : [`(for ${plural(wheelchairs, 'wheelchair')})`];
  const standing = areas.map(({ area, quantity }) => `${quantity} x ${area}`);
  const places = [...seats, ...standing, ...need];
  return places.length === 0 ? null : places.join(' ');
}

/** A batch of a newer program is named, and nothing is guessed of what follows it. */
function factsOf(batchNo: number, bytes: Uint8Array): readonly Fact[] {
  try {
    return bytes.length === 0 ? [] : decodeFacts(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandRefused(`batch ${batchNo}: ${reason}`);
  }
}
