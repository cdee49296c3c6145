import path from 'node:path';
import type { Command } from 'commander';
import { invalid, problemText, valid, type Checked } from '#libs/catalogue/checked.js';
import type { EventDifference } from '#libs/catalogue/event-difference.js';
import { checkEventFile, type EventFile } from '#libs/catalogue/event-file.js';
import { focalReason } from '#libs/catalogue/focal-point.js';
import { importEvent, wouldChange } from '#libs/catalogue/import-event.js';
import { feesWord, taxWord } from '#libs/catalogue/fees.js';
import { parseJsonFile } from '#libs/catalogue/json-file.js';
import { prepareEvent, type PreparedEvent } from '#libs/catalogue/prepare-event.js';
import { checkPlan, looksLikePlan, type PretixPlan } from '#libs/catalogue/pretix-plan.js';
import { limits } from '#libs/contracts/limits.js';
import { amountOf } from '#libs/contracts/money/amounts.js';
import type { MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { withSeatFlags } from '#libs/catalogue/seat-flags-file.js';
import { recordDone } from '#libs/office/record-done.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import { askForChange } from '../ask-for-change.js';
import type { CommandContext } from '../context.js';
import { CommandFailed, CommandRefused } from '../failures.js';
import { readImages } from '../read-images.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';
import { readInputFile } from '../read-input-file.js';

interface ImportOptions {
  readonly event?: string;
  readonly plan?: string;
  readonly focal?: string;
  readonly seatId?: string;
  readonly seatFlags?: string;
  readonly update?: boolean;
  readonly dryRun?: boolean;
  readonly as: string;
}

const help = `
FILE is an event file (JSON) that names its plan:
  { "plan": "theatre.pretix.json",         path relative to the event file
    "id": "evt_hamlet",                    optional, made from name, city and day
    "name": "Hamlet", "venue": "Old Theatre", "city": "Leeds",
    "description": "...", "performers": ["..."],                      optional
                                           venue and performers may be objects:
                                           { "name", "address", "capacity", "time_zone", "image" },
                                           { "name", "description", "links": ["https://..."] }
    "image": "hamlet.jpg",                 optional, path relative to the event file
    "thumbnail_url": "https://...",        or of a picture elsewhere that never changes
    "start": "2027-03-01T19:30:00",        by the venue's clock, or with its offset
    "time_zone": "Europe/London",          not needed where times have offsets
    "on_sale": "now",                      or a time, or "manual"; default now
    "sale_ends_at": "2027-03-01T19:30:00+00:00",   optional, default: the start
    "buyers": "guest",                     or "verified": only users of an issuer
    "organiser": "acme",                   optional: whose event it is
    "currency": "GBP",
    "prices": { "Stalls": "89.50" },       face values, a text for each category; null: not for sale
    "fees": { "percent": "8", "per_ticket": "1.50" },   optional: added to them, always shown
    "tax": { "percent": "20" },            optional: contained in price and fee
    "areas": [{ "name": "Floor", "capacity": 200, "category": "Standing" }],   optional
    "wheelchair_limit": 2, "accessible_release": "never",    or "sold_out", or hours before start
    "buyer_limit": 4, "places_per_hold": 4, "hold_minutes": 10,       optional, defaults shown
    "address_limit": 500,                  optional: places held from one address at a time
    "payment_minutes": 10, "hold_minutes_max": 30, "stranded_singles": "refuse",
    "cancellation": { "until": 24, "fee": "2.50", "keep_booking_fee": true },   optional: buyers
                                           may cancel until so many hours before the start (or
                                           a time); default: not
    "focal": { "x": 0, "y": 0 } }          optional: where the best view is
or a seating plan in pretix's open JSON format; then --event names the event file.
A seat of the plan may also say "wheelchair", "companion" or "restricted_view": true.

Examples:
  holdfastctl import hamlet.event.json
  holdfastctl import stadium.pretix.json --event final.event.json --json`;

/** `import`: one event with its seating plan, in one transaction. */
export function addImportCommand(program: Command, context: () => CommandContext): void {
  program
    .command('import')
    .description('import an event and its seating plan')
    .argument('<file>', 'event file, or plan file with --event')
    .option('--event <file>', 'event file, when FILE is the plan')
    .option('--plan <file>', 'plan file; overrides the "plan" of the event file')
    .option('--focal <x,y>', 'where the best view is, in plan units; overrides event and plan')
    .option('--seat-flags <file>', 'wheelchair spaces and the like by seat id, beside the plan')
    .option('--seat-id <field>', 'field of the plan that has the seat ids: seat_guid or uuid')
    .option(
      '--update',
      'change an event that exists: what is shown, prices, limits, times, capacities of areas',
    )
    .option('--as <name>', 'who does it, for its history', operatorName, nameOfThisUser())
    .option('--dry-run', 'check the files and say what would be imported, or with --update changed')
    .addHelpText('after', help)
    .action((file: string, options: ImportOptions) => runImport(context(), file, options));
}

async function runImport(
  context: CommandContext,
  file: string,
  options: ImportOptions,
): Promise<void> {
  const files = await readFiles(file, options, context.minimums());
  const said = options.focal === undefined ? files.event : withFocal(files.event, options.focal);
  const images = soundOf(files.eventPath, await readImages(files.eventPath, said));
  const prepared = prepareEvent(said, files.plan, Date.now(), images);
  const event = soundOf(files.eventPath, prepared);
  if (options.dryRun === true) {
    if (options.update !== true) return sayWhatWouldBe(context, event);
    const difference = await context.withDatabase((pool) => wouldChange(pool, event));
    return sayWhatWouldBe(context, event, difference);
  }
  const result = await context.withDatabase((pool) =>
    importEvent(pool, event, {
      update: options.update === true,
      record: (client, { eventId, what, changes }) =>
        recordDone(client, {
          who: options.as,
          role: 'sre',
          what,
          eventId,
          reason: changes.join('; '),
          trace: new TraceIds(systemRandom).next(),
        }),
      askOwner: (difference) =>
        askForChange(context, pool, {
          eventId: event.eventId,
          areas: event.plan.layout.areas.map(({ name }) => name),
          name: options.as,
          difference,
        }),
    }),
  );
  if (result.kind === 'exists') {
    throw new CommandRefused(
      `${event.eventId} exists already; give the event another "id", or --update it`,
    );
  }
  if (result.kind === 'not_finalized') {
    throw new CommandRefused(
      'places without a price need the end of the upgrade first: holdfastctl upgrade finalize',
    );
  }
  if (result.kind === 'fixed') throw fixedRefusal(event, result.fields);
  const changes = result.kind === 'updated' ? result.changes : [];
  const warnings = warningsOf(event);
  const lines = [`${result.kind} ${summary(event)}`, ...changes, ...warnings];
  context.print(lines.join('\n  '), {
    result: result.kind,
    ...outcome(event),
    ...(result.kind === 'updated' ? { changes } : {}),
    ...(warnings.length === 0 ? {} : { warnings }),
  });
}

function fixedRefusal(event: PreparedEvent, fields: readonly string[]): CommandRefused {
  return new CommandRefused(
    `${event.eventId} exists already and this of it is fixed: ${fields.join('; ')}`,
    fields,
  );
}

/** `difference`: from an event that is there, which would be updated. */
function sayWhatWouldBe(
  context: CommandContext,
  event: PreparedEvent,
  difference: EventDifference | null = null,
): void {
  if (difference !== null && difference.fixed.length > 0) {
    throw fixedRefusal(event, difference.fixed);
  }
  const verb = difference === null ? 'import' : 'update';
  const warnings = warningsOf(event);
  const changes = difference?.lines ?? [];
  const lines = [`would ${verb} ${summary(event)}`, ...changes, ...warnings];
  const said = {
    ...(difference === null ? {} : { changes }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  context.print(lines.join('\n  '), { result: 'dry_run', ...outcome(event), ...said });
}

/** What was imported as it says, and is hardly what is meant. */
function warningsOf({ rules }: PreparedEvent): string[] {
  const { endsAtMs } = rules;
  if (endsAtMs === null || endsAtMs > Date.now()) return [];
  return [`warning: the sale ended at ${isoOf(endsAtMs)}: nobody can buy ("sale_ends_at")`];
}

function withFocal(event: EventFile, text: string): EventFile {
  const [x, y, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isPlaced = [x, y].every((value) => Math.abs(value) <= limits.coordinateMax);
  if (!isPlaced || more.length > 0) {
    throw new CommandFailed(`--focal must be two numbers such as 750,1700, not ${text}`);
  }
  return { ...event, focal: { x, y } };
}

function seatIdOf({ seatId = 'seat_guid' }: ImportOptions): 'seat_guid' | 'uuid' {
  if (seatId === 'seat_guid' || seatId === 'uuid') return seatId;
  throw new CommandFailed(`--seat-id must be seat_guid or uuid, not ${seatId}`);
}

interface ImportFiles {
  readonly eventPath: string;
  readonly event: EventFile;
  readonly plan: PretixPlan | null;
}

async function readFiles(
  file: string,
  options: ImportOptions,
  minimums: MinimumCharges,
): Promise<ImportFiles> {
  const { value: first, size } = await readJson(file, limits.planFileBytesMax);
  if (!looksLikePlan(first)) {
    if (size > limits.eventFileBytesMax) soundOf(file, tooLarge(limits.eventFileBytesMax));
    if (options.event !== undefined) {
      throw new CommandFailed(`${file} is not a seating plan, and --event names another event`);
    }
    const event = soundOf(file, checkEventFile(first, minimums));
    return { eventPath: file, event, plan: await planOf(file, event, options) };
  }
  if (options.event === undefined) {
    throw new CommandFailed(`${file} is a seating plan: name the event file with --event`);
  }
  if (options.plan !== undefined) throw new CommandFailed(`${file} is a plan, and so is --plan`);
  const plan = await flagged(
    soundOf(file, checkPlan(first, { seatId: seatIdOf(options) })),
    options,
  );
  const { value } = await readJson(options.event, limits.eventFileBytesMax);
  const event = soundOf(options.event, checkEventFile(value, minimums));
  return { eventPath: options.event, event, plan };
}

async function planOf(
  eventPath: string,
  event: EventFile,
  options: ImportOptions,
): Promise<PretixPlan | null> {
  const named = event.plan === undefined ? null : path.resolve(path.dirname(eventPath), event.plan);
  const planPath = options.plan ?? named;
  if (planPath === null) return null;
  const { value } = await readJson(planPath, limits.planFileBytesMax);
  return flagged(soundOf(planPath, checkPlan(value, { seatId: seatIdOf(options) })), options);
}

async function flagged(plan: PretixPlan, { seatFlags }: ImportOptions): Promise<PretixPlan> {
  if (seatFlags === undefined) return plan;
  const { value } = await readJson(seatFlags, limits.planFileBytesMax);
  return soundOf(seatFlags, withSeatFlags(plan, value));
}

interface JsonFile {
  readonly value: unknown;
  readonly size: number;
}

async function readJson(file: string, bytesMax: number): Promise<JsonFile> {
  return soundOf(file, await readJsonFile(file, bytesMax));
}

const tooLarge = (bytesMax: number): Checked<never> =>
  invalid([{ path: '', message: `is larger than ${bytesMax} bytes` }]);

async function readJsonFile(file: string, bytesMax: number): Promise<Checked<JsonFile>> {
  const { bytes, why } = { bytes: null, why: '', ...(await readInputFile(file, bytesMax)) };
  if (bytes === null) return invalid([{ path: '', message: why }]);
  const json = parseJsonFile(bytes, bytesMax);
  return json.kind === 'valid' ? valid({ value: json.value, size: bytes.length }) : json;
}

/** The value, or the first problem as the error's line and all of them as its details. */
function soundOf<T>(file: string, checked: Checked<T>): T {
  if (checked.kind === 'valid') return checked.value;
  const [first, ...others] = checked.problems;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const where = first.path === '' ? ' ' : ': ';
  throw new CommandFailed(`${file}${where}${problemText(first)}${more}`, checked.problems);
}

function summary(event: PreparedEvent): string {
  const { layout } = event.plan;
  const digits = event.currencyDigits;
  const places = layout.areas.reduce((sum, area) => sum + area.capacity, 0);
  const standing = places > 0 ? `, ${places} places in ${layout.areas.length} areas` : '';
  const from = amountOf(event.priceMinMinor, digits);
  const to = amountOf(event.priceMaxMinor, digits);
  const prices = `${from} to ${to} ${event.rules.currency}${withinPrices(event)}`;
  return (
    `${event.eventId}: ${event.name}, ${event.venue}, ${event.city}: ${layout.seatCount} seats ` +
    `in ${layout.sections.length} sections and ${layout.rowCount} rows${standing}, ${prices}` +
    focalLine(event) +
    inferredLines(event) +
    event.notes.map((note) => `\n${note}`).join('')
  );
}

function withinPrices({ fees: { terms }, currencyDigits }: PreparedEvent): string {
  const fees = terms.ticketMinor + terms.feeMilli === 0 ? [] : [feesWord(terms, currencyDigits)];
  const tax = terms.taxMilli === null ? [] : [`tax ${taxWord(terms)}`];
  const told = [...fees.map((words) => `fees of ${words} in them`), ...tax].join(', ');
  return told === '' ? '' : ` (${told})`;
}

function focalLine({ plan: { focal, layout } }: PreparedEvent): string {
  if (layout.seatCount === 0) return '';
  const hint = focal.from === 'event' ? '' : ' (--focal x,y says otherwise)';
  return `\nbest seats are those near ${focal.x},${focal.y}: ${focalReason(focal)}${hint}`;
}

function inferredLines({ plan }: PreparedEvent): string {
  const lines = plan.inferred.map(
    ({ seats, category, flag }) =>
      `\n${seats} seats of ${JSON.stringify(category)} are ${flag.replace('_', ' ')} by its name`,
  );
  return lines.join('');
}

function outcome(event: PreparedEvent): Record<string, unknown> {
  const { layout } = event.plan;
  return {
    event_id: event.eventId,
    name: event.name,
    layout_hash: layout.hash,
    seats: layout.seatCount,
    rows: layout.rowCount,
    sections: layout.sections.length,
    focal: event.plan.focal,
    inferred: event.plan.inferred,
    areas: layout.areas.map(({ name, capacity }) => ({ name, capacity })),
    currency: event.rules.currency,
    currency_digits: event.currencyDigits,
    price_min_minor: event.priceMinMinor,
    price_max_minor: event.priceMaxMinor,
    on_sale_at: event.rules.opensAtMs === null ? null : isoOf(event.rules.opensAtMs),
    sale_ends_at: event.rules.endsAtMs === null ? null : isoOf(event.rules.endsAtMs),
    start: isoOf(event.startsAtMs),
    time_zone: event.timeZone,
    notes: event.notes,
  };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
