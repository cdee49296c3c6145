import { edit, type Mutation } from '../mutation.js';

const moves = ['apps/inventory-shard/move.spec.ts', 'apps/inventory-shard/operations.spec.ts'];

/** A live move. */
export const liveMove: readonly Mutation[] = [
  {
    name: 'move-cancelled',
    guarantee: 'G7',
    guard: 'a cancelled move is not carried out (asked before the pause and after the flush)',
    file: 'libs/hosting/move-source.ts',
    edits: [
      { find: "    if (move.cancelled) return refused('cancelled');\n", put: '' },
      { find: 'if (!flushed || move.cancelled) {', put: 'if (!flushed) {' },
    ],
    specs: moves,
  },
  {
    name: 'move-pause',
    guarantee: 'G7',
    guard: 'the source decides nothing after it was flushed',
    file: 'libs/hosting/move-source.ts',
    edits: edit('    actor.pause();\n', ''),
    specs: moves,
  },
  {
    name: 'move-new-epoch',
    guarantee: 'G7',
    guard: 'after take was sent the source never resumes its epoch',
    file: 'libs/hosting/move-source.ts',
    edits: edit(
      '    this.ports.metrics.moveRollbacks.value += 1;\n    slot.busy =' +
        ' false;\n    this.host.startAnew(slot);',
      '    this.rollBack(slot, actor);',
    ),
    specs: moves,
  },
  {
    name: 'move-flushed',
    guarantee: 'G7',
    guard: 'nothing is handed over before it is flushed',
    file: 'libs/hosting/move-source.ts',
    edits: edit(
      'const flushed = await this.within(limits.moveFlushMs, actor.flushed());',
      'const flushed = true;',
    ),
    specs: moves,
  },
  {
    name: 'move-from-epoch',
    guarantee: 'G7',
    guard: 'a late take finds nothing to take',
    file: 'libs/hosting/move-target.ts',
    edits: edit(
      'takeOver({ eventId, incarnation, fromEpoch });',
      'takeOver({ eventId, incarnation, fromEpoch: (await journal.ownership(eventId))!.epoch });',
    ),
    specs: ['apps/inventory-shard/move.spec.ts'],
    tests: 'changes nothing when its take',
  },
  {
    name: 'move-once',
    guarantee: 'G8',
    guard: 'one move of an event at a time',
    file: 'libs/hosting/move-source.ts',
    edits: edit("    if (this.running.has(eventId)) return refused('already_moving');\n", ''),
    specs: moves,
  },
  {
    name: 'move-behind',
    guarantee: 'G2',
    guard: 'the announce of a move stands behind the last batch of the source (Y2)',
    file: 'libs/hosting/move-target.ts',
    edits: edit(
      'if (taken.announce.batchNo !== batchNo + 1) {',
      'if (taken.announce.batchNo < 0) {',
    ),
    specs: moves,
  },
  {
    name: 'move-announced',
    guarantee: 'G1',
    guard: 'a target that was overtaken does not serve (Y3)',
    file: 'libs/hosting/move-target.ts',
    edits: edit('if (end.epoch !== taken.epoch) return', 'if (end.epoch < 0) return'),
    specs: moves,
  },
  {
    name: 'move-expected',
    guarantee: 'G7',
    guard: 'a move of another epoch than the operator saw is refused',
    file: 'libs/hosting/move-source.ts',
    edits: edit(
      'if (expectEpoch !== undefined && expectEpoch !== actor.epoch) return',
      'if (expectEpoch === -1) return',
    ),
    specs: moves,
  },
  {
    name: 'move-lost',
    guarantee: 'G2',
    guard: 'a source that lost its actor in the flush claims the event anew',
    file: 'libs/hosting/move-source.ts',
    edits: edit('    if (actor.stopped) {\n', '    if (actor.stopped && actor.epoch < 0) {\n'),
    specs: moves,
  },
  {
    name: 'move-sent-on',
    guarantee: 'G7',
    guard: 'what waited in the pause is sent on',
    file: 'libs/hosting/move-source.ts',
    edits: edit(
      "this.host.dismiss(slot, { kind: 'moved', owner, epoch });",
      "this.host.dismiss(slot, { kind: 'unavailable', retryAfterMs: 5_000, executed: 'no' });",
    ),
    specs: moves,
  },
];
