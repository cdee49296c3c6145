import { edit, type Mutation } from '../mutation.js';

const actor = 'libs/actor/event-actor.ts';
const shard = ['libs/actor/event-actor.spec.ts', 'apps/inventory-shard/shard.spec.ts'];

/** The output gate, the batches behind it, and how a lost batch ends. */
export const outputGate: readonly Mutation[] = [
  {
    name: 'gate-spoken',
    guarantee: 'G4',
    guard: 'a refusal that no fact remembers is said again to the same call',
    file: actor,
    edits: edit('this.noteRefusal(mail, envelope, decision);\n', ''),
    specs: ['libs/actor/event-actor.spec.ts'],
  },
  {
    name: 'gate-spoken-body',
    guarantee: 'G4',
    guard: 'a refusal that no fact remembers answers its own body only',
    file: 'libs/actor/spoken-refusals.ts',
    edits: edit(
      'spoken === undefined || spoken.fingerprint !== fingerprint',
      'spoken === undefined',
    ),
    specs: ['libs/actor/event-actor.spec.ts'],
  },
  {
    name: 'gate-spoken-bound',
    guarantee: 'G8',
    guard: 'refusals that no fact remembers are kept up to a bound',
    file: 'libs/actor/spoken-refusals.ts',
    edits: edit('if (this.entries.size <= limits.spokenRefusalsMax) return;', 'return;'),
    specs: ['libs/actor/event-actor.spec.ts'],
  },
  {
    name: 'gate-open',
    guarantee: 'G2',
    guard: 'the output gate over undecided facts (open batch)',
    file: actor,
    edits: edit(
      'if (this.open.facts.length > 0) this.open.replies',
      'if (this.stopped) this.open.replies',
    ),
    specs: shard,
  },
  {
    name: 'gate-sealed',
    guarantee: 'G2',
    guard: 'the output gate over an append that runs (sealed batch)',
    file: actor,
    edits: edit(
      'else if (this.sealed !== null) this',
      'else if (this.sealed !== null && this.stopped) this',
    ),
    specs: shard,
  },
  {
    name: 'gate-refusal',
    guarantee: 'G2',
    guard: 'the output gate for queries',
    file: actor,
    edits: edit(
      'if (isQuery(request)) this.gate(mail, this.look(request, nowMs, mail.item.userId));',
      'if (isQuery(request)) mail.answer(this.look(request, nowMs, mail.item.userId));',
    ),
    specs: shard,
  },
  {
    name: 'gate-diff',
    guarantee: 'G6',
    guard: 'the output gate for diffs',
    file: actor,
    edits: [
      {
        find: '    this.diffs.seal();\n',
        put: '    this.diffs.seal();\n    this.ports.publishDiff(this.diffs.take());\n',
      },
      {
        find: '    this.ports.publishDiff(this.diffs.take());\n    if (this.cursor',
        put: '    if (this.cursor',
      },
    ],
    specs: shard,
  },
  {
    name: 'deadline',
    guarantee: 'G4',
    guard: 'commands past their deadline are dropped before they are decided',
    file: actor,
    edits: edit('if (deadlineMs < nowMs) {', 'if (deadlineMs < 0) {'),
    specs: shard,
  },
  {
    name: 'stop-unknown',
    guarantee: 'G4',
    guard: 'a stop in the middle of an append is an unknown outcome',
    file: actor,
    edits: edit('mail.answer(unknownOutcome));', 'mail.answer(notExecuted));'),
    specs: shard,
  },
  {
    name: 'lost-silent',
    guarantee: 'G2',
    guard: 'a fenced batch is not acknowledged',
    file: actor,
    edits: edit(
      'this.sealed?.content.replies.forEach(({ mail }) => mail.answer(notExecuted));',
      'this.sealed?.content.replies.forEach(({ mail, reply }) => mail.answer(reply));',
    ),
    specs: shard,
  },
  {
    name: 'lost-stop',
    guarantee: 'G1',
    guard: 'an actor that was fenced stops',
    file: actor,
    edits: edit(
      '    this.stop();\n    this.ports.lost(this, verdict, undurable);',
      '    if (verdict.length === 0) this.ports.lost(this, verdict, undurable);',
    ),
    specs: shard,
  },
  {
    name: 'batch-mixed',
    guarantee: 'G1',
    guard: 'a batch books or cancels, never both',
    file: actor,
    edits: edit('return !isQuery(request) && this.open.mixesWith(request.type);', 'return false;'),
    specs: shard,
  },
  {
    name: 'batch-full',
    guarantee: 'G8',
    guard: 'the bound of a batch (in facts and bytes)',
    file: 'libs/actor/open-batch.ts',
    edits: edit(
      'return this.facts.length >= limits.factsPerBatchMax ||' +
        ' this.bytes >= limits.bytesPerBatchMax;',
      'return false;',
    ),
    specs: shard,
  },
  {
    name: 'batch-bytes',
    guarantee: 'G8',
    guard: 'the bound of a batch in bytes',
    file: 'libs/actor/open-batch.ts',
    edits: edit(' || this.bytes >= limits.bytesPerBatchMax', ''),
    specs: shard,
  },
  {
    name: 'gated-bound',
    guarantee: 'G8',
    guard: 'the bound of replies behind the gate',
    file: actor,
    edits: edit(
      'if (this.open.full || this.gated >= limits.mailboxMax) return',
      'if (this.open.full) return',
    ),
    specs: shard,
  },
  {
    name: 'mailbox-bound',
    guarantee: 'G8',
    guard: 'the bound of a mailbox',
    file: 'libs/actor/mailbox.ts',
    edits: edit('if (this.count === this.itemsMax) return false;', ''),
    specs: ['libs/actor/mailbox.spec.ts'],
  },
  {
    name: 'stop-open',
    guarantee: 'G2',
    guard: 'what was decided and not sent is not acknowledged at a stop',
    file: actor,
    edits: edit(
      'this.open.replies.forEach(({ mail }) => mail.answer(notExecuted));',
      'this.open.replies.forEach(({ mail, reply }) => mail.answer(reply));',
    ),
    specs: ['libs/actor/event-actor.spec.ts', ...shard],
  },
];
