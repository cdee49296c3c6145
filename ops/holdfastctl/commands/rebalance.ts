import type { Command } from 'commander';
import { limits } from '#libs/contracts/limits.js';
import { createPostgresSettings } from '#libs/journal/settings.js';
import { askToMove, rebalanceInput } from '#libs/hosting/cluster-view.js';
import { planRebalance, type PlannedMove, type RebalancePlan } from '#libs/hosting/rebalance.js';
import { rebalanceRules } from '#libs/hosting/rebalancer.js';
import type { CommandContext } from '../context.js';
import { CommandFailed, CommandInterrupted, CommandRefused } from '../failures.js';
import type { ClusterLink } from '../link.js';
import { plural, wholeNumber } from '../numbers.js';
import { wrapped } from '../table.js';
import { ownerAfterDoubt } from './moved-after-all.js';

interface PlanOptions {
  readonly includeHot?: boolean;
  readonly includeRecent?: boolean;
  readonly movesMax: number;
  readonly concurrency: number;
  readonly dryRun?: boolean;
}

/** `rebalance plan|apply|suspend|resume`. */
export function addRebalanceCommands(program: Command, context: () => CommandContext): void {
  const rebalance = program.command('rebalance').description('even the load of the shards');
  const planned = (name: string, description: string): Command =>
    rebalance
      .command(name)
      .description(description)
      .option('--include-hot', 'also events with much traffic that are on sale')
      .option('--include-recent', 'also events that changed shards a moment ago')
      .option('--moves-max <number>', 'at most this many', wholeNumber(1, 100_000), 1_000);
  planned('plan', 'say what would be moved, and why nothing is').action((options: PlanOptions) =>
    showPlan(context(), options),
  );
  planned('apply', 'plan, and move')
    .option('--concurrency <moves>', 'moves at a time', wholeNumber(1, limits.movesAtOnceMax), 2)
    .option('--dry-run', 'the same as plan')
    .action((options: PlanOptions) =>
      options.dryRun === true ? showPlan(context(), options) : apply(context(), options),
    );
  for (const suspended of [true, false]) {
    rebalance
      .command(suspended ? 'suspend' : 'resume')
      .description(suspended ? 'no shard rebalances on its own' : 'shards rebalance on their own')
      .option('--dry-run', 'only say what would be done')
      .action((options: { dryRun?: boolean }) =>
        setSuspended(context(), suspended, options.dryRun === true),
      );
  }
}

async function makePlan(link: ClusterLink, options: PlanOptions): Promise<RebalancePlan> {
  const { bus, inventory } = link.cluster;
  const input = await rebalanceInput({ bus, membership: inventory.membership }, link.journal);
  const includeHot = options.includeHot === true;
  const gapMs = options.includeRecent === true ? 0 : limits.rebalanceGapMs;
  return planRebalance(input, rebalanceRules({ includeHot, gapMs, movesMax: options.movesMax }));
}

async function showPlan(context: CommandContext, options: PlanOptions): Promise<void> {
  await context.withCluster(async (link) => {
    const plan = await makePlan(link, options);
    const suspended = (await createPostgresSettings(link.pool).get(settingName)) === true;
    context.print(planText(context, plan, suspended), shownPlan(plan, suspended));
  });
}

const settingName = 'rebalance.suspended';

function planText(context: CommandContext, plan: RebalancePlan, suspended: boolean): string {
  const { kept, moves } = plan;
  const loads = plan.loads.map(({ shardId, before, after }) => [
    shardId,
    before.toFixed(2),
    after.toFixed(2),
  ]);
  const rows = moves.map(({ eventId, from, to, why }) => [eventId, from, to, why]);
  return [
    ...(rows.length === 0 ? [] : [context.table(['event', 'from', 'to', 'why'], rows), '']),
    context.table(['shard', 'load now', 'load then'], loads),
    '',
    wrapped(
      context.columns,
      plan.suspended === null
        ? `${plural(moves.length, 'move')}; ${stayText(kept)}`
        : `nothing is planned: ${plan.suspended}`,
    ),
    ...(suspended ? ['automatic rebalancing is suspended'] : []),
  ].join('\n');
}

/** Why the others are left where they are, and which flag would let them go. */
function stayText({ balanced, recent, hot }: RebalancePlan['kept']): string {
  const lately = recent === 0 ? '' : ' (--include-recent)';
  const busy = hot === 0 ? '' : ' (--include-hot)';
  return (
    `stay: ${balanced} because it would not help, ${recent} moved lately${lately}, ` +
    `${hot} hot and on sale${busy}`
  );
}

const shownPlan = (plan: RebalancePlan, suspended: boolean): Record<string, unknown> => ({
  moves: plan.moves.map(({ eventId, from, to, epoch, why }) => {
    return { event_id: eventId, from, to, epoch, why };
  }),
  loads: plan.loads.map(({ shardId, before, after }) => ({ shard: shardId, before, after })),
  kept: plan.kept,
  waiting_for: plan.suspended,
  automatic_suspended: suspended,
});

async function apply(context: CommandContext, options: PlanOptions): Promise<void> {
  await context.withCluster(async (link) => {
    const plan = await makePlan(link, options);
    if (plan.suspended !== null) {
      throw new CommandRefused(`nothing is moved: ${plan.suspended}`);
    }
    const failed: { event_id: string; reason: string }[] = [];
    let [moved, left] = [0, 0];
    const queue = [...plan.moves];
    const worker = async (): Promise<void> => {
      for (let move = queue.shift(); move !== undefined; move = queue.shift()) {
        const problem = await moveOne(link, move);
        if (problem === null) moved += 1;
        else failed.push({ event_id: move.eventId, reason: problem });
        if ((moved + failed.length) % progressEvery === 0) {
          context.progress(`${moved + failed.length} of ${plan.moves.length}`);
        }
        if (context.interruption.happened) left += queue.splice(0).length;
        if (failed.length >= failuresMax) queue.length = 0;
      }
    };
    await context.interruption.guarded(() =>
      Promise.all(Array.from({ length: options.concurrency }, worker)),
    );
    const value = { planned: plan.moves.length, moved, failed, kept: plan.kept };
    const done = `${moved} of ${plural(plan.moves.length, 'event')} moved`;
    const text = plan.moves.length === 0 ? `${done}; ${stayText(plan.kept)}` : done;
    if (left > 0 && context.interruption.happened) {
      throw new CommandInterrupted(`interrupted: ${text}; apply again for the rest`, [value]);
    }
    if (failed.length === 0) context.print(text, value);
    else throw new CommandFailed(`${text}; ${failed[0].event_id}: ${failed[0].reason}`, [value]);
  });
}

const progressEvery = 20;
const failuresMax = 3;

/** Null: moved. */
async function moveOne(link: ClusterLink, move: PlannedMove): Promise<string | null> {
  const { eventId, from, to, epoch: expectEpoch } = move;
  const call = { eventId, to, expectEpoch, reason: 'rebalance' } as const;
  const reply = await askToMove(link.cluster.bus, from, call);
  if (reply.kind === 'ok' && reply.body.kind === 'moved') return null;
  if (reply.kind === 'ok' && reply.body.kind === 'refused') return reply.body.reason;
  const found = await ownerAfterDoubt(link, move);
  if (found?.owner === to) return null;
  return reply.kind === 'ok' ? 'lost' : reply.kind;
}

async function setSuspended(
  context: CommandContext,
  suspended: boolean,
  dryRun: boolean,
): Promise<void> {
  await context.withDatabase(async (pool) => {
    const settings = createPostgresSettings(pool);
    const before = (await settings.get(settingName)) === true;
    if (!dryRun) await settings.set(settingName, suspended);
    const words = `automatic rebalancing ${dryRun ? 'would be' : 'is'} `;
    const [now, was] = [suspended, before].map((yes) => (yes ? 'suspended' : 'on'));
    const text = `${words}${now} (it was ${was})`;
    context.print(text, { result: dryRun ? 'dry_run' : 'done', suspended, before });
  });
}
