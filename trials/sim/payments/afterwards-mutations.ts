import {
  CancellationRunner,
  type CancellationPorts,
} from '#apps/payments/cancellation/cancellation-runner.js';
import type { EventCancellation } from '#apps/payments/cancellation/event-cancellation.js';
import { DisputeRunner, type DisputePorts } from '#apps/payments/disputes/dispute-runner.js';
import type { Dispute } from '#apps/payments/disputes/dispute.js';
import { MemoryRefunds } from '#apps/payments/refunds/memory-refund-table.js';
import type { AttemptId } from '#libs/inventory/ids.js';
import { patch, type KnownMutation } from '../mutations/known-mutations.js';
import { MemoryCancellations } from './memory-cancellations.js';
import { MemoryDisputes } from './memory-disputes.js';

/** The guards of what comes after a payment: cancelled events and disputes, each removed. */
export const afterwardsMutations: readonly KnownMutation[] = [
  {
    name: 'bookings go back before the owner has cancelled the event (EC1)',
    needs: { cancel_event: 6 },
    install: () =>
      patch(CancellationRunner.prototype, {
        async tell(this: TellingRunner, cancellation: EventCancellation) {
          await this.ports.table.began(cancellation);
        },
      }),
  },
  {
    name: 'a cancellation is done though a payment is being captured (EC3)',
    needs: { cancel_event: 12, provider_refuses: 0.6, provider_unclear: 0.5 },
    install: () =>
      patch(MemoryCancellations.prototype, { countRound: () => ({ passing: 0, open: 0 }) }),
  },
  {
    name: 'refunds do not look for disputes (DI3)',
    needs: { give_back: 120, dispute: 60 },
    install: () =>
      patch(MemoryRefunds.prototype, {
        goneOf(this: MemoryRefunds, attemptId: AttemptId) {
          return this.ofAttempt(attemptId);
        },
      }),
  },
  {
    name: 'news of a dispute is not looked at (DI1)',
    needs: { dispute: 60 },
    install: () => patch(MemoryDisputes.prototype, { hear: () => undefined }),
  },
  {
    name: 'each look at a dispute is entered in the books (DI2)',
    needs: { dispute: 60 },
    install: () =>
      patch(DisputeRunner.prototype, {
        async look(this: LookingRunner, dispute: Dispute) {
          const seen = await this.ports.provider.askDispute(dispute.disputeId);
          const afresh = { ...dispute, withdrawnMinor: 0, lostMinor: 0 };
          if (seen.kind === 'dispute') await this.ports.table.see(afresh, seen, 1_000);
        },
      }),
  },
  {
    name: 'news of a refund is not looked at (MR4)',
    needs: { give_back: 120 },
    install: () => patch(MemoryRefunds.prototype, { hear: () => undefined }),
  },
];

interface TellingRunner {
  readonly ports: CancellationPorts;
}

interface LookingRunner {
  readonly ports: DisputePorts;
}
