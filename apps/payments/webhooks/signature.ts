import { createHmac } from 'node:crypto';

import { limits } from '#libs/contracts/limits.js';
import { sameText } from '#libs/platform/same-text.js';

/**
 * Whether a webhook is Stripe's, over the bytes as they came (docs.stripe.com/webhooks). Our own
 * check of its time, both ways: the SDK's takes any age when it is told a tolerance of 0, and any
 * stamp of the future in any case.
 */
export type SignatureProblem = 'missing' | 'malformed' | 'too_old' | 'from_the_future' | 'wrong';

/** Stripe signs with each secret that is valid; a header with more is not looked through. */
const marksMax = 8;

/** null: it is Stripe's, and of now. `secrets`: any of them will do, none: nothing is Stripe's. */
export function signatureProblem(
  body: Uint8Array,
  header: string,
  secrets: readonly string[],
  nowMs: number,
): SignatureProblem | null {
  if (header === '') return 'missing';
  const parts = header.split(',').map((part) => part.trim().split('=', 2));
  const stamps = parts.filter(([name]) => name === 't').map(([, value]) => value);
  const marks = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
  const [stamp] = stamps;
  const odd = stamps.length !== 1 || !/^\d{1,12}$/.test(stamp ?? '');
  if (odd || marks.length === 0 || marks.length > marksMax) return 'malformed';
  const ageMs = nowMs - Number(stamp) * 1_000;
  if (ageMs > limits.webhookAgeMsMax) return 'too_old';
  if (ageMs < -limits.webhookFutureMsMax) return 'from_the_future';
  const right = secrets.some((secret) => {
    const mark = createHmac('sha256', secret).update(`${stamp}.`).update(body).digest('hex');
    return marks.some((given) => sameText(given, mark));
  });
  return right ? null : 'wrong';
}
