import fc from 'fast-check';
import { signatureOf } from '#apps/payments/simulator/webhooks.js';
import { newsOf } from '#apps/payments/webhooks/stripe-events.js';
import { signatureProblem } from '#apps/payments/webhooks/signature.js';
import { drawn, promise, textBytes, type FuzzTarget, type OpenTarget } from '../target.js';

/** Webhooks of the payment provider: a header and a body, of which only what was signed counts. */
export const webhookTarget: FuzzTarget = { name: 'webhooks', open };

const secret = 'whsec_fuzz';
const nowMs = 1_800_000_000_000;

function open(): Promise<OpenTarget> {
  const object = { object: 'payment_intent', id: 'pi_1', metadata: { attempt_id: 'att_1' } };
  const event = { id: 'evt_1', object: 'event', type: 'a.b', created: 1, data: { object } };
  const good = ['evt_1', 'evt_2'].map((id) => {
    const body = JSON.stringify({ ...event, id });
    return `${signatureOf(body, secret, nowMs / 1_000)}\n${body}`;
  });
  const run: OpenTarget['run'] = (input) => {
    const end = Buffer.from(input).indexOf('\n');
    const header = Buffer.from(input.subarray(0, Math.max(0, end))).toString('latin1');
    const body = input.subarray(end + 1);
    const news = newsOf(body);
    promise(news === null || /^evt_\w+$/.test(news.eventId), 'an id that is none was taken');
    const believed = signatureProblem(body, header, [secret], nowMs) === null;
    const signed = good.map((text) => text.slice(text.indexOf('\n') + 1));
    const known = signed.includes(Buffer.from(body).toString('latin1'));
    promise(!believed || known, 'a body that nobody signed was believed');
    return Promise.resolve(believed && news !== null ? 'accepted' : 'refused');
  };
  const valid = drawn(fc.constantFrom(...good).map(textBytes));
  return Promise.resolve({ valid, run, close: () => Promise.resolve() });
}
