import type { DrainView, ShardDescription } from '#libs/contracts/control.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { askShard, tryShard } from '../ask-shard.js';
import type { CommandContext } from '../context.js';
import { CommandFailed, CommandInterrupted, CommandRefused, NotReachable } from '../failures.js';
import type { ClusterLink } from '../link.js';
import { plural } from '../numbers.js';
import { shardNamed } from '../shard-names.js';

export interface DrainOptions {
  readonly concurrency: number;
  readonly deadline: number;
  readonly cancel?: boolean;
  readonly dryRun?: boolean;
}

const pollMs = 200;
const progressMs = 1_000;
/** A shard that moves its events away may be late with an answer. */
const silencesMax = 3;
const namedMax = 5;

/** The drain runs in the shard: this only starts it and looks on. */
export async function drainShard(
  context: CommandContext,
  name: string,
  options: DrainOptions,
): Promise<void> {
  await context.withCluster(async (link) => {
    const shard = shardNamed(link, name);
    const { incarnation } = shard;
    if (options.cancel === true) return cancelDrain(context, link, shard, options);
    if (options.dryRun === true) {
      const { eventsOwned } = await describe(link, shard);
      const text = `would move ${plural(eventsOwned, 'event')} away from ${incarnation}`;
      context.print(text, { result: 'dry_run', incarnation, events: eventsOwned });
      return;
    }
    const call = { concurrency: options.concurrency, withinMs: options.deadline * 1_000 };
    const started = await askShard<DrainView | null>(link, shard, 'drain', call);
    if (started === null) throw new CommandRefused(`${incarnation} is about to end`);
    const view = await context.interruption.guarded(() => watchDrain(context, link, shard));
    await sayHowItEnded(context, link, shard, view);
  });
}

async function sayHowItEnded(
  context: CommandContext,
  link: ClusterLink,
  shard: ShardBeat,
  { state, moved, left, elapsedMs, failures }: DrainView,
): Promise<void> {
  const { incarnation } = shard;
  const names = left === 0 ? [] : await leftEvents(link, shard);
  const value = {
    result: state,
    incarnation,
    moved,
    left,
    left_events: names,
    elapsed_ms: Math.round(elapsedMs),
    failures: failures.map(({ eventId, reason }) => ({ event_id: eventId, reason })),
  };
  const which = names.length === 0 ? '' : ` (${names.join(', ')}${left > namedMax ? ', ...' : ''})`;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  const text = `${incarnation}: ${state}, ${moved} moved, ${left} left${which}, ${seconds} s`;
  if (state === 'done') context.print(text, value);
  else throw new CommandFailed(`${text}: ${failures.at(-1)?.reason ?? 'see its log'}`, [value]);
}

async function cancelDrain(
  context: CommandContext,
  link: ClusterLink,
  shard: ShardBeat,
  { dryRun }: DrainOptions,
): Promise<void> {
  const { incarnation } = shard;
  if (dryRun === true) {
    const view = await askShard<DrainView | null>(link, shard, 'drained', {});
    const running = view?.state === 'running';
    const text = running ? `would end the drain, ${view.left} left` : 'no drain is running';
    context.print(text, { result: 'dry_run', incarnation, running });
    return;
  }
  const cancelled = await askShard<boolean>(link, shard, 'stop_drain', {});
  const text = cancelled ? 'the drain ends' : 'no drain was running';
  context.print(text, { result: cancelled ? 'cancelled' : 'none', incarnation });
}

async function watchDrain(
  context: CommandContext,
  link: ClusterLink,
  shard: ShardBeat,
): Promise<DrainView> {
  let saidAtMs = 0;
  let silences = 0;
  let left: number | string = '?';
  for (;;) {
    const reply = await tryShard<DrainView>(link, shard, 'drained', {});
    if (reply.kind === 'ok' && reply.body.state !== 'running') return reply.body;
    if (reply.kind === 'ok') {
      const { moved } = reply.body;
      left = reply.body.left;
      if (performance.now() - saidAtMs > progressMs) {
        saidAtMs = performance.now();
        context.progress(`${moved} moved, ${left} left`);
      }
    }
    silences = reply.kind === 'ok' ? 0 : silences + 1;
    if (silences > silencesMax) throw lost(shard, left);
    await context.interruption.pause(pollMs);
    if (context.interruption.happened) throw interrupted(shard, left);
  }
}

const lost = ({ incarnation, shardId }: ShardBeat, left: number | string): NotReachable =>
  new NotReachable(
    `${incarnation} does not answer any more, ${left} left: if it ended, others take its events; ` +
      `else "shard drain ${shardId}" again`,
  );

const interrupted = ({ incarnation, shardId }: ShardBeat, left: number | string) =>
  new CommandInterrupted(
    `interrupted: the drain of ${incarnation} goes on, ${left} left; ` +
      `"shard drain ${shardId}" follows it, --cancel ends it`,
  );

/** Those that are named are the first by id. */
async function leftEvents(link: ClusterLink, shard: ShardBeat): Promise<string[]> {
  const reply = await tryShard<ShardDescription>(link, shard, 'describe', page(namedMax));
  return reply.kind === 'ok' ? reply.body.events.map(({ eventId }) => eventId) : [];
}

const page = (limit: number) => ({ order: 'id', after: null, limit });

const describe = (link: ClusterLink, shard: ShardBeat): Promise<ShardDescription> =>
  askShard<ShardDescription>(link, shard, 'describe', page(1));
