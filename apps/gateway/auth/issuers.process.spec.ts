import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import { limits } from '#libs/contracts/limits.js';
import { until } from '#libs/testing/until.js';

import { ExternalIssuers } from './issuers.js';

const issuer = 'https://accounts.example';
const audience = 'tickets';

describe('the keys of an issuer', () => {
  let server: Server;
  let served: object[];
  let fetches: number;
  let refresh: () => void;
  let issuers: ExternalIssuers;
  let token: string;

  beforeEach(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    served = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }];
    fetches = 0;
    server = createServer((_request, response) => {
      fetches += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: served }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const jwks_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const every = (periodMs: number, callback: () => void) => {
      expect(periodMs).toBe(limits.issuerKeysFreshMs);
      refresh = callback;
      return () => undefined;
    };
    issuers = new ExternalIssuers([{ issuer, jwks_url, audience }], { every });
    token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('someone')
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(privateKey);
  });

  afterEach(async () => {
    issuers.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const verdict = async (): Promise<string> => (await issuers.verify(token, Date.now())).kind;

  it('are not believed any more once he has taken them back', async () => {
    expect(await verdict()).toBe('valid');
    served = [];
    expect(await verdict()).toBe('valid');
    refresh();
    await until(async () => (await verdict()) === 'invalid', 'the key is known to be gone');
    expect(fetches).toBe(2);
  });

  it('are not fetched for an issuer whom nobody comes from', async () => {
    refresh();
    expect(await verdict()).toBe('valid');
    expect(fetches).toBe(1);
  });

  it('do without him for a while', async () => {
    expect(await verdict()).toBe('valid');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    refresh();
    expect(await verdict()).toBe('valid');
    expect(await verdict()).toBe('valid');
  });
});
