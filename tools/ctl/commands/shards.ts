import type { Command } from 'commander';
import { controlCall } from '#libs/bus/control-call.js';
import type { DrainView, ShardDescription } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { CommandFailed, NotReachable, type CommandContext } from '../context.js';
import type { ClusterLink } from '../link.js';
import { plural, wholeNumber } from '../numbers.js';
import { shardNamed } from '../shard-names.js';
import { table } from '../table.js';

interface DrainOptions {
  readonly concurrency: number;
  readonly deadline: number;
  readonly cancel?: boolean;
  readonly dryRun?: boolean;
}

/** `shards`, and `shard cordon|uncordon|drain`: processes, and taking one out of service. */
export function addShardCommands(program: Command, context: () => CommandContext): void {
  program
    .command('shards')
    .description('list the shard processes that are alive')
    .action(() => listShards(context()));
  const shard = program.command('shard').description('take a shard out of service, and back');
  for (const call of ['cordon', 'uncordon'] as const) {
    shard
      .command(`${call} <shard>`)
      .description(
        call === 'cordon'
          ? 'give it no new events; it keeps those it has'
          : 'let it take events again; ends a drain',
      )
      .option('--dry-run', 'only say what would be done')
      .action((name: string, options: { dryRun?: boolean }) =>
        change(context(), call, name, options.dryRun === true),
      );
  }
  shard
    .command('drain <shard>')
    .description('cordon it and move its events to the other shards, busiest first')
    .option('--concurrency <moves>', 'moves at a time', wholeNumber(1, limits.movesAtOnceMax), 4)
    .option('--deadline <seconds>', 'give up after', wholeNumber(1, 3_600), limits.drainMs / 1_000)
    .option('--cancel', 'end a drain that is running; the shard stays cordoned')
    .option('--dry-run', 'only say what would be moved')
    .action((name: string, options: DrainOptions) => drain(context(), name, options));
}

export const shownShard = (beat: ShardBeat): Record<string, unknown> => ({
  id: beat.shardId,
  incarnation: beat.incarnation,
  pid: beat.pid,
  host: beat.host,
  state: beat.state,
  weight: beat.weight,
  events: beat.events,
  commands_per_second: beat.commandsPerSecond,
});

export const shardsById = ({ cluster }: ClusterLink): readonly ShardBeat[] =>
  [...cluster.inventory.membership.live].sort((a, b) => (a.incarnation < b.incarnation ? -1 : 1));

export function shardTable(beats: readonly ShardBeat[]): string {
  const header = ['shard', 'incarnation', 'pid', 'host', 'state', 'weight', 'events', 'cmd/s'];
  const rows = beats.map((beat) => [
    beat.shardId,
    beat.incarnation,
    beat.pid,
    beat.host,
    beat.state,
    beat.weight,
    beat.events,
    beat.commandsPerSecond,
  ]);
  return table(header, rows);
}

async function listShards(context: CommandContext): Promise<void> {
  await context.withCluster((link) => {
    const beats = shardsById(link);
    const text = beats.length === 0 ? 'no shard is alive' : shardTable(beats);
    context.print(text, beats.map(shownShard));
    return Promise.resolve();
  });
}

async function change(
  context: CommandContext,
  call: 'cordon' | 'uncordon',
  name: string,
  dryRun: boolean,
): Promise<void> {
  await context.withCluster(async (link) => {
    const shard = shardNamed(link, name);
    const { incarnation, state: before } = shard;
    if (dryRun) {
      const value = { result: 'dry_run', incarnation, state: before };
      context.print(`would ${call} ${incarnation}, which is ${before}`, value);
      return;
    }
    const { state } = await ask<{ state: string }>(link, shard, call, {});
    context.print(`${incarnation} is ${state}`, { result: 'done', incarnation, state });
  });
}

async function drain(context: CommandContext, name: string, options: DrainOptions): Promise<void> {
  await context.withCluster(async (link) => {
    const shard = shardNamed(link, name);
    const { incarnation } = shard;
    if (options.dryRun === true) {
      const page = { order: 'id', after: null, limit: 1 };
      const { eventsOwned } = await ask<ShardDescription>(link, shard, 'describe', page);
      const text = `would move ${plural(eventsOwned, 'event')} away from ${incarnation}`;
      context.print(text, { result: 'dry_run', incarnation, events: eventsOwned });
      return;
    }
    if (options.cancel === true) {
      const cancelled = await ask<boolean>(link, shard, 'stop_drain', {});
      const text = cancelled ? 'the drain ends' : 'no drain was running';
      context.print(text, { result: cancelled ? 'cancelled' : 'none', incarnation });
      return;
    }
    const call = { concurrency: options.concurrency, withinMs: options.deadline * 1_000 };
    await ask<DrainView>(link, shard, 'drain', call);
    const view = await watchDrain(context, link, shard);
    const { state, moved, left, elapsedMs, failures } = view;
    const value = {
      result: state,
      incarnation,
      moved,
      left,
      elapsed_ms: Math.round(elapsedMs),
      failures: failures.map(({ eventId, reason }) => ({ event_id: eventId, reason })),
    };
    const seconds = (elapsedMs / 1_000).toFixed(1);
    const text = `${incarnation}: ${state}, ${moved} moved, ${left} left, ${seconds} s`;
    if (state === 'done') context.print(text, value);
    else throw new CommandFailed(`${text}: ${failures.at(-1)?.reason ?? 'see its log'}`, [value]);
  });
}

const pollMs = 200;
const progressMs = 1_000;

async function watchDrain(
  context: CommandContext,
  link: ClusterLink,
  shard: ShardBeat,
): Promise<DrainView> {
  let saidAtMs = 0;
  for (;;) {
    const view = await ask<DrainView>(link, shard, 'drained', {});
    if (view.state !== 'running') return view;
    if (performance.now() - saidAtMs > progressMs) {
      saidAtMs = performance.now();
      context.progress(`${view.moved} moved, ${view.left} left`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function ask<Body>(
  { cluster }: ClusterLink,
  { incarnation }: ShardBeat,
  pattern: string,
  body: unknown,
): Promise<Body> {
  const subject = subjects.control(incarnation, pattern);
  const reply = await controlCall<Body>(cluster.bus, subject, body, limits.controlCallMs);
  if (reply.kind === 'ok') return reply.body;
  if (reply.kind === 'error') throw new CommandFailed(`${incarnation}: ${reply.message}`);
  throw new NotReachable(`${incarnation} does not answer (${reply.kind.replace('_', ' ')})`);
}
