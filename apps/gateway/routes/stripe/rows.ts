import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { ChallengePage, Received } from './schemas.js';

const intent = Type.Object({
  intent_id: Type.String({ pattern: '^pi_[A-Za-z0-9]{1,100}$' }),
});

export const stripeRows = {
  hearStripe: {
    method: 'POST',
    path: '/v1/stripe/webhook',
    summary: 'Where Stripe says what became of a payment',
    description:
      'For Stripe, which signs the body as it stands. 200 once the event is recorded; the same ' +
      'event again is answered the same and has no effect.',
    auth: 'none',
    object: 'none',
    proof: 'invalid_signature',
    // Stripe has few addresses and many events; who signs wrong is slowed down (webhook-door.ts).
    cost: 0,
    raw: { contentType: 'application/json', bytesMax: limits.webhookBytesMax },
    headers: ['stripe-signature'],
    responses: { 200: { description: 'Recorded.', schema: Received } },
    errors: ['invalid_signature', 'invalid_request', 'unavailable'],
  },
  showChallenge: {
    method: 'GET',
    path: '/v1/stripe/3d-secure/{intent_id}',
    summary: "The page of the simulated buyer's bank",
    description:
      'Only with the Stripe simulator, which asks there for `next_action`. For who has the ' +
      '`client_secret` of the intent.',
    auth: 'none',
    object: 'none',
    proof: 'not_found',
    params: intent,
    query: Type.Object({ client_secret: Type.String({ minLength: 1, maxLength: 200 }) }),
    responses: {
      200: { description: 'The page.', contentType: 'text/html', schema: ChallengePage },
    },
    errors: ['not_found', 'unavailable'],
  },
  answerChallenge: {
    method: 'POST',
    path: '/v1/stripe/3d-secure/{intent_id}',
    summary: "The buyer's answer on that page",
    auth: 'none',
    object: 'none',
    proof: 'not_found',
    params: intent,
    raw: {
      contentType: 'application/x-www-form-urlencoded',
      bytesMax: limits.challengeFormBytesMax,
    },
    responses: {
      200: { description: 'A page.', contentType: 'text/html', schema: ChallengePage },
      303: { description: 'Back to the `return_url`.', headers: { Location: 'It.' } },
    },
    errors: ['not_found', 'unavailable'],
  },
} satisfies Rows;
