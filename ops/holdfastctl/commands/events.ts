import { InvalidArgumentError, type Command } from 'commander';
import { everyEvent, type EventPage, type EventSummary } from '#libs/catalogue/catalogue.js';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { amountOf } from '#libs/contracts/money/amounts.js';
import type { CommandContext } from '../context.js';
import { listHotEvents } from './events-hot.js';

interface ListOptions {
  readonly keyword: string;
  readonly city: string;
  readonly page: number;
  readonly pageSize: number;
  readonly available?: boolean;
  readonly hot?: boolean;
}

/** `events list`: what is in the catalogue. More subcommands of `events` go here. */
export function addEventsCommands(program: Command, context: () => CommandContext): void {
  const events = program.command('events').description('what is on sale');
  events
    .command('list', { isDefault: true })
    .description('list events, by start or by how well they match')
    .option('--keyword <words>', 'search in names, performers, venues, cities', '')
    .option('--city <city>', 'only in this city', '')
    .option('--available', 'only what can still be had, by counts that are seconds old')
    .option('--page <number>', 'from 1', numberUpTo(limits.pageMax), 1)
    .option('--page-size <number>', 'events on a page', numberUpTo(limits.pageSizeMax), 50)
    .option('--hot', 'only what shards serve now, busiest first')
    .action((options: ListOptions) =>
      options.hot === true
        ? listHotEvents(context(), options.pageSize)
        : listEvents(context(), options),
    );
}

async function listEvents(context: CommandContext, options: ListOptions): Promise<void> {
  const { available = false, keyword, city, page: number, pageSize } = options;
  const availableAtMs = available ? Date.now() : null;
  const wanted = { keyword, city, page: number, pageSize, availableAtMs };
  const page = await context.withDatabase((pool) =>
    createPostgresCatalogue(pool).search({ ...everyEvent, ...wanted }),
  );
  context.print(pageText(context, page), {
    total: page.total,
    events: page.events.map(shownEvent),
  });
}

function shownEvent(event: EventSummary): Record<string, unknown> {
  return {
    event_id: event.eventId,
    name: event.name,
    venue: event.venue,
    city: event.city,
    performers: event.performers,
    start: isoOf(event.startsAtMs),
    on_sale_at: event.onSaleAtMs === null ? null : isoOf(event.onSaleAtMs),
    currency: event.currency,
    currency_digits: event.currencyDigits,
    price_min_minor: event.priceMinMinor,
    price_max_minor: event.priceMaxMinor,
  };
}

function pageText(context: CommandContext, page: EventPage): string {
  const rows = page.events.map((event) => [
    event.eventId,
    event.name,
    `${event.venue}, ${event.city}`,
    isoOf(event.startsAtMs).slice(0, 16).replace('T', ' '),
    priceRange(event),
  ]);
  const header = ['event', 'name', 'venue', 'start (UTC)', 'prices'];
  const listed = rows.length === 0 ? 'no event' : context.table(header, rows);
  return `${listed}\n${page.events.length} of ${page.total}`;
}

function priceRange(event: EventSummary): string {
  const digits = event.currencyDigits;
  const [from, to] = [event.priceMinMinor, event.priceMaxMinor].map((minor) =>
    digits === null ? `${minor} (decimals unknown)` : amountOf(minor, digits),
  );
  return from === to ? `${from} ${event.currency}` : `${from}-${to} ${event.currency}`;
}

function numberUpTo(max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= 1 && number <= max) return number;
    throw new InvalidArgumentError(`It must be a number from 1 to ${max}.`);
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
