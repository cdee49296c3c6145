import { edit, type Mutation } from '../mutation.js';

const lane = 'libs/routing/lane.ts';
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
