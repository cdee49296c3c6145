import { edit, type Mutation } from '../mutation.js';

const lane = 'libs/routing/lane.ts';
const shares = 'libs/routing/event-shares.ts';
const client = ['libs/routing/inventory-client.spec.ts'];

/** What becomes of calls whose answers stay out. */
export const unanswered: readonly Mutation[] = [
  {
    name: 'lane-asks',
    guarantee: 'G7',
    guard: 'a shard that owes an answer is asked whether it is there (L3)',
    file: lane,
    edits: edit(
      'if (nowMs - Math.max(this.inFlight[0].sinceMs, this.askedAtMs) < askAfterMs) return false;',
      'if (nowMs >= 0) return false;',
    ),
    specs: client,
  },
  {
    name: 'lane-credit-lost',
    guarantee: 'G7',
    guard: 'a release that was lost does not stop a lane (L2)',
    file: lane,
    edits: edit(
      'this.ports.clock.monotonicMs() - this.inFlight[0].sinceMs > creditLostMs',
      'this.ports.clock.monotonicMs() < 0',
    ),
    specs: client,
  },
  {
    name: 'call-deadline',
    guarantee: 'G8',
    guard: 'every call is answered at its deadline (C1)',
    file: 'libs/routing/inventory-client.ts',
    edits: edit('this.pending.overdue(nowMs)', 'this.pending.overdue(nowMs - 1e9)'),
    specs: client,
  },
  {
    name: 'call-too-late',
    guarantee: 'G4',
    guard: 'a command that came too late was not executed',
    file: 'libs/routing/inventory-client.ts',
    edits: edit(
      "      case 'too_late':\n        pending.maybeExecuted = false;\n",
      "      case 'too_late':\n",
    ),
    specs: client,
  },
  {
    name: 'call-number',
    guarantee: 'G4',
    guard: 'a number is given to one call (P1)',
    file: 'libs/routing/pending-calls.ts',
    edits: edit(
      'return pending?.correlation === correlation ? pending : undefined;',
      'return pending ?? undefined;',
    ),
    specs: ['libs/routing/pending-calls.spec.ts', ...client],
  },
];

/** How much may wait, and of whom (C5). */
export const waiting: readonly Mutation[] = [
  {
    name: 'call-bound',
    guarantee: 'G8',
    guard: 'the bound of calls in flight',
    file: shares,
    edits: edit('if ((share?.taken ?? 0) >= this.free) return null;', ''),
    specs: [...client, 'libs/routing/event-shares.spec.ts'],
  },
  {
    name: 'call-share',
    guarantee: 'G8',
    guard: 'an event that nobody answers for leaves places to the others (ES2)',
    file: shares,
    edits: edit('(share?.taken ?? 0) >= this.free', 'this.free <= 0'),
    specs: [...client, 'libs/routing/event-shares.spec.ts'],
  },
  {
    name: 'call-share-back',
    guarantee: 'G8',
    guard: 'a call that is answered gives its place back',
    file: 'libs/routing/inventory-client.ts',
    edits: edit('this.shares.giveBack(pending.share);', ''),
    specs: client,
  },
  {
    name: 'booking-share',
    guarantee: 'G8',
    guard: 'bookings of an event that nobody answers for leave room to the others',
    file: 'apps/gateway/routes/bookings/handlers.ts',
    edits: edit(
      "if (place === null) return exchange.error('overloaded', { retry_after_ms: 1_000 });",
      'if (place === null) throw new Error();',
    ),
    specs: ['apps/gateway/routes/bookings/handlers.spec.ts'],
  },
  {
    name: 'saga-share',
    guarantee: 'G8',
    guard: 'attempts of an event that nobody answers for are not taken up over their share',
    file: 'apps/payments/saga/saga-runner.ts',
    edits: edit('store.claimDue(room, this.shares.atTheirShare())', 'store.claimDue(room)'),
    specs: ['apps/payments/saga/saga-runner.spec.ts'],
  },
  {
    name: 'map-share',
    guarantee: 'G8',
    guard: 'who waits for the map of one event leaves room to the others',
    file: 'apps/gateway/replica/event-replica.ts',
    edits: edit('if (place === null) return false;', 'if (place === null) return true;'),
    specs: ['apps/gateway/replica/event-replica.spec.ts'],
  },
];
