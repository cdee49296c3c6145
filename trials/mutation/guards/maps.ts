import { edit, type Mutation } from '../mutation.js';

const replica = 'apps/gateway/replica/event-replica.ts';
const replicaSpecs = [
  'apps/gateway/replica/event-replica.spec.ts',
  'apps/gateway/replica/seat-map.spec.ts',
];

const ring = 'apps/gateway/replica/diff-ring.ts';
const audience = 'apps/gateway/live/audience.ts';
const audienceSpecs = ['apps/gateway/live/audience.spec.ts'];

const client = 'libs/client/live-map.ts';
const connection = 'libs/client/live-connection.ts';
const clientSpecs = ['libs/client/live-map.spec.ts', 'libs/client/live-connection.spec.ts'];

/** A copy of the map that is never wrong without knowing it. */
export const seatMaps: readonly Mutation[] = [
  {
    name: 'diff-gap',
    guarantee: 'G6',
    guard: 'a gap before a diff is noticed',
    file: replica,
    edits: edit('else if (diff.from !== map.version) {', 'else if (diff.from < 0) {'),
    specs: replicaSpecs,
  },
  {
    name: 'diff-old',
    guarantee: 'G6',
    guard: 'a diff that was applied is not applied again',
    file: replica,
    edits: edit('else if (diff.to <= map.version) return;', 'else if (diff.to < 0) return;'),
    specs: replicaSpecs,
  },
  {
    name: 'diff-epoch',
    guarantee: 'G6',
    guard: 'a diff of an older epoch is not applied',
    file: replica,
    edits: edit('else if (diff.epoch < map.epoch) this', 'else if (diff.epoch < 0) this'),
    specs: replicaSpecs,
  },
  {
    name: 'map-old',
    guarantee: 'G6',
    guard: 'an older map is not taken',
    file: replica,
    edits: edit('view.version < map.version || view.epoch < map.epoch', 'view.version < 0'),
    specs: replicaSpecs,
  },
  {
    name: 'map-old-epoch',
    guarantee: 'G6',
    guard: 'a map of an older epoch is not taken',
    file: replica,
    edits: edit(
      'view.version < map.version || view.epoch < map.epoch',
      'view.version < map.version',
    ),
    specs: replicaSpecs,
  },
  {
    name: 'map-word-epoch',
    guarantee: 'G6',
    guard: 'the word of an owner that was replaced since counts for nothing',
    file: replica,
    edits: edit(
      'if (result.view.epoch < this.map.epoch) return',
      'if (result.view.epoch < 0) return',
    ),
    specs: replicaSpecs,
  },
  {
    name: 'map-silent',
    guarantee: 'G6',
    guard: 'a lost last diff is noticed',
    file: replica,
    edits: edit("this.resync('silent_loss');", 'this.flush();'),
    specs: replicaSpecs,
  },
  {
    name: 'map-waited',
    guarantee: 'G6',
    guard: 'diffs that came during a fetch are applied behind the map',
    file: replica,
    edits: edit('    for (const diff of waited) this.receive(diff);\n', ''),
    specs: replicaSpecs,
  },
  {
    name: 'map-whole',
    guarantee: 'G6',
    guard: 'all of a diff is applied or none',
    file: 'apps/gateway/replica/seat-map.ts',
    edits: edit('    if (!this.covers(diff)) return false;\n', ''),
    specs: replicaSpecs,
  },
  {
    name: 'map-from',
    guarantee: 'G6',
    guard: 'a diff begins where the last one ended',
    file: 'libs/actor/diff-builder.ts',
    edits: edit(
      '    this.from = this.state.version;\n    this.seats = new Map();',
      '    this.seats = new Map();',
    ),
    specs: ['apps/inventory-shard/shard.spec.ts'],
  },
  {
    name: 'map-buffer',
    guarantee: 'G8',
    guard: 'the bound of diffs that wait for a map',
    file: replica,
    edits: edit(
      'if (this.buffered.length >= limits.diffBufferMax) {',
      'if (this.buffered.length < 0) {',
    ),
    specs: replicaSpecs,
  },
  {
    name: 'map-plan',
    guarantee: 'G6',
    guard: 'a map of another seating plan is not taken',
    file: replica,
    edits: edit('if (!map.fits(view)) {', 'if (view.statuses.length < 0) {'),
    specs: replicaSpecs,
  },
  {
    name: 'map-reconnect',
    guarantee: 'G6',
    guard: 'the map is fetched again when the bus was away',
    file: replica,
    edits: edit(
      "if (this.live) this.resync('reconnect');",
      "if (this.gone) this.resync('reconnect');",
    ),
    specs: replicaSpecs,
  },
  {
    name: 'map-leapt',
    guarantee: 'G6',
    guard: 'a map that was taken over is a leap',
    file: 'apps/gateway/replica/seat-map.ts',
    edits: edit('    this.leapt ||= view.version !== this.version;\n', ''),
    specs: replicaSpecs,
  },
  {
    name: 'ring-leapt',
    guarantee: 'G6',
    guard: 'no difference from the middle of a leap',
    file: ring,
    edits: edit('if (from < version && changes.leapt === true) return null;', ''),
    specs: replicaSpecs,
  },
  {
    name: 'ring-start',
    guarantee: 'G6',
    guard: 'no difference from a version before the oldest that is known',
    file: ring,
    edits: edit(
      'this.length === 0 || version < this.entries[this.first].from',
      'this.length === 0',
    ),
    specs: replicaSpecs,
  },
  {
    name: 'ring-bound',
    guarantee: 'G8',
    guard: 'the bound of changes that are remembered',
    file: ring,
    edits: edit(' || this.size > this.changesMax)', ')'),
    specs: replicaSpecs,
  },
  {
    name: 'fan-out-pause',
    guarantee: 'G6',
    guard: 'a crowd that takes longer than a tick leaves time for everything else',
    file: audience,
    edits: edit('1.5 * this.tookMs', '0 * this.tookMs'),
    specs: audienceSpecs,
  },
  {
    name: 'audience-ahead',
    guarantee: 'G6',
    guard: 'a client that is ahead is not taken back',
    file: audience,
    edits: edit(
      "if (resumeFrom === null || resumeFrom <= replica.published) return 'enter';",
      "if (resumeFrom === null || resumeFrom >= 0) return 'enter';",
    ),
    specs: audienceSpecs,
  },
  {
    name: 'audience-former',
    guarantee: 'G6',
    guard: 'an owner from before a version does not deny it',
    file: audience,
    edits: edit('sinceMs + limits.leaseMs)', 'sinceMs - limits.leaseMs)'),
    specs: audienceSpecs,
  },
  {
    name: 'audience-resume',
    guarantee: 'G6',
    guard: 'no difference to a version that is ahead',
    file: audience,
    edits: edit(
      'if (resumeFrom === null || resumeFrom > replica.published) return null;',
      'if (resumeFrom === null) return null;',
    ),
    specs: audienceSpecs,
  },
  {
    name: 'audience-stale',
    guarantee: 'G6',
    guard: 'who missed a frame gets nothing before it has drained',
    file: audience,
    edits: edit(
      '      this.leaveTopic(viewer);\n      if (viewer.drained)',
      '      if (viewer.drained)',
    ),
    specs: audienceSpecs,
  },
  {
    name: 'word-pace',
    guarantee: 'G8',
    guard: 'the pace of questions to an owner',
    file: 'apps/gateway/replica/owner-word.ts',
    edits: edit(
      'if (this.asking || nowMs - this.lastQuestionMs < limits.replicaLagMs) return;',
      'if (this.asking) return;',
    ),
    specs: audienceSpecs,
  },
  {
    name: 'client-gap',
    guarantee: 'G6',
    guard: 'a client does not apply a diff that does not continue its map',
    file: client,
    edits: edit('return from === this.version &&', 'return this.version !== null &&'),
    specs: clientSpecs,
  },
  {
    name: 'client-plan',
    guarantee: 'G6',
    guard: 'a client applies a diff as a whole or not at all',
    file: client,
    edits: edit('changes.every(([seat]) => seat < this.#seats.length)', 'changes.length >= 0'),
    specs: clientSpecs,
  },
  {
    name: 'client-mends',
    guarantee: 'G6',
    guard: 'a client asks for what it missed',
    file: connection,
    edits: edit('if (!fits) return this.#mend(session);', 'if (!fits) return;'),
    specs: clientSpecs,
  },
  {
    name: 'client-one-line',
    guarantee: 'G6',
    guard: 'a client does not hear a line that it gave up',
    file: connection,
    edits: edit('if (this.#session === session) hear(said);', 'hear(said);'),
    specs: clientSpecs,
  },
  {
    name: 'client-told',
    guarantee: 'G8',
    guard: 'a client comes back when it was told to',
    file: connection,
    edits: edit('session.waitMs ?? this.#backOff.next()', 'this.#backOff.next()'),
    specs: clientSpecs,
  },
];
