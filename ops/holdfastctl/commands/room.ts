import { InvalidArgumentError, type Command } from 'commander';
import type { PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { inTransaction } from '#libs/database/transaction.js';
import type { EventId } from '#libs/inventory/ids.js';
import { recordDone } from '#libs/office/record-done.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import { commitmentOf } from '#libs/room/draw.js';
import { changeRoom, newestRoom, openRoom } from '#libs/room/postgres-rooms.js';
import { phaseOf, type Room, type RoomSettings } from '#libs/room/room.js';
import type { RoomChange } from '#libs/room/room-store.js';
import { createRoomKeys } from '#libs/room/signed.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { callGateways } from '../gateways.js';
import type { JournalLink } from '../link.js';
import { isoOf, pointInTime, wholeNumber } from '../numbers.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';
import { addRoomVerify } from './room-verify.js';

interface Asked {
  readonly as: string;
  readonly reason: string;
  readonly dryRun?: boolean;
}

interface OpenOptions extends Asked {
  readonly opensAt: number;
  readonly drawAt: number;
  readonly rate: number;
  readonly active: number;
  readonly claim: number;
  readonly admission: number;
  readonly party: number;
}

interface SetOptions extends Asked {
  readonly rate?: number;
  readonly active?: number;
  readonly message?: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** `room open|set|close|status|verify`: the waiting room before the holds of an event. */
export function addRoomCommands(program: Command, context: () => CommandContext): void {
  const room = program.command('room').description('the waiting room of an event');
  const change = (name: string, description: string): Command =>
    room
      .command(name)
      .description(description)
      .requiredOption('--reason <text>', 'why, for the record', shortReason)
      .option('--as <name>', 'who does it, for the record', operatorName, nameOfThisUser())
      .option('--dry-run', 'only say what would be done');
  change('open <event>', 'let nobody hold without an admission, from --opens-at on')
    .requiredOption('--draw-at <time>', 'who came before is drawn by lot', pointInTime)
    .option('--opens-at <time>', 'people can come from then on (default: now)', pointInTime)
    .option('--rate <number>', 'called a minute, at most', rate, 600)
    .option('--active <number>', 'admitted at once, at most', active, 500)
    .option('--claim <seconds>', 'in which who is called must come', claim, 120)
    .option('--admission <seconds>', 'in which he may hold then', claim, 600)
    .option('--party <number>', 'places for one, at most', wholeNumber(1, partyMax), 4)
    .action((id: string, options: OpenOptions) => open(context(), id, options));
  change('set <event>', 'another pace, a pause, a message to those who wait')
    .option('--rate <number>', 'called a minute, at most', rate)
    .option('--active <number>', 'admitted at once, at most', active)
    .option('--message <text>', 'shown to all who wait; empty: none', shortMessage)
    .option('--pause', 'call nobody; who was called still comes in')
    .option('--resume', 'call again')
    .action((id: string, options: SetOptions, self: Command) => {
      const changes = changesOf(options);
      if (Object.keys(changes).length === 0) self.error('error: name what is to change');
      return set(context(), id, options, changes);
    });
  change('close <event>', 'everybody may hold again, and those who wait are told so').action(
    (id: string, options: Asked) => close(context(), id, options),
  );
  room
    .command('status <event>')
    .description('phase, who waits, who is called, the commitment of the draw')
    .action((id: string) => showStatus(context(), id));
  addRoomVerify(room, context);
}

const partyMax = limits.roomPartyMax;
const rate = wholeNumber(0, limits.roomRatePerMinuteMax);
const active = wholeNumber(1, limits.roomActiveMax);
const claim = wholeNumber(limits.roomClaimMsMin / 1_000, limits.roomClaimMsMax / 1_000);

async function open(context: CommandContext, id: string, options: OpenOptions): Promise<void> {
  await context.withJournal(async (link) => {
    const eventId = await eventOf(link, id);
    const settings = settingsOf(options, Date.now());
    await refuseOldGateways(link);
    const before = await newestRoom(link.pool, eventId);
    if (before !== null && before.closedAtMs === null) {
      throw new CommandRefused(`${id} has a waiting room: ${before.eventId}/${before.roomNo}`);
    }
    const times = {
      opens_at: isoOf(settings.opensAtMs),
      draws_at: isoOf(settings.drawsAtMs),
    };
    if (options.dryRun === true) {
      const text = `would open a waiting room for ${id} at ${times.opens_at}`;
      context.print(text, { result: 'dry_run', event_id: id, ...times });
      return;
    }
    const keys = createRoomKeys();
    const commitment = commitmentOf(keys.secret).toString('hex');
    const made = await inTransaction(link.pool, async (client) => {
      const room = await openRoom(client, eventId, settings, keys);
      const detail = `commitment ${commitment}; ${options.reason}`;
      if (room !== null) await record(client, 'room open', eventId, options.as, detail);
      return room;
    });
    if (made === null) throw new CommandRefused(`${id} has a waiting room by now`);
    const text = `${id} has waiting room ${made.roomNo}; commitment of the draw: ${commitment}`;
    const value = { result: 'done', event_id: id, room: `${id}/${made.roomNo}`, commitment };
    context.print(text, { ...value, ...times });
  });
}

function settingsOf(options: OpenOptions, nowMs: number): RoomSettings {
  const { drawAt: drawsAtMs, opensAt: opensAtMs = nowMs } = options;
  if (drawsAtMs < nowMs) throw new CommandRefused('the draw is in the past');
  if (opensAtMs > drawsAtMs) throw new CommandRefused('the room opens after its draw');
  return {
    ...{ opensAtMs, drawsAtMs, ratePerMinute: options.rate, activeMax: options.active },
    ...{ claimMs: options.claim * 1_000, admissionMs: options.admission * 1_000 },
    partyMax: options.party,
  };
}

/** A gateway of a release before would let everybody hold. */
async function refuseOldGateways({ cluster }: JournalLink): Promise<void> {
  if (cluster === null) return;
  const views = await callGateways(cluster, { action: 'describe', name: null });
  const old = views.filter(({ rooms }) => rooms !== true).map(({ name }) => name);
  if (old.length === 0) return;
  throw new CommandRefused(`${old.join(', ')} cannot keep a waiting room: upgrade it first`);
}

function changesOf({ rate: perMinute, active: most, message, pause, resume }: SetOptions) {
  const changes: RoomChange = {
    ...(perMinute === undefined ? {} : { ratePerMinute: perMinute }),
    ...(most === undefined ? {} : { activeMax: most }),
    ...(message === undefined ? {} : { message }),
    ...(pause === true ? { paused: true } : {}),
    ...(resume === true ? { paused: false } : {}),
  };
  return changes;
}

async function set(
  context: CommandContext,
  id: string,
  options: SetOptions,
  changes: RoomChange,
): Promise<void> {
  const what = Object.entries(changes).map(([field, value]) => `${field} ${String(value)}`);
  await change(
    context,
    id,
    { ...options, reason: `${what.join(', ')}; ${options.reason}` },
    {
      ...{ what: 'room set', changes, would: `would change the waiting room of ${id}` },
      done: `changed the waiting room of ${id}: ${what.join(', ')}`,
    },
  );
}

const close = (context: CommandContext, id: string, options: Asked): Promise<void> =>
  change(context, id, options, {
    ...{ what: 'room close', changes: { closedAtMs: Date.now() } },
    would: `would close the waiting room of ${id}`,
    done: `the waiting room of ${id} is closed`,
  });

interface Change {
  readonly what: string;
  readonly changes: RoomChange;
  readonly would: string;
  readonly done: string;
}

async function change(
  context: CommandContext,
  id: string,
  { as, reason, dryRun }: Asked,
  { what, changes, would, done }: Change,
): Promise<void> {
  await context.withDatabase(async (pool) => {
    const eventId = id as EventId;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const room = await newestRoom(pool, eventId);
      if (room === null || room.closedAtMs !== null) {
        throw new CommandRefused(`${id} has no waiting room that is open`);
      }
      const value = { event_id: id, room: `${id}/${room.roomNo}` };
      if (dryRun === true) return context.print(would, { result: 'dry_run', ...value });
      const changed = await inTransaction(pool, async (client) => {
        if (!(await changeRoom(client, room, changes))) return false;
        await record(client, what, eventId, as, reason);
        return true;
      });
      if (changed) return context.print(done, { result: 'done', ...value });
    }
    throw new CommandRefused(`the waiting room of ${id} changes all the time: ask again`);
  });
}

/** Its keeper changes it as well, at most a few times a second. */
const triesMax = 20;

const record = (
  client: PoolClient,
  what: string,
  eventId: EventId,
  who: string,
  reason: string,
): Promise<void> =>
  recordDone(client, {
    ...{ who, role: 'sre', what, eventId, reason },
    trace: new TraceIds(systemRandom).next(),
  });

async function showStatus(context: CommandContext, id: string): Promise<void> {
  await context.withDatabase(async (pool) => {
    const room = await newestRoom(pool, id as EventId);
    if (room === null) throw new CommandRefused(`${id} has no waiting room`);
    const value = statusOf(room);
    const lines = Object.entries(value).map(([name, said]) => [name.replaceAll('_', ' '), said]);
    context.print(context.table(['what', 'now'], lines), value);
  });
}

const statusOf = (room: Room) => ({
  room: `${room.eventId}/${room.roomNo}`,
  phase: phaseOf(room, Date.now()),
  opens_at: isoOf(room.opensAtMs),
  draws_at: isoOf(room.drawsAtMs),
  joined: room.nextIndex,
  drawn: room.entrants ?? 0,
  called: room.serving,
  waiting: room.nextIndex - room.serving,
  rate_per_minute: room.ratePerMinute,
  active_max: room.activeMax,
  pace_percent: room.pacePercent,
  places_free: room.placesFree ?? '?',
  places_held: room.placesHeld ?? '?',
  places_paying: room.placesPaying ?? '?',
  paused: String(room.paused),
  sold_out: String(room.soldOut),
  message: room.message,
  commitment: commitmentOf(room.secret).toString('hex'),
});

async function eventOf({ catalogue }: JournalLink, id: string): Promise<EventId> {
  const eventId = id as EventId;
  if ((await catalogue.inventoryOf(eventId)) !== null) return eventId;
  throw new CommandRefused(`there is no event ${id}`);
}

const shortReason = (text: string): string => shortText(text, limits.reasonLengthMax);
const shortMessage = (text: string): string => shortText(text, limits.roomMessageLengthMax);

function shortText(text: string, most: number): string {
  if (text.length <= most) return text;
  throw new InvalidArgumentError(`It must not be longer than ${most} characters.`);
}
