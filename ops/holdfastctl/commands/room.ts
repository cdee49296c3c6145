import type { Command } from 'commander';
import { inTransaction } from '#libs/database/transaction.js';
import type { EventId } from '#libs/inventory/ids.js';
import { commitmentOf } from '#libs/room/draw.js';
import { changeRoom, newestRoom } from '#libs/room/postgres-rooms.js';
import { phaseOf, type Room } from '#libs/room/room.js';
import type { RoomChange } from '#libs/room/room-store.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { isoOf } from '../numbers.js';
import { active, changing, rate, recordRoom, shortMessage, type Asked } from './room-asked.js';
import { addRoomOpen } from './room-open.js';
import { addRoomVerify } from './room-verify.js';

interface SetOptions extends Asked {
  readonly rate?: number;
  readonly active?: number;
  readonly message?: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** `room …`: the waiting room before the holds of an event, or before its map. */
export function addRoomCommands(program: Command, context: () => CommandContext): void {
  const room = program.command('room').description('the waiting room of an event');
  addRoomOpen(room, context);
  changing(room, 'set <event>', 'another pace, a pause, a message to those who wait')
    .option('--rate <number>', 'called a minute, at most', rate)
    .option('--active <number>', 'admitted at once, at most', active)
    .option('--message <text>', 'shown to all who wait; empty: none', shortMessage)
    .option('--pause', 'call nobody; who was called still comes in')
    .option('--resume', 'call again')
    .action((id: string, options: SetOptions, self: Command) => {
      const changes = changesOf(options);
      if (Object.keys(changes).length === 0) self.error('error: name what is to change');
      return set(context(), 'room set', id, options, changes);
    });
  changing(room, 'pause <event>', 'call nobody; who was called still comes in').action(
    (id: string, options: Asked) => set(context(), 'room pause', id, options, { paused: true }),
  );
  changing(room, 'resume <event>', 'call again').action((id: string, options: Asked) =>
    set(context(), 'room resume', id, options, { paused: false }),
  );
  changing(room, 'rate <event> <number>', 'called a minute, at most').action(
    (id: string, number: string, options: Asked) =>
      set(context(), 'room rate', id, options, { ratePerMinute: rate(number) }),
  );
  changing(room, 'drain <event>', 'call those who stand in it now, and then close').action(
    (id: string, options: Asked) => drain(context(), id, options),
  );
  changing(
    room,
    'close <event>',
    'everybody may hold again, and those who wait are told so',
  ).action((id: string, options: Asked) => close(context(), id, options));
  room
    .command('status <event>')
    .description('phase, who waits, who is called, the commitment of the draw')
    .action((id: string) => showStatus(context(), id));
  addRoomVerify(room, context);
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
  command: string,
  id: string,
  options: Asked,
  changes: RoomChange,
): Promise<void> {
  const what = Object.entries(changes).map(([field, value]) => `${field} ${String(value)}`);
  await change(
    context,
    id,
    { ...options, reason: `${what.join(', ')}; ${options.reason}` },
    {
      ...{ what: command, changes: () => changes },
      would: `would change the waiting room of ${id}`,
      done: `changed the waiting room of ${id}: ${what.join(', ')}`,
    },
  );
}

/** Who comes meanwhile stands behind, and is let go with all others when it closes. */
const drain = (context: CommandContext, id: string, options: Asked): Promise<void> =>
  change(context, id, options, {
    ...{ what: 'room drain', changes: ({ nextIndex }) => ({ drainUpto: nextIndex }) },
    would: `would drain the waiting room of ${id}`,
    done: `the waiting room of ${id} closes when all who stand in it now were called`,
  });

const close = (context: CommandContext, id: string, options: Asked): Promise<void> =>
  change(context, id, options, {
    ...{ what: 'room close', changes: () => ({ closedAtMs: Date.now() }) },
    would: `would close the waiting room of ${id}`,
    done: `the waiting room of ${id} is closed`,
  });

interface Change {
  readonly what: string;
  readonly changes: (room: Room) => RoomChange;
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
        if (!(await changeRoom(client, room, changes(room)))) return false;
        await recordRoom(client, what, eventId, as, reason);
        return true;
      });
      if (changed) return context.print(done, { result: 'done', ...value });
    }
    throw new CommandRefused(`the waiting room of ${id} changes all the time: ask again`);
  });
}

/** Its keeper changes it as well, at most a few times a second. */
const triesMax = 20;

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
  scope: room.scope,
  when_unheard: room.failsOpen ? 'open' : 'closed',
  paused: String(room.paused),
  drains_upto: room.drainUpto ?? '-',
  sold_out: String(room.soldOut),
  message: room.message,
  commitment: commitmentOf(room.secret).toString('hex'),
});
