import type { Attempt } from '#apps/payments/saga/attempt.js';
import type { Transition } from '#apps/payments/saga/decide-saga.js';
import type { PaymentProvider, ProviderResult } from '#apps/payments/provider/provider.js';
import { MemoryRefunds } from '#apps/payments/refunds/memory-refund-table.js';
import { RefundRunner } from '#apps/payments/refunds/refund-runner.js';
import { MemoryAttemptStore } from '#apps/payments/store/memory-attempt-store.js';
import type { KnownMutation } from '../mutations/known-mutations.js';

/** The guards of the saga, each removed on purpose. */
export const moneyMutations: readonly KnownMutation[] = [
  {
    name: 'every try at the provider has a key of its own (PP1)',
    needs: { provider_unanswered: 0.3 },
    provider: (provider) => {
      let tries = 0;
      return like(provider, {
        authorise: (request, notAfterMs) => {
          tries += 1;
          return provider.authorise({ ...request, key: `${request.key}.try.${tries}` }, notAfterMs);
        },
      });
    },
  },
  {
    name: 'a key without an answer passes for spent (G5)',
    needs: { provider_unclear: 0.5, provider_slow: 0.3 },
    provider: (provider) =>
      like(provider, {
        spendKey: () => Promise.resolve({ kind: 'key_spent', by: 'failure', reason: 'not asked' }),
      }),
  },
  {
    name: 'a used key is not asked for what it was answered (G5)',
    needs: { provider_unclear: 0.5, provider_slow: 0.3 },
    provider: (provider) =>
      like(provider, {
        recall: () => Promise.resolve({ kind: 'refused', code: 'not_asked', fault: 'request' }),
      }),
  },
  {
    name: 'what the provider failed at is not looked for (G5)',
    needs: { provider_key_spent: 0.5 },
    provider: (provider) => like(provider, { find: () => Promise.resolve(null) }),
  },
  {
    name: 'a bank that is still deciding passes for one that said no (G5)',
    needs: { provider_processing: 1 },
    provider: (provider) => {
      const hasty = (result: ProviderResult): ProviderResult => {
        if (result.kind !== 'intent' || result.intent.status !== 'processing') return result;
        return { kind: 'declined', intentId: result.intent.id, declineCode: 'processing' };
      };
      return like(provider, {
        authorise: (request, notAfterMs) => provider.authorise(request, notAfterMs).then(hasty),
      });
    },
  },
  {
    name: 'an authorisation without seats is not given back (G5)',
    needs: { provider_slow: 0.5, provider_unanswered: 0.3 },
    provider: (provider) =>
      like(provider, {
        cancel: (id) =>
          Promise.resolve({
            kind: 'intent',
            intent: { id, status: 'cancelled', declineCode: null },
          }),
      }),
  },
  {
    name: 'attempts move without their lease (G5)',
    needs: { payments_pause: 20, provider_slow: 0.5, provider_unanswered: 0.2 },
    install: () => {
      const advance = Object.getOwnPropertyDescriptor(MemoryAttemptStore.prototype, 'advance');
      const fenced = advance?.value as MemoryAttemptStore['advance'];
      Object.defineProperty(MemoryAttemptStore.prototype, 'advance', {
        ...advance,
        async value(this: MemoryAttemptStore, from: Attempt, to: Transition, delayMs: number) {
          const row = await this.byId(from.attemptId);
          const { leaseNo, state } = row ?? from;
          return fenced.call(this, { ...from, leaseNo, state }, to, delayMs);
        },
      });
      return () => {
        Object.defineProperty(MemoryAttemptStore.prototype, 'advance', advance ?? {});
      };
    },
  },
  {
    name: 'money goes back without a look for what may be free (MR1)',
    needs: { give_back: 60, loss: 0.05 },
    install: () => {
      const free = Object.getOwnPropertyDescriptor(RefundRunner.prototype, 'free');
      Object.defineProperty(RefundRunner.prototype, 'free', {
        ...free,
        value: () => Promise.resolve({ type: 'freed' }),
      });
      return () => {
        Object.defineProperty(RefundRunner.prototype, 'free', free ?? {});
      };
    },
  },
  {
    name: 'what may have gone back is not looked for (MR3)',
    needs: { give_back: 60, provider_key_spent: 0.5 },
    refunds: (line) => ({
      sendRefund: (request, notAfterMs) => line.sendRefund(request, notAfterMs),
      findRefund: () => Promise.resolve(null),
      askRefund: (id) => line.askRefund(id),
    }),
  },
  {
    name: 'every try to give back has a key of its own (MR3)',
    needs: { give_back: 60, provider_unanswered: 0.3, provider_slow: 0.4 },
    refunds: (line) => {
      let tries = 0;
      return {
        sendRefund: (request, notAfterMs) => {
          tries += 1;
          return line.sendRefund({ ...request, key: `${request.key}.try.${tries}` }, notAfterMs);
        },
        findRefund: () => Promise.resolve(null),
        askRefund: (id) => line.askRefund(id),
      };
    },
  },
  {
    name: 'refunds of one payment are added up by nobody (MR2)',
    needs: { give_back: 120 },
    install: () => {
      const of = Object.getOwnPropertyDescriptor(MemoryRefunds.prototype, 'ofAttempt');
      Object.defineProperty(MemoryRefunds.prototype, 'ofAttempt', { ...of, value: () => [] });
      return () => {
        Object.defineProperty(MemoryRefunds.prototype, 'ofAttempt', of ?? {});
      };
    },
  },
];

/** The same provider with some of its calls replaced. */
function like(provider: PaymentProvider, calls: Partial<PaymentProvider>): PaymentProvider {
  return {
    authorise: (request, notAfterMs) => provider.authorise(request, notAfterMs),
    spendKey: (request) => provider.spendKey(request),
    recall: (request) => provider.recall(request),
    find: (attemptId, window) => provider.find(attemptId, window),
    inspect: (intentId) => provider.inspect(intentId),
    capture: (intentId, key) => provider.capture(intentId, key),
    cancel: (intentId, key) => provider.cancel(intentId, key),
    refund: (intentId, key) => provider.refund(intentId, key),
    ...calls,
  };
}
