import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

import { limits } from '#libs/contracts/limits.js';
import { until } from '#libs/testing/until.js';

import { IssuerKeys, type IssuerKey } from './issuer-keys.js';
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
  let withdrawn: IssuerKey[];
  let jwksUrl: URL;

  const jwkOf = async (publicKey: CryptoKey, kid: string): Promise<object> => ({
    ...(await exportJWK(publicKey)),
    ...{ kid, alg: 'ES256' },
  });

  beforeEach(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    served = [await jwkOf(publicKey, 'k1')];
    withdrawn = [];
    fetches = 0;
    server = createServer((_request, response) => {
      fetches += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: served }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    const jwks_url = jwksUrl.href;
    const every = (periodMs: number, callback: () => void) => {
      expect(periodMs).toBe(limits.issuerKeysFreshMs);
      refresh = callback;
      return () => undefined;
    };
    issuers = new ExternalIssuers([{ issuer, jwks_url, audience }], { every });
    issuers.onWithdrawn((key) => withdrawn.push(key));
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

  const signer = async (): Promise<IssuerKey | undefined> => {
    const found = await issuers.verify(token, Date.now());
    return found.kind === 'valid' ? found.identity.signedBy : undefined;
  };

  it('are withdrawn when they are gone, or others under their names, and told once', async () => {
    const old = await signer();
    expect(await signer()).toBe(old);
    const another = await generateKeyPair('ES256');
    served = [await jwkOf(another.publicKey, 'k1')];
    refresh();
    await until(() => withdrawn.length === 1, 'the key is withdrawn');
    expect([withdrawn, old?.withdrawn]).toEqual([[old], true]);
    expect(await verdict()).toBe('invalid');
    served = [];
    refresh();
    await until(() => fetches === 3, 'fetched again');
    expect(withdrawn).toHaveLength(1);
  });

  it('stay what they are beside others that come and go', async () => {
    const first = await signer();
    const another = await generateKeyPair('ES256');
    const [own] = served;
    for (const next of [[own, await jwkOf(another.publicKey, 'k2')], [{ ...own }]]) {
      const before = fetches;
      served = next;
      refresh();
      await until(() => fetches > before, 'fetched again');
      expect(await signer()).toBe(first);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    refresh();
    expect([await signer(), withdrawn]).toEqual([first, []]);
  });

  it('that went while a token was verified are withdrawn when they are named', async () => {
    const keys = new IssuerKeys(jwksUrl, (key) => withdrawn.push(key));
    const header = { alg: 'ES256', kid: 'k1' };
    const material = await keys.find(header);
    expect((await keys.use(header, material)).withdrawn).toBe(false);
    served = [];
    await keys.refresh();
    const late = await keys.use(header, material);
    expect([late.withdrawn, withdrawn.length]).toEqual([true, 2]);
  });
});
