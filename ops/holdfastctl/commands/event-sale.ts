import { InvalidArgumentError, type Command } from 'commander';
import { errorTable, refusalErrors } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import type { By } from '#libs/inventory/by.js';
import type { AreaQuantity, Command as InventoryCommand } from '#libs/inventory/commands.js';
import type { AreaIndex, SeatIndex, UserId } from '#libs/inventory/ids.js';
import type { Refusal } from '#libs/inventory/refusal-codes.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { CommandContext } from '../context.js';
import { CommandRefused, NotReachable } from '../failures.js';
import type { ClusterLink } from '../link.js';
import { plural } from '../numbers.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';
import { rehearse } from '../rehearse.js';
import { rowOf } from '../shard-names.js';

interface NamedArea {
  readonly name: string;
  readonly quantity: number;
}

interface SaleOptions {
  readonly as: string;
  readonly dryRun?: boolean;
}

interface PlaceOptions extends SaleOptions {
  readonly seats: readonly string[];
  readonly area: readonly NamedArea[];
  readonly reason?: string;
}

/** `event open-sale|close-sale|block|unblock`: an organiser's decisions, told to the owner. */
export function addSaleCommands(event: Command, context: () => CommandContext): void {
  event
    .command('open-sale <event>')
    .description('let buyers hold: for "on_sale": "manual", or before its time, or once closed')
    .option(...as)
    .option(...dryRun)
    .action((id: string, options: SaleOptions) => setSale(context(), id, 'OpenSale', options));
  event
    .command('close-sale <event>')
    .description('no new holds; who has one may still extend it, pay, or give it back')
    .option(...as)
    .option(...dryRun)
    .action((id: string, options: SaleOptions) => setSale(context(), id, 'CloseSale', options));
  placesCommand(event, 'block <event>', 'take free places off sale')
    .option('--reason <text>', 'kept with the fact', shortText, '')
    .action((id: string, options: PlaceOptions, self: Command) =>
      setPlaces(context(), id, 'block', checked(options, self)),
    );
  placesCommand(event, 'unblock <event>', 'put blocked places on sale again').action(
    (id: string, options: PlaceOptions, self: Command) =>
      setPlaces(context(), id, 'unblock', checked(options, self)),
  );
}

const dryRun = ['--dry-run', 'only say what would be done, or refused'] as const;
const as = [
  '--as <name>',
  'who does it, for the history of the event',
  operatorName,
  nameOfThisUser(),
] as const;

function placesCommand(event: Command, name: string, description: string): Command {
  return event
    .command(name)
    .description(description)
    .option('--seats <ids>', 'seats by their public ids, with commas between', seatNames, [])
    .option('--area <name=number>', 'so many places of an area; may be repeated', areaNames, [])
    .option(...as)
    .option(...dryRun);
}

/** Which places is not optional, only how they are named. */
function checked(options: PlaceOptions, command: Command): PlaceOptions {
  if (options.seats.length + options.area.length > 0) return options;
  return command.error('error: name places with --seats or --area');
}

async function setSale(
  context: CommandContext,
  id: string,
  type: 'OpenSale' | 'CloseSale',
  options: SaleOptions,
): Promise<void> {
  await context.withCluster(async (link) => {
    const { eventId } = await rowOf(link, id);
    const layout = await layoutOf(link, id);
    const sale = type === 'OpenSale' ? 'open' : 'closed';
    const order = { eventId, request: { type }, by: byOf(options) };
    if (options.dryRun === true) {
      const before = await rehearsed(link, layout, order);
      const verb = type === 'OpenSale' ? 'open' : 'close';
      const value = { result: 'dry_run', event_id: id, sale, before };
      context.print(`would ${verb} the sale of ${id}, which is ${before.replace('_', ' ')}`, value);
      return;
    }
    await send(link, layout, order);
    context.print(`the sale of ${id} is ${sale}`, { result: 'done', event_id: id, sale });
  });
}

async function setPlaces(
  context: CommandContext,
  id: string,
  what: 'block' | 'unblock',
  options: PlaceOptions,
): Promise<void> {
  await context.withCluster(async (link) => {
    const { eventId } = await rowOf(link, id);
    const layout = await layoutOf(link, id);
    const places = { seats: seatsOf(layout, options.seats), areas: areasOf(layout, options.area) };
    const request: InventoryCommand =
      what === 'block'
        ? { type: 'BlockSeats', ...places, reason: options.reason ?? '' }
        : { type: 'UnblockSeats', ...places };
    const order = { eventId, request, by: byOf(options) };
    const value = { event_id: id, seat_ids: options.seats, areas: options.area };
    const number = options.area.reduce((sum, { quantity }) => sum + quantity, options.seats.length);
    const count = `${plural(number, 'place')} of ${id}`;
    if (options.dryRun === true) {
      await rehearsed(link, layout, order);
      context.print(`would ${what} ${count}`, { result: 'dry_run', ...value });
      return;
    }
    await send(link, layout, order);
    context.print(`${what}ed ${count}`, { result: `${what}ed`, ...value });
  });
}

interface Order {
  readonly eventId: Parameters<ClusterLink['cluster']['inventory']['call']>[0]['eventId'];
  readonly request: InventoryCommand;
  readonly by: By;
}

const byOf = ({ as: name }: SaleOptions): By => ({ role: 'operator', name });

/** The sale status now; throws what would be refused. */
async function rehearsed(
  link: ClusterLink,
  layout: PublicLayout,
  { eventId, request, by }: Order,
): Promise<string> {
  const result = await rehearse(link, eventId, { userId: operator, by }, request);
  if (result === null) throw new CommandRefused(`there is no event ${eventId}`);
  const { refusal, saleStatus } = result;
  if (refusal === null) return saleStatus;
  throw new CommandRefused(`would be refused: ${refusalText(layout, refusal)}`);
}

const operator = 'operator' as UserId;
/** Longer than a failover: to ask again is another command, and an operator's own work. */
const withinMs = limits.commandDeadlineMsMax;

/** Resolves when the command is accepted; throws what is to be said when it is not. */
async function send({ cluster }: ClusterLink, layout: PublicLayout, order: Order): Promise<void> {
  const { inventory } = cluster;
  const commandId = inventory.nextCommandId();
  const asked = { commandId, keyed: false, userId: operator, withinMs };
  const result = await inventory.call({ ...order, ...asked });
  if (result.kind !== 'answered') throw unanswered(order.eventId, result);
  if (result.answer.kind === 'refused') {
    throw new CommandRefused(`refused: ${refusalText(layout, result.answer.refusal)}`);
  }
}

function unanswered(eventId: string, result: Exclude<CallResult, { kind: 'answered' }>): Error {
  const executed = result.kind === 'unknown' || ('executed' in result && result.executed !== 'no');
  return new NotReachable(
    executed
      ? `the owner of ${eventId} did not answer: it may or may not have been done; ask again`
      : `the owner of ${eventId} cannot take it now (${result.kind}): nothing was changed`,
  );
}

function refusalText(layout: PublicLayout, { code, seats = [], areas = [] }: Refusal): string {
  const { message } = errorTable[refusalErrors[code]];
  const places = [
    ...seats.map((seat) => layout.seats.ids[seat]),
    ...areas.map((area) => layout.layout.areas[area].name),
  ];
  return places.length === 0 ? `${code}: ${message}` : `${code}: ${places.join(', ')}`;
}

async function layoutOf(link: ClusterLink, id: string): Promise<PublicLayout> {
  const layout = await link.catalogue.layoutOf(id as Order['eventId']);
  if (layout === null) throw new CommandRefused(`there is no event ${id}`);
  return layout;
}

function seatsOf(layout: PublicLayout, names: readonly string[]): SeatIndex[] {
  return names.map((name) => {
    const seat = layout.seats.find(name);
    if (seat === -1) throw new CommandRefused(`the seating plan has no seat ${name}`);
    return seat as SeatIndex;
  });
}

function areasOf(layout: PublicLayout, areas: readonly NamedArea[]): AreaQuantity[] {
  return areas.map(({ name, quantity }) => {
    const area = layout.indexOfArea.get(name);
    if (area === undefined) throw new CommandRefused(`the seating plan has no area ${name}`);
    return { area: area as AreaIndex, quantity };
  });
}

const seatNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function areaNames(text: string, before: readonly NamedArea[]): NamedArea[] {
  const [, name, number] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
  if (name === undefined || Number(number) < 1) {
    throw new InvalidArgumentError('It must be an area and a number, such as Floor=50.');
  }
  return [...before, { name, quantity: Number(number) }];
}

function shortText(text: string): string {
  if (Buffer.byteLength(text) <= limits.blockReasonBytesMax) return text;
  throw new InvalidArgumentError(`It must not be longer than ${limits.blockReasonBytesMax} bytes.`);
}
