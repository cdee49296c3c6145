import { createHash } from 'node:crypto';

import type { Bus } from '#libs/bus/bus.js';
import { controlCall } from '#libs/bus/control-call.js';
import { bankPageStyle } from '#libs/contracts/bank-page-style.js';
import { limits } from '#libs/contracts/limits.js';
import type {
  ChallengeCall,
  ChallengeReply,
  WebhookCall,
  WebhookReply,
} from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../../admission/admission.js';
import type { Exchange } from '../../http/exchange.js';
import type { Handlers } from '../area.js';
import type { stripeRows } from './rows.js';
import { WebhookDoor } from './webhook-door.js';

/**
 * What Stripe says, and the page of the simulated bank. Nothing of either is read here: payments
 * has the secrets.
 */
export interface StripeParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly admission: Admission;
}

export function stripeHandlers(parts: StripeParts): Handlers<typeof stripeRows> {
  const door = new WebhookDoor(parts.admission, parts.clock);
  return {
    hearStripe: (exchange) => hearStripe(parts, door, exchange),
    showChallenge: (exchange) => {
      const { client_secret: secret } = exchange.query as { client_secret: string };
      const form = new URLSearchParams({ client_secret: secret }).toString();
      return challenge(parts, exchange, 'GET', form);
    },
    answerChallenge: (exchange) => {
      const form = (exchange.body as Buffer).toString('utf8');
      return challenge(parts, exchange, 'POST', form);
    },
  };
}

/** Long texts are no signatures of Stripe's, which has 64 digits for each secret. */
const signatureLengthMax = 1_000;

async function hearStripe(parts: StripeParts, door: WebhookDoor, exchange: Exchange) {
  const waitMs = door.enter(exchange);
  if (waitMs > 0) return exchange.error('unavailable', { retry_after_ms: waitMs });
  const signature = exchange.headers.stripeSignature;
  const call: WebhookCall = {
    body: exchange.body as Buffer,
    signature: signature.length > signatureLengthMax ? '' : signature,
    trace: exchange.trace,
  };
  let isStripe = true;
  try {
    const subject = subjects.payments('webhook');
    const { bus } = parts;
    const reply = await controlCall<WebhookReply>(bus, subject, call, limits.controlCallTimeoutMs);
    const body: WebhookReply =
      reply.kind === 'ok' ? reply.body : { kind: 'unavailable', retryAfterMs: 1_000 };
    isStripe = body.kind !== 'bad_signature';
    answer(exchange, body);
  } finally {
    // The client may be gone by now, but its address is known to whoever asked before.
    door.leave(exchange, isStripe);
  }
}

function answer(exchange: Exchange, reply: WebhookReply): void {
  switch (reply.kind) {
    case 'recorded':
      return exchange.json(200, '{"received":true}');
    case 'bad_signature':
      return exchange.error('invalid_signature', { field: 'header.stripe-signature' });
    case 'unreadable':
      return exchange.error('invalid_request', { field: 'body' });
    case 'unavailable':
      return exchange.error('unavailable', { retry_after_ms: reply.retryAfterMs });
  }
}

const styleHash = createHash('sha256').update(bankPageStyle).digest('base64');

/** It fetches nothing, runs nothing, has one style and stands in nobody's frame. */
const pageHeaders = [
  [
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
  ],
  ['Cache-Control', 'no-store'],
  ['Referrer-Policy', 'no-referrer'],
] as const;

async function challenge(
  { bus }: StripeParts,
  exchange: Exchange,
  method: ChallengeCall['method'],
  form: string,
): Promise<void> {
  const call: ChallengeCall = {
    method,
    intentId: exchange.params[0],
    form,
    trace: exchange.trace,
  };
  const subject = subjects.payments('challenge');
  const reply = await controlCall<ChallengeReply>(bus, subject, call, limits.controlCallTimeoutMs);
  if (reply.kind !== 'ok') return exchange.error('unavailable', { retry_after_ms: 1_000 });
  const { body } = reply;
  switch (body.kind) {
    case 'page':
      return exchange.send(200, 'text/html; charset=utf-8', body.html, pageHeaders);
    case 'sent_back':
      return exchange.send(303, 'text/plain', '', [...pageHeaders, ['Location', body.location]]);
    case 'not_found':
      return exchange.error('not_found');
  }
}
