import type { Command } from 'commander';
import { controlCall } from '#libs/bus/control-call.js';
import type { MoveView } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { CommandContext } from '../context.js';
import { isoOf, wholeNumber } from '../numbers.js';
import { shardsById } from './shards.js';

/** `moves`: those under way, and the last ones that every live shard remembers. */
export function addMovesCommand(program: Command, context: () => CommandContext): void {
  program
    .command('moves')
    .description('list moves of events, running ones first, then the newest')
    .option('--limit <number>', 'at most this many', wholeNumber(1, 10_000), 20)
    .action((options: { limit: number }) => listMoves(context(), options.limit));
}

async function listMoves(context: CommandContext, limit: number): Promise<void> {
  await context.withCluster(async (link) => {
    const { bus } = link.cluster;
    const lists = await Promise.all(
      shardsById(link).map(async ({ incarnation }) => {
        const subject = subjects.control(incarnation, 'moves');
        const reply = await controlCall<MoveView[]>(bus, subject, {}, limits.controlCallMs);
        return reply.kind === 'ok' ? reply.body : [];
      }),
    );
    const moves = lists.flat().sort(runningThenNewest).slice(0, limit);
    context.print(
      moves.length === 0 ? 'no moves' : moveTable(context, moves),
      moves.map(shownMove),
    );
  });
}

function runningThenNewest(a: MoveView, b: MoveView): number {
  const [runs, other] = [a, b].map(({ phase }) => (phase === 'ended' ? 1 : 0));
  return runs - other || b.startedAtMs - a.startedAtMs;
}

function moveTable(context: CommandContext, moves: readonly MoveView[]): string {
  const header = ['started', 'event', 'from', 'to', 'why', 'outcome', 'pause ms', 'ms'];
  const rows = moves.map((move) => [
    isoOf(move.startedAtMs).slice(11, 19),
    move.eventId,
    move.from,
    move.to,
    move.reason,
    move.outcome ?? move.phase,
    move.pauseMs,
    move.totalMs,
  ]);
  return context.table(header, rows);
}

const shownMove = (move: MoveView): Record<string, unknown> => ({
  event_id: move.eventId,
  from: move.from,
  to: move.to,
  reason: move.reason,
  started_at: isoOf(move.startedAtMs),
  phase: move.phase,
  outcome: move.outcome,
  epoch: move.epoch,
  warm_ms: move.warmMs,
  pause_ms: move.pauseMs,
  total_ms: move.totalMs,
});
