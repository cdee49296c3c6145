import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Checked from '#libs/catalogue/checked.js';
import type * as EventFile from '#libs/catalogue/event-file.js';
import type * as ImportEvent from '#libs/catalogue/import-event.js';
import type { EventInventory } from '#libs/catalogue/catalogue.js';
import type * as Prepare from '#libs/catalogue/prepare-event.js';
import type * as Plan from '#libs/catalogue/pretix-plan.js';
import type * as Inventory from '#libs/inventory/inventory.js';
import type { By, Command, EventId, Fact, UserId } from '#libs/inventory/inventory.js';
import type * as BatchHash from '#libs/journal/batch-hash.js';
import type { Batch, Journal } from '#libs/journal/journal.js';
import type pg from 'pg';
import { planOf } from '../bench-events.js';

/** A module of another checkout's build, by the first of its names that is there. */
export async function moduleOf<Module>(root: string, ...names: string[]): Promise<Module> {
  for (const name of names) {
    const address = pathToFileURL(path.join(root, 'dist', name));
    try {
      return (await import(address.href)) as Module;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(`${root} has none of ${names.join(', ')}`);
}

export const soldOut = 'evt_benchsold' as EventId;
/** As soldOut; activated by a process that has activated others. */
export const soldToo = 'evt_benchsoldtoo' as EventId;
export const replayed = 'evt_benchreplayed' as EventId;
const seats = 50_000;
const factsPerBatch = 500;
/** Of facts, as a database has it that this build made; builds before levels had the first. */
export const levelOf = (core: Partial<Pick<typeof Inventory, 'factLevelNewest'>>): number =>
  core.factLevelNewest ?? 1;
/** What that level says of everybody; builds that do not ask for it pass it over. */
const byAnybody: By = { role: 'operator', name: '' };

/** Imports an event of 50,000 seats with the code of a checkout. */
export async function addStadium(root: string, pool: pg.Pool, eventId: EventId): Promise<void> {
  const { checkEventFile } = await moduleOf<typeof EventFile>(root, 'libs/catalogue/event-file.js');
  const { importEvent } = await moduleOf<typeof ImportEvent>(
    root,
    'libs/catalogue/import-event.js',
  );
  const { prepareEvent } = await moduleOf<typeof Prepare>(root, 'libs/catalogue/prepare-event.js');
  const { checkPlan } = await moduleOf<typeof Plan>(root, 'libs/catalogue/pretix-plan.js');
  const nowMs = Date.now();
  const file = checkEventFile({
    name: 'Bench',
    venue: 'Bench Bowl',
    city: 'Nowhere',
    start: new Date(nowMs + 30 * 86_400_000).toISOString(),
    on_sale: 'manual',
    currency: 'EUR',
    prices: { Seat: '45.00' },
    buyer_limit: 10,
    places_per_hold: 8,
    hold_minutes: 30,
    stranded_singles: 'allow',
  });
  const prepared = sound(prepareEvent(sound(file), sound(checkPlan(planOf(seats))), nowMs));
  const { kind } = await importEvent(pool, { ...prepared, eventId });
  if (kind !== 'imported') throw new Error(`${eventId} was not imported: ${kind}`);
}

/** The sale of every seat to a buyer of its own, held, paid and booked: three facts a seat. */
export async function sellOut(root: string, inventory: EventInventory): Promise<readonly Fact[]> {
  const core = await moduleOf<typeof Inventory>(root, 'libs/inventory/inventory.js');
  const state = core.createState(inventory.layout, inventory.rules);
  const facts: Fact[] = [];
  let nowMs = Date.now() - 86_400_000;
  const send = (commandId: string, userId: UserId, command: Command): void => {
    nowMs += 1;
    const named = { commandId, keyed: true, userId, nowMs, by: byAnybody, command } as never;
    const decision = core.decide(state, named);
    if (decision.kind !== 'accepted') throw new Error(`${command.type} was not accepted`);
    for (const fact of decision.facts) {
      core.evolve(state, fact);
      facts.push(fact);
    }
  };
  const token = tokens(7);
  send('open', 'usr_box' as UserId, { type: 'OpenSale' });
  for (let seat = 0; seat < seats; seat++) {
    const [user, key, attemptId] = [`usr_${token(20)}` as UserId, token(20), `att_${token(24)}`];
    const place = { seats: [(seat * 7) % seats], areas: [], best: [] };
    const hold = { holdId: `rsv_bench_${key}`, attemptId, bookingId: `bkg_bench_${key}` };
    send(`gw.${seat.toString(36)}`, user, { type: 'HoldSeats', ...hold, ...place } as never);
    send(`pay.${attemptId}.begin`, user, { type: 'BeginPayment', ...hold } as never);
    send(`pay.${attemptId}.book`, user, { type: 'BookHold', ...hold } as never);
  }
  return facts;
}

/** Appends facts to the event's journal, as an owner would have, by a writer of their own. */
export class JournalFiller {
  private constructor(
    private readonly core: typeof Inventory,
    private readonly hashes: typeof BatchHash,
    private readonly journal: Journal,
  ) {}

  static async of(root: string, journal: Journal): Promise<JournalFiller> {
    const core = await moduleOf<typeof Inventory>(root, 'libs/inventory/inventory.js');
    const hashes = await moduleOf<typeof BatchHash>(root, 'libs/journal/batch-hash.js');
    return new JournalFiller(core, hashes, journal);
  }

  async append(eventId: EventId, facts: readonly Fact[]): Promise<void> {
    const { journal } = this;
    const owned = await journal.ownership(eventId);
    const fromEpoch = owned?.epoch ?? 0;
    const taken = await journal.takeOver({ eventId, incarnation: 'bench-filler', fromEpoch });
    if (taken.kind !== 'taken') throw new Error(`${eventId}: ${taken.kind}`);
    const writer = await journal.openWriter('bench-filler');
    let { hash, batchNo, lastSeq } = taken.announce;
    for (let at = 0; at < facts.length; at += factsPerBatch) {
      const some = facts.slice(at, at + factsPerBatch);
      const header = {
        eventId,
        batchNo: batchNo + 1,
        epoch: taken.epoch,
        firstSeq: lastSeq + 1,
        lastSeq: lastSeq + some.length,
        facts: this.core.encodeFacts(some, levelOf(this.core)),
      };
      const prevHash = hash;
      hash = this.hashes.batchHash(prevHash, header);
      const batch: Batch = { ...header, prevHash, hash, projection: null, wakeAtMs: undefined };
      const [verdict] = await writer.append([batch]);
      if (verdict !== 'appended') throw new Error(`${eventId}: a batch was ${verdict}`);
      ({ batchNo, lastSeq } = header);
    }
    await writer.close();
    await journal.release(eventId, taken.epoch, null);
  }
}

/** Texts of [a-z0-9], the same in every run. */
function tokens(seed: number): (length: number) => string {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return (length) => {
    let text = '';
    while (text.length < length)
      text += Math.floor((1 + next()) * 36 ** 5)
        .toString(36)
        .slice(1);
    return text.slice(0, length);
  };
}

function sound<T>(checked: Checked.Checked<T>): T {
  if (checked.kind === 'valid') return checked.value;
  throw new Error(JSON.stringify(checked.problems));
}
