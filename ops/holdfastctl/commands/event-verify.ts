import type { SeatMapView } from '#libs/contracts/wire.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Ownership } from '#libs/journal/journal.js';
import { verifyChain } from '#libs/journal/verify-chain.js';
import type { JournalRow } from '#libs/oracle/history.js';
import { readSnapshots, wrongSnapshots, type Plan } from '../../verify/check-snapshots.js';
import { compareLive, foldTo } from '../../verify/compare-live.js';
import { verifyEvent } from '../../verify/verify.js';
import type { CommandContext } from '../context.js';
import { CommandFailed, CommandInterrupted, CommandRefused, NotReachable } from '../failures.js';
import type { JournalLink } from '../link.js';
import { askOwner } from '../live-view.js';
import { plural } from '../numbers.js';

interface Result {
  readonly event_id: string;
  readonly clean: boolean;
  readonly batches: number;
  readonly facts: number;
  readonly epochs: number;
  readonly holds: number;
  readonly bookings: number;
  /** Stored ones; each was compared with the journal. */
  readonly snapshots: number;
  /** The first batch that is not as it was written, null when all are. */
  readonly first_bad_batch: number | null;
  /** The owner's state: compared, or why not. */
  readonly live: 'equal' | 'different' | Unasked;
  /** Why it is in quarantine; null: it is not. It may be clean: see the runbook. */
  readonly quarantined: string | null;
  readonly problems: readonly string[];
}

/** Why the owner's state was not compared. */
type Unasked = 'no owner' | 'no bus' | 'no answer' | 'quarantined';

/** Exit code 1 when anything is wrong: the journal is evidence (G9). */
export async function verifyOne(context: CommandContext, id: string): Promise<void> {
  await context.withJournal(async (link) => {
    const result = await verify(link, id as EventId);
    if (result === null) throw new CommandRefused(`there is no event ${id}`);
    if (!result.clean) throw new CommandFailed(`${id}: ${result.problems.join('; ')}`, [result]);
    context.print(textOf(result), result);
  });
}

export async function verifyAll(context: CommandContext): Promise<void> {
  await context.withJournal((link) =>
    context.interruption.guarded(() => verifyEach(context, link)),
  );
}

async function verifyEach(context: CommandContext, link: JournalLink): Promise<void> {
  const { rows } = await link.pool.query<{ event_id: EventId }>(
    'SELECT event_id FROM event ORDER BY event_id',
  );
  const bad: Result[] = [];
  let checked = 0;
  for (const { event_id } of rows) {
    if (context.interruption.happened) throw stopped(checked, rows.length, bad);
    const result = await verify(link, event_id);
    if (result === null) continue;
    checked += 1;
    if (!result.clean) bad.push(result);
    if (checked % progressEvery === 0) context.progress(`${checked} of ${rows.length}`);
  }
  const value = { events: checked, clean: checked - bad.length, bad };
  const text = `${checked - bad.length} of ${plural(checked, 'event')} clean`;
  if (bad.length === 0) context.print(text, value);
  else throw new CommandFailed(`${text}; ${bad[0].event_id}: ${bad[0].problems[0]}`, [value]);
}

function stopped(checked: number, all: number, bad: readonly Result[]): CommandInterrupted {
  const found = bad.length === 0 ? 'nothing wrong so far' : `bad: ${bad[0].event_id}`;
  const value = { events: checked, clean: checked - bad.length, bad };
  return new CommandInterrupted(`interrupted after ${checked} of ${all}: ${found}`, [value]);
}

const progressEvery = 100;

async function verify(link: JournalLink, eventId: EventId): Promise<Result | null> {
  const row = await link.journal.ownership(eventId);
  const live = await liveMap(link, row);
  const snapshots = await readSnapshots(link.journal, eventId);
  const verified = await verifyEvent(link.pool, eventId);
  if (verified === null) return null;
  const chain = await verifyChain(link.journal, eventId);
  const { verdict } = verified;
  const problems = chain.ok ? [] : [`batch ${chain.batchNo}: ${chain.problem}`];
  for (const { name, wrong, examples } of verdict.checks) {
    if (wrong > 0) problems.push(`${name}: ${wrong} wrong, ${examples[0]}`);
  }
  const inventory = await link.catalogue.inventoryOf(eventId);
  if (inventory === null) return null;
  const { rows } = verified.history;
  const compared =
    typeof live === 'string' ? [] : unlessBroken(() => compare(inventory, rows, live));
  problems.push(...compared);
  const damaged = unlessBroken(() => wrongSnapshots(snapshots, rows, inventory));
  problems.push(...damaged.filter((problem) => !problems.includes(problem)));
  if (live === 'no answer') problems.push('its owner does not answer');
  const { batches, facts, epochs, holds, bookings } = verdict;
  return {
    event_id: eventId,
    clean: problems.length === 0,
    batches,
    facts,
    epochs,
    holds: holds.made,
    bookings,
    snapshots: snapshots.length,
    first_bad_batch: chain.ok ? null : chain.batchNo,
    live: typeof live === 'string' ? live : compared.length === 0 ? 'equal' : 'different',
    quarantined: row?.quarantined ?? null,
    problems,
  };
}

/** Asked before the journal is read: what the owner shows is durable, so it is in there (G2). */
async function liveMap(
  { cluster }: JournalLink,
  row: Ownership | null,
): Promise<SeatMapView | Unasked> {
  if (row !== null && row.quarantined !== null) return 'quarantined';
  if (cluster === null) return 'no bus';
  const lives = row?.owner != null && cluster.inventory.membership.isLive(row.owner);
  if (row === null || !lives) return 'no owner';
  try {
    return (await askOwner(cluster, row.eventId, { type: 'GetSeatMap' })) as SeatMapView;
  } catch (error) {
    // One event that is not served must not keep --all from the others.
    if (error instanceof NotReachable) return 'no answer';
    throw error;
  }
}

function compare(plan: Plan, rows: readonly JournalRow[], live: SeatMapView): string[] {
  return compareLive(
    foldTo(rows, plan, (state) => state.version >= live.version),
    live,
  );
}

/** A journal that was tampered with may not fold at all. */
function unlessBroken(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    return [`the journal does not fold: ${error instanceof Error ? error.message : 'broken'}`];
  }
}

function textOf(result: Result): string {
  const { event_id, batches, facts, epochs, holds, bookings, snapshots, live } = result;
  const { quarantined } = result;
  return (
    `${event_id}: clean, ${plural(batches, 'batch')}, ${plural(facts, 'fact')}, ` +
    `${plural(epochs, 'epoch')}, ${plural(holds, 'hold')}, ${plural(bookings, 'booking')}, ` +
    `${plural(snapshots, 'snapshot')}; ` +
    (quarantined === null ? `its owner's state: ${live}` : `IN QUARANTINE: ${quarantined}`)
  ).replaceAll('batchs', 'batches');
}
