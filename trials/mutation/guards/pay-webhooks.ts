import { edit, type Mutation } from '../mutation.js';

const signature = 'apps/payments/webhooks/signature.ts';
const signatureSpecs = ['apps/payments/webhooks/signature.spec.ts'];
const news = 'apps/payments/store/news-writer.ts';
const newsSpecs = ['apps/payments/store/news-writer.spec.ts'];
const storeSpecs = ['apps/payments/store/attempt-store.process.spec.ts'];
const doorSpecs = ['apps/gateway/routes/stripe/webhook-door.spec.ts'];
const door = 'apps/gateway/routes/stripe/webhook-door.ts';

/** What the payment provider says by webhook. */
export const payWebhooks: readonly Mutation[] = [
  {
    name: 'hook-signed',
    guarantee: 'access',
    guard: 'a webhook is believed when it is signed',
    file: signature,
    edits: edit("return right ? null : 'wrong';", 'return right ? null : null;'),
    specs: signatureSpecs,
  },
  {
    name: 'hook-old',
    guarantee: 'access',
    guard: 'a webhook of long ago is not believed',
    file: signature,
    edits: edit("if (ageMs > limits.webhookAgeMsMax) return 'too_old';", ''),
    specs: signatureSpecs,
  },
  {
    name: 'hook-future',
    guarantee: 'access',
    guard: 'a webhook of the future is not believed',
    file: signature,
    edits: edit("if (ageMs < -limits.webhookFutureMsMax) return 'from_the_future';", ''),
    specs: signatureSpecs,
  },
  {
    name: 'hook-once',
    guarantee: 'G4',
    guard: 'an event has its effect once',
    file: news,
    edits: edit('FROM told JOIN heard USING (event_id) WHERE moves', 'FROM told WHERE moves'),
    specs: storeSpecs,
  },
  {
    name: 'hook-alone',
    guarantee: 'G8',
    guard: 'an event of the provider is kept out by no other',
    file: news,
    edits: edit(
      'else await this.#writeApart(together);',
      'else for (const one of together) one.reject(error);',
    ),
    specs: newsSpecs,
  },
  {
    name: 'hook-away',
    guarantee: 'G8',
    guard: 'no event waits for a database that is away for each of those before it',
    file: news,
    edits: edit('if (isDatabaseAway(error)) this.#refuse(together, error);\n      else if', 'if'),
    specs: newsSpecs,
  },
  {
    name: 'hook-order',
    guarantee: 'G8',
    guard: 'events of refunds and disputes are not written with others',
    file: news,
    edits: edit('if (movesRefunds(news) || movesDisputes(news)) return this.#hearAlone(news);', ''),
    specs: newsSpecs,
  },
  {
    name: 'hook-bound',
    guarantee: 'G8',
    guard: 'a bounded number of webhooks is handed on at once',
    file: door,
    edits: edit('if (this.inFlight >= limits.webhooksInFlightMax) return 1_000;', ''),
    specs: doorSpecs,
  },
  {
    name: 'hook-wrong-tries',
    guarantee: 'G8',
    guard: 'an address that signs wrong has few tries',
    file: door,
    edits: edit('return bucket.tokens < 1;', 'return bucket.tokens < 0;'),
    specs: doorSpecs,
  },
];
