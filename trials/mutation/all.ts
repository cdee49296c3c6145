import { accessible } from './guards/accessible.js';
import { outputGate } from './guards/actor.js';
import { answers } from './guards/answers.js';
import { bus } from './guards/bus.js';
import { cancellation } from './guards/cancellation.js';
import { catalogue } from './guards/catalogue.js';
import { time } from './guards/clocks.js';
import { commitAndRecovery } from './guards/commit.js';
import { database } from './guards/database.js';
import { doors } from './guards/doors.js';
import { edge } from './guards/edge.js';
import { fees } from './guards/fees.js';
import { factFormat } from './guards/fact-format.js';
import { frames } from './guards/frames.js';
import { holds } from './guards/holds.js';
import { http } from './guards/http.js';
import { inventory } from './guards/inventory.js';
import { postgresJournal } from './guards/journal.js';
import { leases } from './guards/lease.js';
import { roomPage } from './guards/room-page.js';
import { room } from './guards/room.js';
import { roomPacing } from './guards/room-pacing.js';
import { ledger } from './guards/ledger.js';
import { logs } from './guards/logs.js';
import { traces } from './guards/traces.js';
import { money } from './guards/money.js';
import { seatMaps } from './guards/maps.js';
import { memoryJournal } from './guards/memory-journal.js';
import { liveMove } from './guards/moves.js';
import { nodeEdge } from './guards/node-edge.js';
import { operations } from './guards/operations.js';
import { callRouting, ownership } from './guards/ownership.js';
import { latePayments } from './guards/pay-late.js';
import { payWaiting } from './guards/pay-waiting.js';
import { payWebhooks } from './guards/pay-webhooks.js';
import { payments } from './guards/payments.js';
import { disputes } from './guards/disputes.js';
import { refunds } from './guards/refunds.js';
import { roles } from './guards/roles.js';
import { failFast, unanswered, waiting } from './guards/routing.js';
import { ruleChanges } from './guards/rules.js';
import { seatMapModel } from './guards/seat-map.js';
import { snapshots } from './guards/snapshots.js';
import type { Mutation } from './mutation.js';

/** Every guard, by what it belongs to; those with cheap specs first. */
export const families: Readonly<Record<string, readonly Mutation[]>> = {
  core: [...inventory, ...holds],
  accessible,
  rules: ruleChanges,
  'memory-journal': memoryJournal,
  commit: commitAndRecovery,
  gate: outputGate,
  ownership: [...ownership, ...leases],
  time,
  routing: [...callRouting, ...unanswered, ...waiting, ...failFast],
  frames,
  moves: liveMove,
  bus,
  maps: seatMaps,
  'seat-map': seatMapModel,
  answers,
  catalogue,
  doors,
  edge,
  'node-edge': nodeEdge,
  roles,
  http,
  format: [...factFormat, ...snapshots],
  logs,
  operations,
  traces,
  payments,
  payLate: latePayments,
  payWaiting,
  payWebhooks,
  money,
  ledger,
  fees,
  room: [...room, ...roomPacing, ...roomPage],
  refunds,
  disputes,
  cancellation,
  database,
  'postgres-journal': postgresJournal,
};

export const mutations: readonly Mutation[] = Object.values(families).flat();

/** One or two of each family, in well under a minute: with every run of the specs. */
export const quickNames: readonly string[] = [
  'pay-secret-out',
  'ledger-balance',
  'fee-in-price',
  'schema-newer',
  'trace-tail',
  'room-bound',
  'refund-twice',
  'dispute-difference',
  'cancel-event-passing',
  'late-agreed',
  'hook-signed',
  'seat-taken',
  'pool-named',
  'rules-taken',
  'bus-own-answers',
  'pay-once',
  'memory-epoch',
  'unknown-believed',
  'gate-open',
  'stop-open',
  'unread-bodies',
  'states-pace',
  'client-fresh',
  'look-unknown',
  'page-read-before',
  'lease-again',
  'lease-judged',
  'clock-wall',
  'reply-late',
  'move-from-epoch',
  'bus-deadline',
  'frame-no-tail',
  'diff-gap',
  'token-key-maps',
  'role-asked',
  'http-head-large',
  'declines-counted',
  'log-bound',
  'money-book-first',
  'amount-too-fine',
  'by-shape',
  'edge-utf-eight',
  'db-half-way',
  'sql-epoch',
];
