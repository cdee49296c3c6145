import { edit, type Mutation } from '../mutation.js';

const host = 'libs/hosting/shard-host.ts';
const keeper = 'libs/hosting/lease-keeper.ts';
const client = 'libs/routing/inventory-client.ts';
const rest = ['apps/inventory-shard/resting.spec.ts'];
const shard = [
  'apps/inventory-shard/guards.spec.ts',
  'apps/inventory-shard/shard.spec.ts',
  'apps/inventory-shard/liveness.spec.ts',
];
const lease = ['libs/hosting/lease-keeper.spec.ts', ...shard];
const routing = ['libs/routing/inventory-client.spec.ts', ...shard];
const moves = ['apps/inventory-shard/move.spec.ts', 'apps/inventory-shard/operations.spec.ts'];

/** Who may answer: lease, take-over, quarantine. */
export const ownership: readonly Mutation[] = [
  {
    name: 'lease-turn',
    guarantee: 'G1',
    guard: 'no turn without a valid lease',
    file: host,
    edits: edit('if (!this.ports.lease.valid()) {', 'if (this.ports.incarnation === null) {'),
    specs: shard,
  },
  {
    name: 'lease-lapse',
    guarantee: 'G1',
    guard: 'a lease lapses',
    file: keeper,
    edits: edit(
      'this.provenAtMs !== null && this.ageMs() < limits.leaseMs',
      'this.provenAtMs !== null',
    ),
    specs: lease,
  },
  {
    name: 'lease-rows',
    guarantee: 'G1',
    guard: 'events that have another owner are dropped when a lease is proven',
    file: host,
    edits: edit(
      'if (slot?.actor !== actor || epochs.get(actor.eventId) === actor.epoch) continue;',
      'if (slot?.actor !== actor || epochs.size >= 0) continue;',
    ),
    specs: shard,
  },
  {
    name: 'lease-doubt',
    guarantee: 'G1',
    guard: 'a proof that began before a doubt proves nothing',
    file: keeper,
    edits: edit(
      'if (this.stopTimer === null || doubts !== this.doubts) return;',
      'if (this.stopTimer === null) return;',
    ),
    specs: lease,
  },
  {
    name: 'lease-reachable',
    guarantee: 'G1',
    guard: 'after a lapse the bus must know the shard first',
    file: keeper,
    edits: edit('      if (lapsed) await this.ports.reachable();\n', ''),
    specs: lease,
  },
  {
    name: 'owner-alive',
    guarantee: 'G7',
    guard: 'an event with a live owner is not taken',
    file: 'libs/hosting/takeover.ts',
    edits: edit("if (owner !== 'dead') return {", "if (owner === '') return {"),
    specs: [...shard, ...moves],
  },
  {
    name: 'quarantine-row',
    guarantee: 'G2',
    guard: 'an event in quarantine is not taken',
    file: 'libs/hosting/takeover.ts',
    edits: edit(
      "  if (row.quarantined !== null) return { kind: 'quarantined', reason: row.quarantined };\n",
      '',
    ),
    specs: shard,
  },
  {
    name: 'quarantine-tail',
    guarantee: 'G2',
    guard: 'a journal that lost what was acknowledged is noticed',
    file: 'libs/hosting/activator.ts',
    edits: edit(
      'if (hash === null || Buffer.compare(hash, durable.hash) !== 0) {',
      'if (hash !== null && hash.length === 0) {',
    ),
    specs: shard,
  },
  {
    name: 'quarantine-hash',
    guarantee: 'G2',
    guard: 'lost batches are noticed also when their numbers are used again',
    file: 'libs/hosting/activator.ts',
    edits: edit('hash === null || Buffer.compare(hash, durable.hash) !== 0', 'hash === null'),
    specs: shard,
  },
  {
    name: 'quarantine-slot',
    guarantee: 'G2',
    guard: 'the slot refuses from the first moment',
    file: host,
    edits: edit('if (slot.quarantine !== null) {', "if (slot.quarantine === '') {"),
    specs: shard,
  },
  {
    name: 'quarantine-sold',
    guarantee: 'G1',
    guard: 'a batch that sells a sold seat stops the event',
    file: 'libs/hosting/activator.ts',
    edits: edit("if (verdict === 'rejected') {", 'if (verdict.length === 0) {'),
    specs: shard,
  },
  {
    name: 'serve-announced',
    guarantee: 'G1',
    guard: 'serve only when the own epoch is the end of the journal',
    file: 'libs/hosting/activator.ts',
    edits: edit('if (recovered.epoch !== claim.epoch) {', 'if (recovered.epoch < 0) {'),
    specs: shard,
  },
  {
    name: 'admit-bound',
    guarantee: 'G8',
    guard: 'a full mailbox says overloaded',
    file: host,
    edits: edit("      mail.answer({ kind: 'overloaded', retryAfterMs: 1_000 });\n", ''),
    specs: shard,
  },
  {
    name: 'unfit-diff',
    guarantee: 'G6',
    guard: 'a diff that fits no frame is left out, and ends nothing',
    file: host,
    edits: edit('ifEncodable(() => encodeDiff(diff), tell);', 'encodeDiff(diff);'),
    specs: ['apps/inventory-shard/guards.spec.ts'],
  },
  {
    name: 'unfit-reply',
    guarantee: 'G8',
    guard: 'a reply that fits no frame becomes an error',
    file: 'libs/contracts/frame-writer.ts',
    edits: edit('    told(error);\n    return null;\n', '    throw error;\n'),
    specs: ['libs/contracts/wire-codec.spec.ts'],
  },
  {
    name: 'rest-unowned',
    guarantee: 'G8',
    guard: 'a look takes no event that nobody owns (T5)',
    file: 'libs/hosting/takeover.ts',
    edits: edit(
      "  if (row.owner === null && !request.ownerWanted()) return { kind: 'resting' };\n",
      '',
    ),
    specs: rest,
  },
  {
    name: 'rest-fresh',
    guarantee: 'G6',
    guard: 'an answer about an event at rest is no older than its question (RR1)',
    file: 'libs/hosting/resting-reads.ts',
    edits: edit('const asked = slot.mailbox.length;', 'const asked = limits.mailboxMax;'),
    specs: rest,
  },
  {
    name: 'rest-due',
    guarantee: 'G3',
    guard: 'nothing is shown of an event that is due (RR2)',
    file: 'libs/hosting/resting-reads.ts',
    edits: edit('if (dueMs <= nowMs + limits.wakeHorizonMs) {', 'if (dueMs < 0) {'),
    specs: rest,
  },
  {
    name: 'rest-last',
    guarantee: 'G6',
    guard: 'a kept map is used only while its batch is the last (RR3)',
    file: 'libs/hosting/resting-reads.ts',
    edits: edit(
      'if (kept !== undefined && isAsOf(kept, tail)) return kept;',
      'if (kept !== undefined && tail !== null) return kept;',
    ),
    specs: rest,
  },
  {
    name: 'rest-hold',
    guarantee: 'G4',
    guard: 'a hold that an event at rest knows is spoken of by its owner (RR4)',
    file: 'libs/hosting/resting-reads.ts',
    edits: edit('holds.mayHave(request.holdId)', 'holds.bytes < 0'),
    specs: rest,
  },
  {
    name: 'rest-stranger',
    guarantee: 'G8',
    guard: 'a hold that somebody made up wakes no owner (RR4)',
    file: 'libs/hosting/resting-reads.ts',
    edits: edit('holds.mayHave(request.holdId)', 'holds.bytes >= 0'),
    specs: rest,
  },
  {
    name: 'broken-actor',
    guarantee: 'G1',
    guard: 'an actor that breaks again and again is given up',
    file: host,
    edits: edit(
      'if (quick && slot.brokenAtMs.length === limits.rebuildsMax)',
      'if (quick && slot.brokenAtMs.length < 0)',
    ),
    specs: shard,
  },
  {
    name: 'wake-behind',
    guarantee: 'G3',
    guard: 'due events that nobody can bring to life keep no others asleep (U1)',
    file: 'libs/hosting/upkeep.ts',
    edits: edit('limits.wakeScanMax, live, this.lookedUntil)', 'limits.wakeScanMax, live, null)'),
    specs: ['apps/inventory-shard/herd.spec.ts'],
  },
];

/** How a call finds its one answer. */
export const callRouting: readonly Mutation[] = [
  {
    name: 'reply-late',
    guarantee: 'G4',
    guard: 'an answer to an earlier attempt does not count (its number and its lane)',
    file: client,
    edits: [
      {
        find: 'if (pending === undefined || pending.lane !== lane) return;',
        put: 'if (pending === undefined) return;',
      },
      {
        find: '    this.pending.remove(pending);\n    this.pending.add(pending);\n',
        put: '',
      },
    ],
    specs: routing,
  },
  {
    name: 'no-responders',
    guarantee: 'G7',
    guard: 'no responders: the shard is dead, its calls are routed again at once',
    file: client,
    edits: edit(
      '      this.membership.reportDead(incarnation);\n      this.abandon(incarnation);\n',
      '',
    ),
    specs: routing,
  },
  {
    name: 'moved-followed',
    guarantee: 'G7',
    guard: 'MOVED is followed',
    file: client,
    edits: edit(
      'this.owners.moved(pending.call.eventId, alive ? owner : null);',
      'if (alive) this.membership.isLive(owner);',
    ),
    specs: routing,
  },
  {
    name: 'moved-dead',
    guarantee: 'G7',
    guard: 'MOVED to a dead shard is not believed',
    file: client,
    edits: edit('owner !== null && this.membership.isLive(owner);', 'owner !== null;'),
    specs: ['apps/inventory-shard/liveness.spec.ts'],
  },
  {
    name: 'moved-hops',
    guarantee: 'G8',
    guard: 'the bound of hops without a pause',
    file: client,
    edits: edit('if (!alive || pending.hops % limits.routeHopsMax === 0) this', 'if (!alive) this'),
    specs: routing,
  },
  {
    name: 'call-unknown',
    guarantee: 'G4',
    guard: 'sent and unanswered is unknown, never failed',
    file: client,
    edits: edit('if (pending.maybeExecuted || pending.outcomeLost)', 'if (pending.finished)'),
    specs: routing,
  },
  {
    name: 'call-outcome-lost',
    guarantee: 'G4',
    guard: 'a shard that went away may have run the call',
    file: client,
    edits: edit(
      'else if (pending.maybeExecuted) pending.outcomeLost = true;',
      'else pending.maybeExecuted = false;',
    ),
    specs: routing,
  },
  {
    name: 'call-resend',
    guarantee: 'G4',
    guard: 'unanswered calls are sent again after an outage',
    file: client,
    edits: edit('if (connected) this.resendUnanswered();', 'if (!connected) this.sweep();'),
    specs: routing,
  },
  {
    name: 'lane-credit',
    guarantee: 'G8',
    guard: 'a small batch waits for the one in flight',
    file: 'libs/routing/lane.ts',
    edits: edit(' && queue.length >= worthSending', ''),
    specs: routing,
  },
  {
    name: 'lane-two-batches',
    guarantee: 'G8',
    guard: 'two batches in flight',
    file: 'libs/routing/lane.ts',
    edits: edit('inFlight.length === 1 && queue', 'inFlight.length >= 1 && queue'),
    specs: routing,
  },
  {
    name: 'lane-given-up',
    guarantee: 'G4',
    guard: 'a call that was given up never runs',
    file: 'libs/routing/lane.ts',
    edits: edit('if (pending.finished || pending.lane !== this) return true;', ''),
    specs: routing,
  },
];
