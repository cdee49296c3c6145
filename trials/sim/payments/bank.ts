import type {
  AuthoriseRequest,
  IntentStatus,
  IntentView,
  ProviderResult,
} from '#apps/payments/provider/provider.js';
import type { SeededRandom } from '../seeded-random.js';
import type { Weather } from '../weather.js';

export interface Charge {
  readonly id: string;
  readonly request: AuthoriseRequest;
  status: IntentStatus;
  declineCode: string | null;
  /** How often money was taken. */
  captures: number;
}

interface Answered {
  readonly body: string;
  /** null: the provider failed under this key, for good. */
  readonly result: ProviderResult | null;
}

/** Cards by what becomes of them; all others are good. */
export const oddCards = { asks: 'pm_asks', unknown: 'pm_unknown' } as const;

/**
 * The payment provider of a simulated run: what it knows outlives every process, and a key has one
 * effect for ever (PP1). Each call is done when it returns; the way there is of the line.
 */
export class Bank {
  readonly charges = new Map<string, Charge>();
  private readonly answers = new Map<string, Answered>();

  constructor(
    private readonly weather: Weather,
    private readonly random: SeededRandom,
  ) {}

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
      } else charge.status = 'authorised';
      return intentOf(charge);
    });
  }

  spendKey(request: AuthoriseRequest): ProviderResult {
    const body = `create ${JSON.stringify(request)}`;
    return this.once(request.key, body, () => intentOf(this.create(request)));
  }

  find(attemptId: string): ProviderResult | null {
    for (const charge of this.charges.values()) {
      if (charge.request.metadata.attempt_id === attemptId) return intentOf(charge);
    }
    return null;
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
      if (charge.status !== 'captured') charge.status = 'cancelled';
      return intentOf(charge);
    });
  }

  private create(request: AuthoriseRequest): Charge {
    const id = `pi_${this.charges.size + 1}`;
    const charge: Charge = {
      id,
      request,
      status: 'unconfirmed',
      declineCode: null,
      captures: 0,
    };
    this.charges.set(id, charge);
    return charge;
  }

  /** The first answer of a key is its answer for good, a failure of the provider included. */
  private once(key: string, body: string, work: () => ProviderResult): ProviderResult {
    const known = this.answers.get(key);
    if (known !== undefined && known.body !== body) {
      return { kind: 'key_spent', reason: 'key used with other parameters' };
    }
    if (known?.result === null) {
      return { kind: 'key_spent', reason: 'the provider failed under this key' };
    }
    if (known !== undefined) return known.result;
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

const noSuchIntent: ProviderResult = { kind: 'refused', code: 'resource_missing', fault: 'setup' };

const intentOf = (charge: Charge): { readonly kind: 'intent'; readonly intent: IntentView } => {
  const { id, status, declineCode } = charge;
  return { kind: 'intent', intent: { id, status, declineCode } };
};
