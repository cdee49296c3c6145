import { edit, type Mutation } from '../mutation.js';

const moves = ['apps/inventory-shard/move.spec.ts', 'apps/inventory-shard/operations.spec.ts'];

/** A live move. */
export const liveMove: readonly Mutation[] = [
  {
    name: 'move-cancelled',
    guarantee: 'G7',
    guard: 'a cancelled move is not carried out (asked before the pause and after the flush)',
    file: 'libs/ownership/move-source.ts',
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
    file: 'libs/ownership/move-source.ts',
    edits: edit('    actor.pause();\n', ''),
    specs: moves,
  },
  {
    name: 'move-new-epoch',
    guarantee: 'G7',
    guard: 'after take was sent the source never resumes its epoch',
    file: 'libs/ownership/move-source.ts',
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
    file: 'libs/ownership/move-source.ts',
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
    file: 'libs/ownership/move-target.ts',
    edits: edit(
      'takeOver({ eventId, incarnation, fromEpoch });',
      'takeOver({ eventId, incarnation, fromEpoch: row?.epoch ?? fromEpoch });',
    ),
    specs: moves,
  },
  {
    name: 'move-once',
    guarantee: 'G8',
    guard: 'one move of an event at a time',
    file: 'libs/ownership/move-source.ts',
    edits: edit("    if (this.running.has(eventId)) return refused('already_moving');\n", ''),
    specs: moves,
  },
];
