import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

import { limits } from '#libs/contracts/limits.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';

import { startHarness, type Harness } from '../testing/harness.js';
import { LiveClient } from '../testing/live-client.js';
import { externalUserId } from './issuers.js';

const issuer = 'https://accounts.example';
const audience = 'tickets';

describe('an external issuer', () => {
  let keys: Server;
  let served: object[];
  let fetches: number;
  let refresh: () => void;
  let key: CryptoKey;
  let harness: Harness;

  /** The system's, but that keys are fetched when `refresh` is called. */
  const clock: Clock = {
    ...systemClock,
    every: (periodMs, callback) => {
      if (periodMs !== limits.issuerKeysFreshMs) return systemClock.every(periodMs, callback);
      const before = refresh;
      refresh = () => (before(), callback());
      return () => undefined;
    },
  };

  beforeEach(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
    served = [jwk];
    fetches = 0;
    refresh = () => undefined;
    keys = createServer((_request, response) => {
      fetches += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: served }));
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const jwks_url = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
    const HOLDFAST_TOKEN_ISSUERS = [{ issuer, jwks_url, audience }];
    harness = await startHarness({ config: { HOLDFAST_TOKEN_ISSUERS }, clock });
  });

  afterEach(async () => {
    await harness.stop();
    keys.closeAllConnections();
    await new Promise((resolve) => keys.close(resolve));
  });

  const token = (
    claims: { iss?: string; aud?: string; exp?: string; sub?: string } = {},
  ): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject(claims.sub ?? 'auth0|someone@example.com')
      .setIssuer(claims.iss ?? issuer)
      .setAudience(claims.aud ?? audience)
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? '5m')
      .sign(key);

  const hold = (bearer: string, seat: string): ReturnType<Harness['call']> =>
    harness.call('POST', '/v1/reservations', {
      token: bearer,
      body: { event_id: 'evt_show1', seat_ids: [seat] },
    });

  it('lets its accounts hold seats, under a short id that names no person', async () => {
    expect((await hold(await token(), 'A-1')).status).toBe(201);
    const userId = harness.inventory.calls.find((c) => c.request.type === 'HoldSeats')?.userId;
    expect(userId).toBe(externalUserId(issuer, 'auth0|someone@example.com'));
    expect(String(userId)).toMatch(/^ext_[0-9a-f]{32}$/);
  });

  it('alone lets buy where buyers must be somebody', async () => {
    (harness.catalogue.detail.rules as { buyers: string }).buyers = 'verified';
    const guest = await harness.session();
    const refused = await hold(guest.token, 'A-1');
    expect([refused.status, refused.code]).toEqual([409, 'verified_buyers_only']);
    expect(harness.inventory.calls).toEqual([]);
    const bearer = await token();
    expect((await hold(bearer, 'A-1')).status).toBe(201);
    // Also by the short way, once the event and the token are known.
    expect((await hold(guest.token, 'A-2')).code).toBe('verified_buyers_only');
    expect((await hold(bearer, 'A-2')).status).toBe(201);
  });

  it('is asked for its keys once, not per request', async () => {
    const bearer = await token();
    for (const seat of ['A-1', 'A-2', 'A-3']) expect((await hold(bearer, seat)).status).toBe(201);
    expect((await hold(await token(), 'A-4')).status).toBe(201);
    expect(fetches).toBe(1);
  });

  it.each<[string, Parameters<typeof token>[0], string]>([
    ['another audience', { aud: 'somebody-else' }, 'unauthorized'],
    ['nobody', { sub: ' ' }, 'unauthorized'],
    ['another issuer', { iss: 'https://other.example' }, 'unauthorized'],
    ['the past', { exp: '-1m' }, 'token_expired'],
  ])('does not vouch for a token of %s', async (_what, claims, code) => {
    const answer = await hold(await token(claims), 'A-1');
    expect([answer.status, answer.code]).toEqual([401, code]);
    expect(harness.inventory.version).toBe(0);
  });

  it('does not vouch for a token that somebody else signed', async () => {
    ({ privateKey: key } = await generateKeyPair('ES256'));
    expect((await hold(await token(), 'A-1')).code).toBe('unauthorized');
  });

  it('that cannot be reached is a reason to come back, not a wrong token', async () => {
    keys.closeAllConnections();
    await new Promise((resolve) => keys.close(resolve));
    const answer = await hold(await token(), 'A-1');
    expect([answer.status, answer.code]).toEqual([503, 'unavailable']);
  });

  it('that takes a key back ends what its tokens opened, and they buy nothing more', async () => {
    const bearer = await token();
    const guest = await harness.session();
    const live = '/v1/events/evt_show1/live?token=';
    const [theirs, other] = [bearer, guest.token].map(
      (text) => new LiveClient(harness.wsUrl + live + text),
    );
    const stream = await fetch(harness.url + live + bearer, {
      headers: { accept: 'text/event-stream' },
    });
    await theirs.untilFrame('snapshot');
    await other.untilFrame('snapshot');
    expect((await hold(bearer, 'A-1')).status).toBe(201);
    served = [];
    refresh();
    await theirs.untilClosed();
    expect(theirs.closeCode).toBe(4401);
    expect(theirs.frame('error')).toMatchObject({ error: { code: 'token_expired' } });
    expect(await stream.text()).toContain('"token_expired"');
    // Long before what was verified would be verified again.
    expect((await hold(bearer, 'A-2')).code).toBe('unauthorized');
    expect((await hold(guest.token, 'A-2')).status).toBe(201);
    harness.inventory.setSeats([20], 1);
    await other.untilFrame('diff');
    other.close();
  });
});
