import { edit, type Mutation } from '../mutation.js';

const saleClock = 'libs/routing/sale-clock.ts';
const clocks = ['libs/routing/sale-clock.spec.ts', 'apps/inventory-shard/clocks.spec.ts'];

/** Which clock decides. */
export const time: readonly Mutation[] = [
  {
    name: 'clock-wall',
    guarantee: 'G3',
    guard: 'the wall clock of an owner has no part in the time of a sale',
    file: saleClock,
    edits: edit('Math.floor(this.offsetMs + this.base.monotonicMs())', 'this.base.nowMs()'),
    specs: clocks,
  },
  {
    name: 'clock-step',
    guarantee: 'G3',
    guard: 'a database whose clock steps ends no hold of a live owner',
    file: saleClock,
    edits: edit('promisesNothing ? Infinity : slewMs', 'promisesNothing ? Infinity : Infinity'),
    specs: clocks,
  },
  {
    name: 'clock-late',
    guarantee: 'G3',
    guard: 'an estimate of the time of the database is late rather than early',
    file: saleClock,
    edits: edit('this.offsetMs ?? latest', 'this.offsetMs ?? earliest'),
    specs: clocks,
  },
  {
    name: 'clock-command',
    guarantee: 'G7',
    guard: 'a command is judged by a clock of one machine only',
    file: 'libs/routing/lane.ts',
    edits: edit('ports.shardNowMs(incarnation) -', 'clock.nowMs() -'),
    specs: clocks,
  },
  {
    name: 'clock-back',
    guarantee: 'G3',
    guard: 'the time of a sale never goes back (S2)',
    file: saleClock,
    edits: edit('this.shownMs = Math.max(this.shownMs, nowMs);', 'this.shownMs = nowMs;'),
    specs: clocks,
  },
  {
    name: 'clock-untold',
    guarantee: 'G3',
    guard: 'no time is shown before the store has told it',
    file: saleClock,
    edits: edit(
      "assert(this.offsetMs !== null, 'the store has told its time');",
      'this.offsetMs ??= 0;',
    ),
    specs: clocks,
  },
  {
    name: 'clock-promised',
    guarantee: 'G3',
    guard: 'who has promised holds does not step (S4)',
    file: 'apps/inventory-shard/shard.ts',
    edits: edit('clock.hear(heard, host.slots.size === 0)', 'clock.hear(heard, true)'),
    specs: clocks,
  },
];
