import { Option, type Command } from 'commander';
import { limits } from '#libs/contracts/limits.js';
import { inTransaction } from '#libs/database/transaction.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { SaleRules } from '#libs/inventory/layout.js';
import { commitmentOf } from '#libs/room/draw.js';
import { newestRoom, openRoom } from '#libs/room/postgres-rooms.js';
import type { RoomSettings } from '#libs/room/room.js';
import { createRoomKeys } from '#libs/room/signed.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { callGateways } from '../gateways.js';
import type { JournalLink } from '../link.js';
import { isoOf, pointInTime, wholeNumber } from '../numbers.js';
import { active, changing, rate, recordRoom, type Asked } from './room-asked.js';

interface Settings extends Asked {
  readonly rate: number;
  readonly active: number;
  readonly claim: number;
  readonly admission: number;
  readonly party: number;
  readonly scope: 'hold' | 'map';
  readonly whenUnheard: 'open' | 'closed';
}

interface OpenOptions extends Settings {
  readonly opensAt?: number;
  readonly drawAt: number;
}

interface ScheduleOptions extends Settings {
  readonly before: number;
}

type Times = Pick<RoomSettings, 'opensAtMs' | 'drawsAtMs'>;

/** `room open|schedule`: a room at times that are said, or at those of its sale. */
export function addRoomOpen(room: Command, context: () => CommandContext): void {
  withSettings(changing(room, 'open <event>', 'let nobody hold without an admission'))
    .requiredOption('--draw-at <time>', 'who came before is drawn by lot', pointInTime)
    .option('--opens-at <time>', 'people can come from then on (default: now)', pointInTime)
    .action((id: string, options: OpenOptions) =>
      open(context(), id, 'room open', options, (_rules, nowMs) => timesAsked(options, nowMs)),
    );
  withSettings(changing(room, 'schedule <event>', 'the same, with the draw when its sale opens'))
    .option('--before <minutes>', 'people can come so long before', wholeNumber(0, 10_080), 60)
    .action((id: string, options: ScheduleOptions) =>
      open(context(), id, 'room schedule', options, (rules, nowMs) =>
        timesOfSale(rules, options.before * 60_000, nowMs),
      ),
    );
}

const withSettings = (command: Command): Command =>
  command
    .option('--rate <number>', 'called a minute, at most', rate, 600)
    .option('--active <number>', 'admitted at once, at most', active, 500)
    .option('--claim <seconds>', 'in which who is called must come', claim, 120)
    .option('--admission <seconds>', 'in which he may hold then', claim, 600)
    .option('--party <number>', 'places for one, at most', wholeNumber(1, partyMax), 4)
    .addOption(
      new Option('--scope <what>', 'before what it stands: holds alone, or the map as well')
        .choices(['hold', 'map'])
        .default('hold'),
    )
    .addOption(
      new Option(
        '--when-unheard <what>',
        'what a gateway does that has not heard of rooms for long',
      )
        .choices(['closed', 'open'])
        .default('closed'),
    );

const partyMax = limits.roomPartyMax;
const claim = wholeNumber(limits.roomClaimMsMin / 1_000, limits.roomClaimMsMax / 1_000);

async function open(
  context: CommandContext,
  id: string,
  command: string,
  options: Settings,
  timesOf: (rules: SaleRules, nowMs: number) => Times,
): Promise<void> {
  await context.withJournal(async (link) => {
    const eventId = id as EventId;
    const inventory = await link.catalogue.inventoryOf(eventId);
    if (inventory === null) throw new CommandRefused(`there is no event ${id}`);
    const settings = settingsOf(options, timesOf(inventory.rules, Date.now()));
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
      if (room !== null) await recordRoom(client, command, eventId, options.as, detail);
      return room;
    });
    if (made === null) throw new CommandRefused(`${id} has a waiting room by now`);
    const text = `${id} has waiting room ${made.roomNo}; commitment of the draw: ${commitment}`;
    const value = { result: 'done', event_id: id, room: `${id}/${made.roomNo}`, commitment };
    context.print(text, { ...value, ...times });
  });
}

/** What `room open` was asked for. */
function timesAsked({ drawAt: drawsAtMs, opensAt }: OpenOptions, nowMs: number): Times {
  const opensAtMs = opensAt ?? nowMs;
  if (drawsAtMs < nowMs) throw new CommandRefused('the draw is in the past');
  if (opensAtMs > drawsAtMs) throw new CommandRefused('the room opens after its draw');
  return { opensAtMs, drawsAtMs };
}

/** The draw is when the sale opens, and people can come for a while before it. */
function timesOfSale({ opensAtMs: saleMs }: SaleRules, beforeMs: number, nowMs: number): Times {
  if (saleMs === null) throw new CommandRefused('its sale opens at no set time');
  if (saleMs <= nowMs) throw new CommandRefused(`its sale is open since ${isoOf(saleMs)}`);
  return { opensAtMs: Math.max(nowMs, saleMs - beforeMs), drawsAtMs: saleMs };
}

const settingsOf = (options: Settings, times: Times): RoomSettings => ({
  ...{ ...times, ratePerMinute: options.rate, activeMax: options.active },
  ...{ claimMs: options.claim * 1_000, admissionMs: options.admission * 1_000 },
  ...{ partyMax: options.party, scope: options.scope },
  failsOpen: options.whenUnheard === 'open',
});

/** A gateway of a release before would let everybody hold. */
async function refuseOldGateways({ cluster }: JournalLink): Promise<void> {
  if (cluster === null) return;
  const views = await callGateways(cluster, { action: 'describe', name: null });
  const old = views.filter(({ rooms }) => rooms !== true).map(({ name }) => name);
  if (old.length === 0) return;
  throw new CommandRefused(`${old.join(', ')} cannot keep a waiting room: upgrade it first`);
}
