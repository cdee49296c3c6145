import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { WebhookCall, WebhookReply } from '#libs/contracts/payments.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Counter } from '#libs/platform/metrics.js';

import type { AttemptStore } from '../store/attempt-store.js';
import { isKnownType, newsOf } from './stripe-events.js';
import { signatureProblem } from './signature.js';

/**
 * What Stripe says. An event wakes the attempt or the refund that it is about, in the transaction
 * that records it by its id; what became of the intent, the saga asks the intent. So it may come at
 * any time, in any order and any number of times, and it may never come: then the saga polls.
 */
export interface WebhookPorts {
  readonly store: Pick<AttemptStore, 'hear'>;
  /** Work is due. */
  readonly wake: () => void;
  /** Any of them will do, while one is replaced by another. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

export const webhookOutcomes = [
  'recorded',
  'repeated',
  'unknown_type',
  'unreadable',
  'unavailable',
  'missing',
  'malformed',
  'too_old',
  'from_the_future',
  'wrong',
] as const;

export type WebhookOutcome = (typeof webhookOutcomes)[number];

const retryAfterMs = 1_000;

export class WebhookService {
  heard: Readonly<Record<WebhookOutcome, Counter>> = Object.fromEntries(
    webhookOutcomes.map((outcome) => [outcome, { value: 0 }]),
  ) as Record<WebhookOutcome, Counter>;

  constructor(private readonly ports: WebhookPorts) {}

  async take({ body, signature }: WebhookCall): Promise<WebhookReply> {
    const { store, wake, secrets, clock, log } = this.ports;
    const problem = signatureProblem(body, signature, secrets, clock.nowMs());
    if (problem !== null) {
      this.heard[problem].value += 1;
      return { kind: 'bad_signature' };
    }
    const news = newsOf(body);
    if (news === null) {
      this.heard.unreadable.value += 1;
      return { kind: 'unreadable' };
    }
    try {
      const { isNew, isDue } = await store.hear(news);
      const known = isKnownType(news) ? 'recorded' : 'unknown_type';
      this.heard[isNew ? known : 'repeated'].value += 1;
      if (isDue) wake();
      return { kind: 'recorded' };
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      this.heard.unavailable.value += 1;
      log.warn({ err: error, event: news.eventId }, 'an event of the provider is not recorded');
      return { kind: 'unavailable', retryAfterMs };
    }
  }
}
