import { edit, type Mutation } from '../mutation.js';

const lane = 'libs/routing/lane.ts';
const shares = 'libs/routing/event-shares.ts';
const client = ['libs/routing/inventory-client.spec.ts'];
const patience = ['libs/routing/patience.spec.ts'];

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
    specs: patience,
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

/** Who waits how long, and what is asked again meanwhile. */
export const failFast: readonly Mutation[] = [
  {
    name: 'again-asked',
    guarantee: 'G7',
    guard: 'an answer that stays out is asked for again (C6)',
    file: 'libs/routing/inventory-client.ts',
    edits: edit('    this.askAgain(nowMs);\n', ''),
    specs: patience,
  },
  {
    name: 'again-safe',
    guarantee: 'G4',
    guard: 'what would be decided twice is not sent twice: a refusal that is not remembered',
    file: 'libs/routing/inventory-call.ts',
    edits: edit('keyed || isQuery(request);', 'keyed || request.type.length > 0;'),
    specs: patience,
  },
  {
    name: 'again-number',
    guarantee: 'G7',
    guard: 'who is slow is asked again under the same number, and either answer counts',
    file: 'libs/routing/inventory-client.ts',
    edits: edit(
      'if (lane?.incarnation === this.owners.of(pending.call.eventId)) lane?.push(pending);\n' +
        '      else this.reroute(pending);',
      'if (lane !== undefined) this.reroute(pending);',
    ),
    specs: patience,
  },
  {
    name: 'again-lost',
    guarantee: 'G4',
    guard: 'what was sent twice may have run, whatever the second time is told',
    file: 'libs/routing/inventory-client.ts',
    edits: edit('      pending.outcomeLost = true;\n      const { lane }', '      const { lane }'),
    specs: patience,
  },
  {
    name: 'again-few',
    guarantee: 'G8',
    guard: 'a slow owner is asked again for a bounded number of calls at a time',
    file: 'libs/routing/pending-calls.ts',
    edits: edit('return count <= perEventMax;', 'return count > 0;'),
    specs: patience,
  },
  {
    name: 'deadline-most',
    guarantee: 'G8',
    guard: 'nobody waits longer than the longest deadline (C8)',
    file: 'libs/routing/inventory-client.ts',
    edits: edit(
      'Math.min(call.withinMs ?? commandDeadlineMs, commandDeadlineMsMax)',
      'Math.max(call.withinMs ?? commandDeadlineMs, 0 * commandDeadlineMsMax)',
    ),
    specs: patience,
  },
  {
    name: 'deadline-look-up',
    guarantee: 'G8',
    guard: 'who waits for his event to be looked up is told in time',
    file: 'apps/gateway/routes/reservations/handlers.ts',
    edits: edit('clock.after(exchange.leftMs, ()', 'clock.after(1e6 + exchange.leftMs, ()'),
    specs: ['apps/gateway/routes/reservations/patience.spec.ts'],
  },
  {
    name: 'deadline-left',
    guarantee: 'G8',
    guard: 'what a request waited before its command counts',
    file: 'apps/gateway/http/exchange.ts',
    edits: edit('limits.commandDeadlineMs - this.waitedMs', 'limits.commandDeadlineMs'),
    specs: ['apps/gateway/routes/reservations/patience.spec.ts'],
  },
  {
    name: 'deadline-keys',
    guarantee: 'G8',
    guard: 'who waits for the keys of an issuer is told in time',
    file: 'apps/gateway/auth/authenticator.ts',
    edits: edit(
      "this.clock.after(limits.tokenWaitMs, () => resolve({ kind: 'unreachable' }))",
      'this.clock.after(limits.tokenWaitMs, () => undefined)',
    ),
    specs: ['apps/gateway/auth/authenticator.spec.ts'],
  },
  {
    name: 'control-again',
    guarantee: 'G7',
    guard: 'a read of payments is asked again while one of them is silent',
    file: 'libs/bus/repeated-call.ts',
    edits: edit('if (asked < asksMax) cancel', 'if (asked > asksMax) cancel'),
    specs: ['libs/bus/repeated-call.spec.ts'],
  },
  {
    name: 'control-again-ran',
    guarantee: 'G5',
    guard: 'a booking that one refused and another may have begun is unknown (RC2)',
    file: 'libs/bus/repeated-call.ts',
    edits: edit('if (!final && open > 0) return;', ''),
    specs: ['libs/bus/repeated-call.spec.ts'],
  },
];
