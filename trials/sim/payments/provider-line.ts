import type {
  AuthoriseRequest,
  CreatedWindow,
  DisputeProvider,
  DisputeResult,
  DisputesFound,
  PaymentProvider,
  ProviderResult,
  RefundProvider,
  RefundRequest,
  RefundResult,
  Unanswered,
} from '#apps/payments/provider/provider.js';
import { limits } from '#libs/contracts/limits.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';
import type { BankDisputes } from './bank-disputes.js';
import type { Bank } from './bank.js';

/** A request that nobody waits for any more may still arrive. */
const lateMsMax = 8_000;
const slowMsMax = 6_000;

/**
 * The way of one payments process to the provider. A request that was sent is carried out even if
 * its sender dies or gives up, perhaps long after; an answer reaches only a process that runs.
 */
export class ProviderLine implements PaymentProvider, RefundProvider, DisputeProvider {
  constructor(
    private readonly bank: Bank,
    private readonly disputes: BankDisputes,
    private readonly process: SimProcess,
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

  authorise(request: AuthoriseRequest, notAfterMs: number): Promise<ProviderResult> {
    if (this.process.clock.nowMs() > notAfterMs) {
      return Promise.resolve({ kind: 'unclear', reason: 'too late' });
    }
    return this.ask(`authorise ${request.key}`, () => this.bank.authorise(request));
  }

  spendKey(request: AuthoriseRequest): Promise<ProviderResult> {
    return this.ask(`spend ${request.key}`, () => this.bank.spendKey(request));
  }

  recall(request: AuthoriseRequest): Promise<ProviderResult> {
    return this.ask(`recall ${request.key}`, () => this.bank.recall(request));
  }

  find(attemptId: string, window: CreatedWindow): Promise<ProviderResult | null> {
    return this.ask(`find ${attemptId}`, () => this.bank.find(attemptId, window));
  }

  inspect(intentId: string): Promise<ProviderResult> {
    return this.ask(`inspect ${intentId}`, () => this.bank.inspect(intentId));
  }

  capture(intentId: string, key: string): Promise<ProviderResult> {
    return this.ask(`capture ${key}`, () => this.bank.capture(intentId, key));
  }

  cancel(intentId: string, key: string): Promise<ProviderResult> {
    return this.ask(`cancel ${key}`, () => this.bank.cancel(intentId, key));
  }

  refund(intentId: string, key: string): Promise<ProviderResult> {
    return this.ask(`refund ${key}`, () => this.bank.refund(intentId, key));
  }

  sendRefund(request: RefundRequest, notAfterMs: number): Promise<RefundResult> {
    if (this.process.clock.nowMs() > notAfterMs) {
      return Promise.resolve({ kind: 'unclear', reason: 'too late' });
    }
    return this.ask(`give back ${request.key}`, () => this.bank.sendRefund(request));
  }

  findRefund(request: Pick<RefundRequest, 'intentId' | 'refundId'>): Promise<RefundResult | null> {
    return this.ask(`look for ${request.refundId}`, () => this.bank.findRefund(request));
  }

  askRefund(id: string): Promise<RefundResult> {
    return this.ask(`ask for ${id}`, () => this.bank.askRefund(id));
  }

  askDispute(id: string): Promise<DisputeResult> {
    return this.ask(`ask for ${id}`, () => this.disputes.ask(id));
  }

  disputesSince(): Promise<DisputesFound> {
    return this.ask('list disputes', () => this.disputes.list());
  }

  private ask<T>(name: string, work: () => T): Promise<T | Unanswered> {
    const { ground, random, process } = this;
    const { clock, weather, trace } = ground;
    return new Promise((resolve) => {
      const cancel = clock.after(limits.providerTimeoutMs, () => {
        process.arrive(() => resolve({ kind: 'unclear', reason: 'timeout' }));
      });
      const answer = (result: T | Unanswered): void => {
        clock.after(random.between(1, 30), () => {
          cancel();
          process.arrive(() => resolve(result));
        });
      };
      let lost = weather.strikes('provider_unanswered');
      let tookMs = random.between(1, 30);
      if (weather.strikes('provider_slow')) tookMs += random.between(0, slowMsMax);
      if (weather.strikes('provider_unclear')) {
        if (random.chance(0.5)) return;
        lost = true;
        tookMs += random.between(0, lateMsMax);
      }
      clock.after(tookMs, () => {
        const refused = weather.strikes('provider_refuses');
        const result = refused ? noAccess : work();
        trace.note('provider', `${name} of ${process.name}: ${JSON.stringify(result)}`);
        if (!lost) answer(result);
      });
    });
  }
}

/** Said before anything of the request is looked at. */
const noAccess: Unanswered = { kind: 'refused', code: 'invalid_api_key', fault: 'access' };
