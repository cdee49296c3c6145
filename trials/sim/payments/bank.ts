import type {
  AuthoriseRequest,
  CreatedWindow,
  IntentStatus,
  IntentView,
  ProviderResult,
  RefundRequest,
  RefundResult,
} from '#apps/payments/provider/provider.js';
import type { Clock } from '#libs/platform/clock.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Weather } from '../faults/weather.js';

export interface Charge {
  readonly id: string;
  readonly request: AuthoriseRequest;
  readonly createdMs: number;
  status: IntentStatus;
  declineCode: string | null;
  /** How often money was taken. */
  captures: number;
}

/** One that was asked for by a refund of ours. */
export interface BankRefund {
  readonly id: string;
  readonly refundId: string;
  readonly intentId: string;
  readonly amountMinor: number;
  status: 'pending' | 'succeeded' | 'failed';
}

/** Shorter and longer than a hold waits. */
const processingMsMax = 15_000;
const newsMsMax = 4_000;
/** What is created may be created late: as long as a request can be under way. */
const findSlackMs = 20_000;

/** By buyers' banks. */
export interface TakenBack {
  isOpen(intentId: string): boolean;
  withdrawnOf(intentId: string): number;
}

interface Answered {
  readonly body: string;
  /** null: the provider failed under this key, for good. */
  readonly result: object | null;
}

/** Cards by what becomes of them; all others are good. */
export const oddCards = { asks: 'pm_asks', unknown: 'pm_unknown' } as const;

/**
 * The payment provider of a simulated run: what it knows outlives every process, and a key has one
 * effect for ever (PP1). Each call is done when it returns; the way there is of the line.
 */
export class Bank {
  readonly charges = new Map<string, Charge>();
  readonly refunds: BankRefund[] = [];
  private readonly answers = new Map<string, Answered>();
  private readonly watchers: ((refundId: string) => void)[] = [];
  /** Of refunds: what is still to become of them, and news on their way. */
  private busy = 0;

  constructor(
    private readonly weather: Weather,
    private readonly random: SeededRandom,
    private readonly clock: Clock,
    private readonly disputes: TakenBack,
  ) {}

  /** Each news of a refund, as often and as late as it comes. */
  onNews(heard: (refundId: string) => void): void {
    this.watchers.push(heard);
  }

  /** Nothing will become of any refund by itself. */
  get isQuiet(): boolean {
    return this.busy === 0;
  }

  /** What of a payment is neither given back nor taken back. */
  leftOf(intentId: string): number {
    const charge = this.charges.get(intentId);
    if (charge?.status !== 'captured') return 0;
    const back = this.refunds.filter((one) => one.intentId === intentId && isGiven(one));
    const gone = back.reduce((sum, one) => sum + one.amountMinor, 0);
    return charge.request.amountMinor - gone - this.disputes.withdrawnOf(intentId);
  }

  authorise(request: AuthoriseRequest): ProviderResult {
    // What is wrong with the request is said before the key is looked at, and is not kept.
    if (request.paymentToken === oddCards.unknown) {
      return { kind: 'refused', code: 'resource_missing', fault: 'buyer' };
    }
    return this.once(request.key, `authorise ${JSON.stringify(request)}`, () => {
      const charge = this.create(request);
      if (request.paymentToken === oddCards.asks) charge.status = 'action_required';
      else if (this.weather.strikes('provider_decline')) {
        charge.status = 'declined';
        charge.declineCode = 'insufficient_funds';
        return { kind: 'declined', intentId: charge.id, declineCode: charge.declineCode };
      } else if (this.weather.strikes('provider_processing')) this.process(charge);
      else charge.status = 'authorised';
      return intentOf(charge);
    });
  }

  spendKey(request: AuthoriseRequest): ProviderResult {
    const body = `create ${JSON.stringify(request)}`;
    return this.once(request.key, body, () => intentOf(this.create(request)));
  }

  /** The same request once more: under a key that was used, it has no effect. */
  recall(request: AuthoriseRequest): ProviderResult {
    return this.authorise(request);
  }

  find(attemptId: string, { fromMs, toMs }: CreatedWindow): ProviderResult | null {
    const made = [...this.charges.values()].filter(({ request, createdMs }) => {
      const within = createdMs >= fromMs - findSlackMs && createdMs <= toMs + findSlackMs;
      return within && request.metadata.attempt_id === attemptId;
    });
    const found = made.find(({ status }) => heavy.includes(status)) ?? made.at(0);
    return found === undefined ? null : intentOf(found);
  }

  /** What a buyer says to the bank that asks him; whoever has the secret may. */
  answer(clientSecret: string, yes: boolean): void {
    const charge = this.ofSecret(clientSecret);
    if (charge?.status !== 'action_required') return;
    if (!yes) {
      charge.status = 'declined';
      charge.declineCode = 'authentication_failure';
    } else if (this.random.chance(0.2)) this.process(charge);
    else charge.status = 'authorised';
  }

  /** Another card under the same intent, as a browser that kept the secret can. */
  payAgain(clientSecret: string): void {
    const charge = this.ofSecret(clientSecret);
    if (charge?.status === 'declined') charge.status = 'authorised';
  }

  inspect(intentId: string): ProviderResult {
    const charge = this.charges.get(intentId);
    return charge === undefined ? noSuchIntent : intentOf(charge);
  }

  capture(intentId: string, key: string): ProviderResult {
    return this.once(key, `capture ${intentId}`, () => {
      const charge = this.charges.get(intentId);
      if (charge === undefined) return noSuchIntent;
      if (charge.status !== 'authorised') return intentOf(charge);
      if (this.weather.strikes('provider_lets_go')) charge.status = 'cancelled';
      else {
        charge.status = 'captured';
        charge.captures += 1;
      }
      return intentOf(charge);
    });
  }

  cancel(intentId: string, key: string): ProviderResult {
    return this.once(key, `cancel ${intentId}`, () => {
      const charge = this.charges.get(intentId);
      if (charge === undefined) return noSuchIntent;
      // What the bank is still deciding cannot be cancelled.
      const open = charge.status !== 'captured' && charge.status !== 'processing';
      if (open) charge.status = 'cancelled';
      return intentOf(charge);
    });
  }

  refund(intentId: string, key: string): ProviderResult {
    return this.once(key, `refund ${intentId}`, () => {
      const charge = this.charges.get(intentId);
      if (charge?.status !== 'captured') return noSuchIntent;
      charge.status = 'refunded';
      return intentOf(charge);
    });
  }

  sendRefund(request: RefundRequest): RefundResult {
    const { intentId, refundId, amountMinor, key } = request;
    return this.once<RefundResult>(key, `refund ${JSON.stringify(request)}`, () => {
      if (this.disputes.isOpen(intentId)) {
        return { kind: 'refused', code: 'charge_disputed', fault: 'request' };
      }
      if (amountMinor > this.leftOf(intentId)) {
        return { kind: 'refused', code: 'charge_already_refunded', fault: 'request' };
      }
      const id = `re_${this.refunds.length + 1}`;
      const refund: BankRefund = { id, refundId, intentId, amountMinor, status: 'succeeded' };
      this.refunds.push(refund);
      if (!this.weather.calm && this.random.chance(0.3)) this.processRefund(refund);
      else if (!this.weather.calm && this.random.chance(0.1)) this.failLater(refund);
      return refundOf(refund);
    });
  }

  findRefund({
    intentId,
    refundId,
  }: Pick<RefundRequest, 'intentId' | 'refundId'>): RefundResult | null {
    const found = this.refunds.find(
      (one) => one.intentId === intentId && one.refundId === refundId && isGiven(one),
    );
    return found === undefined ? null : refundOf(found);
  }

  askRefund(id: string): RefundResult {
    const refund = this.refunds.find((one) => one.id === id);
    return refund === undefined
      ? { kind: 'refused', code: 'resource_missing', fault: 'request' }
      : refundOf(refund);
  }

  private ofSecret(clientSecret: string): Charge | undefined {
    return this.charges.get(clientSecret.replace(/_secret$/, ''));
  }

  private create(request: AuthoriseRequest): Charge {
    const id = `pi_${this.charges.size + 1}`;
    const charge: Charge = {
      id,
      request,
      createdMs: this.clock.nowMs(),
      status: 'unconfirmed',
      declineCode: null,
      captures: 0,
    };
    this.charges.set(id, charge);
    return charge;
  }

  /** The bank takes its time, and decides by itself. */
  private process(charge: Charge): void {
    charge.status = 'processing';
    this.clock.after(this.random.between(100, processingMsMax), () => {
      charge.status = this.random.chance(0.7) ? 'authorised' : 'declined';
      if (charge.status === 'declined') charge.declineCode = 'generic_decline';
    });
  }

  private processRefund(refund: BankRefund): void {
    refund.status = 'pending';
    this.later(processingMsMax, () => {
      refund.status = this.random.chance(0.7) ? 'succeeded' : 'failed';
      this.tell(refund);
    });
  }

  /** It was said to be done, and its buyer's bank sends it back. */
  private failLater(refund: BankRefund): void {
    this.later(processingMsMax, () => {
      refund.status = 'failed';
      this.tell(refund);
    });
  }

  /** Late, several times, in any order. */
  private tell({ refundId }: BankRefund): void {
    const copies = 1 + this.random.below(3);
    for (let copy = 0; copy < copies; copy += 1) {
      this.later(newsMsMax, () => {
        for (const heard of this.watchers) heard(refundId);
      });
    }
  }

  private later(mostMs: number, work: () => void): void {
    this.busy += 1;
    this.clock.after(this.random.between(100, mostMs), () => {
      this.busy -= 1;
      work();
    });
  }

  /** The first answer of a key is its answer for good, a failure of the provider included. */
  private once<Result extends object = ProviderResult>(
    key: string,
    body: string,
    work: () => Result,
  ): Result | KeyProblem {
    const known = this.answers.get(key);
    if (known !== undefined && known.body !== body) {
      return { kind: 'key_spent', by: 'other_request', reason: 'used with other parameters' };
    }
    if (known?.result === null) {
      return { kind: 'key_spent', by: 'failure', reason: 'the provider failed under this key' };
    }
    if (known !== undefined) return known.result as Result;
    if (this.weather.strikes('provider_key_spent')) {
      // It failed before it did anything, or after all of it.
      if (this.random.chance(0.5)) work();
      this.answers.set(key, { body, result: null });
      return { kind: 'unclear', reason: 'api_error' };
    }
    const result = work();
    this.answers.set(key, { body, result });
    return result;
  }
}

type KeyProblem = Extract<ProviderResult, { kind: 'key_spent' | 'unclear' }>;

const isGiven = ({ status }: BankRefund): boolean => status !== 'failed';

const refundOf = ({ id, status }: BankRefund): Extract<RefundResult, { kind: 'refund' }> => ({
  kind: 'refund',
  id,
  status,
  failure: status === 'failed' ? 'expired_or_canceled_card' : '',
});

const heavy: readonly IntentStatus[] = ['authorised', 'captured', 'processing'];

const noSuchIntent: ProviderResult = {
  kind: 'refused',
  code: 'resource_missing',
  fault: 'request',
};

const intentOf = (charge: Charge): { readonly kind: 'intent'; readonly intent: IntentView } => {
  const { id, status, declineCode } = charge;
  const asks = status === 'action_required';
  const challenge = { clientSecret: `${id}_secret`, type: 'use_stripe_sdk', url: null };
  const intent = { id, status, declineCode, ...(asks ? { challenge } : {}) };
  return { kind: 'intent', intent };
};
