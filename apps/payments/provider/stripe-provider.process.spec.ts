import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLog } from '#libs/platform/log.js';

import type { PaymentProvider } from './provider.js';
import { createStripeProvider } from './stripe-provider.js';

let server: Server | null = null;

afterEach(() => {
  server?.close();
});

/** A provider that answers requests with these status codes, in this order. */
async function answering(...codes: readonly number[]): Promise<PaymentProvider> {
  const left = [...codes];
  const started = createServer((request, response) => {
    request.resume();
    response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { type: 'invalid_request_error', message: 'no' } }));
  });
  server = started;
  await new Promise<void>((resolve) => void started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return createStripeProvider({
    secretKey: 'sk_test_1',
    apiBase: `http://127.0.0.1:${port}`,
    timeoutMs: 3_000,
    log: silentLog(),
  });
}

const request = {
  key: 'att_1',
  amountMinor: 5_000,
  currency: 'EUR',
  paymentToken: 'pm_card_visa',
  metadata: { attempt_id: 'att_1' },
};

describe('a key of ours that the provider refuses', () => {
  it('is a definite no when it is the first answer', async () => {
    const provider = await answering(401);
    expect(await provider.authorise(request)).toMatchObject({ kind: 'refused', fault: 'setup' });
  });

  it('says nothing of the try before it', async () => {
    const provider = await answering(500, 401);
    expect(await provider.authorise(request)).toMatchObject({ kind: 'unclear' });
  });
});
