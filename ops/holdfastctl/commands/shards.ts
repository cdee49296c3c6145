import type { Command } from 'commander';
import { limits } from '#libs/contracts/limits.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { askShard } from '../ask-shard.js';
import type { CommandContext } from '../context.js';
import type { ClusterLink } from '../link.js';
import { wholeNumber } from '../numbers.js';
import { shardNamed } from '../shard-names.js';
import { drainShard, type DrainOptions } from './shard-drain.js';

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
    .action((name: string, options: DrainOptions) => drainShard(context(), name, options));
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

export function shardTable(context: CommandContext, beats: readonly ShardBeat[]): string {
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
  return context.table(header, rows);
}

async function listShards(context: CommandContext): Promise<void> {
  await context.withCluster((link) => {
    const beats = shardsById(link);
    const text = beats.length === 0 ? 'no shard is alive' : shardTable(context, beats);
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
    const { state } = await askShard<{ state: string }>(link, shard, call, {});
    context.print(`${incarnation} is ${state}`, { result: 'done', incarnation, state });
  });
}
