import type { ChallengeCall, ChallengeReply } from '#libs/contracts/payments.js';
import { limits } from '#libs/contracts/limits.js';

/** Hands the simulated bank's page on. Stripe itself has its own, which browsers reach. */
export class ChallengePages {
  constructor(private readonly apiBase: string | undefined) {}

  async show({ method, intentId, form }: ChallengeCall): Promise<ChallengeReply> {
    const { apiBase } = this;
    const own = apiBase === undefined || new URL(apiBase).hostname === 'api.stripe.com';
    if (own || !/^pi_[A-Za-z0-9]{1,100}$/.test(intentId)) return { kind: 'not_found' };
    const page = new URL(`/v1/stripe/3d-secure/${intentId}`, apiBase);
    if (method === 'GET') page.search = form;
    const answer = await fetch(page, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.providerTimeoutMs),
      ...(method === 'GET' ? {} : { body: form }),
    });
    const html = await answer.text();
    const location = answer.headers.get('location');
    if (location !== null) return { kind: 'sent_back', location };
    return answer.status === 200 ? { kind: 'page', html } : { kind: 'not_found' };
  }
}
