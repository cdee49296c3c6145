import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { systemClock } from '#libs/platform/clock.js';
import type { UserId } from '#libs/inventory/ids.js';

import { GuestTokens } from './auth/guest-tokens.js';
import { loadedEdges } from './edge/testing/loaded-edges.js';
import { startHarness, type Harness } from './testing/harness.js';

const secret = 'a secret of at least 32 characters';
const eventId = 'evt_show1';
const reservationId = 'rsv_show1_aaaaaaaaaaaaaaaaaaaa';

type Case = readonly [what: string, body: unknown, status: number, code: string, field: string];

/** Everything a client can get wrong is answered, changes nothing, and ends nothing. */
describe.each(loadedEdges)('bad input over %s', (edge) => {
  let harness: Harness;
  let token: string;

  beforeEach(async () => {
    harness = await startHarness({ edge });
    ({ token } = await harness.session());
  });

  /** The proof that goes with every case: no command was accepted and the gateway serves on. */
  afterEach(async () => {
    const version = harness.inventory.version;
    const body = { event_id: eventId, seat_ids: ['D-10'] };
    const fresh = await harness.session();
    const next = await harness.call('POST', '/v1/reservations', { token: fresh.token, body });
    await harness.stop();
    expect(version).toBe(0);
    expect(next.status).toBe(201);
  });

  const reserve: readonly Case[] = [
    ['a list', [], 400, 'invalid_request', 'body'],
    ['null', null, 400, 'invalid_request', 'body'],
    ['nothing in it', {}, 400, 'invalid_request', 'event_id'],
    ['no places', { event_id: eventId }, 400, 'invalid_request', 'seat_ids'],
    ['no seat ids', { event_id: eventId, seat_ids: [] }, 400, 'invalid_request', 'seat_ids'],
    [
      'a seat of the wrong type',
      { event_id: eventId, seat_ids: ['A-1', 7] },
      400,
      'invalid_request',
      'seat_ids[1]',
    ],
    [
      'seat ids of the wrong type',
      { event_id: eventId, seat_ids: 'A-1' },
      400,
      'invalid_request',
      'seat_ids',
    ],
    ['an unknown field', { event_id: eventId, seat: ['A-1'] }, 400, 'invalid_request', 'seat'],
    ['an unknown event', { event_id: 'evt_nope', seat_ids: ['A-1'] }, 404, 'event_not_found', ''],
    [
      'an event id that is none',
      { event_id: 'x y', seat_ids: ['A-1'] },
      404,
      'event_not_found',
      '',
    ],
    [
      'an over-long event id',
      { event_id: `evt_${'a'.repeat(60)}`, seat_ids: ['A-1'] },
      404,
      'event_not_found',
      '',
    ],
    [
      'an event id that is none, and a cart that is none',
      { event_id: 'x y', seat_ids: [7] },
      400,
      'invalid_request',
      'seat_ids[0]',
    ],
    ['an event id that is a number', { event_id: 7 }, 400, 'invalid_request', 'event_id'],
    [
      'an unknown seat',
      { event_id: eventId, seat_ids: ['A-1', 'Z-99'] },
      400,
      'unknown_seat',
      'seat_ids[1]',
    ],
    [
      'an over-long seat id',
      { event_id: eventId, seat_ids: ['x'.repeat(300)] },
      400,
      'invalid_request',
      'seat_ids[0]',
    ],
    [
      'a seat twice',
      { event_id: eventId, seat_ids: ['A-1', 'A-2', 'A-1'] },
      400,
      'duplicate_seat',
      'seat_ids[2]',
    ],
    [
      'too many seats',
      { event_id: eventId, seat_ids: Array.from({ length: 51 }, (_, i) => `A-${i}`) },
      400,
      'too_many_places',
      'seat_ids',
    ],
    [
      'an unknown area',
      { event_id: eventId, areas: [{ area: 'Roof', quantity: 1 }] },
      400,
      'unknown_area',
      'areas[0].area',
    ],
    [
      'an area twice',
      {
        event_id: eventId,
        areas: [
          { area: 'Floor', quantity: 1 },
          { area: 'Floor', quantity: 1 },
        ],
      },
      400,
      'duplicate_seat',
      'areas[1]',
    ],
    [
      '0 places in an area',
      { event_id: eventId, areas: [{ area: 'Floor', quantity: 0 }] },
      400,
      'invalid_request',
      'areas[0].quantity',
    ],
    [
      'half a place',
      { event_id: eventId, areas: [{ area: 'Floor', quantity: 1.5 }] },
      400,
      'invalid_request',
      'areas[0].quantity',
    ],
    [
      'a negative party',
      { event_id: eventId, best_available: [{ quantity: -2 }] },
      400,
      'invalid_request',
      'best_available[0].quantity',
    ],
    [
      'an absurd party',
      { event_id: eventId, best_available: [{ quantity: 999_999 }] },
      400,
      'too_many_places',
      'best_available',
    ],
    [
      'an unknown category',
      { event_id: eventId, best_available: [{ quantity: 1, category: 'Gold' }] },
      400,
      'unknown_category',
      'best_available[0].category',
    ],
    [
      'an unknown section',
      { event_id: eventId, best_available: [{ quantity: 1, section: 'Up' }] },
      400,
      'unknown_section',
      'best_available[0].section',
    ],
  ];

  it.each(reserve)('in a reservation is refused: %s', async (_what, body, status, code, field) => {
    const answer = await harness.call('POST', '/v1/reservations', { token, body });
    expect([answer.status, answer.code, answer.error.field ?? '']).toEqual([status, code, field]);
  });

  it('in a field that does not exist is told so in words', async () => {
    const body = { event_id: eventId, seats: ['A-1'] };
    const { error } = await harness.call('POST', '/v1/reservations', { token, body });
    expect(error).toMatchObject({ field: 'seats', detail: 'is not a known field' });
  });

  it.each([
    ['not JSON', '{"event_id":'],
    ['empty', ''],
    ['a word', 'hello'],
    ['binary', '\u0000\u0001'],
  ])('in a body is refused when it is %s', async (_what, text) => {
    const answer = await harness.call('POST', '/v1/reservations', { token, text });
    expect([answer.status, answer.code]).toEqual([400, 'malformed_json']);
  });

  it('of over 16 KiB is refused, in one piece or in many', async () => {
    const seats = Array.from({ length: 4_000 }, (_, i) => `A-${i}`);
    const body = { event_id: eventId, seat_ids: seats };
    const answer = await harness.call('POST', '/v1/reservations', { token, body });
    expect([answer.status, answer.code]).toEqual([413, 'body_too_large']);
    const huge = await raw([
      `POST /v1/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`,
      `Content-Length: 900000\r\n\r\n${'x'.repeat(20_000)}`,
    ]);
    expect(huge).toContain('413 Content Too Large');
  });

  it('in pieces is put together before it is judged', async () => {
    const body = JSON.stringify({ event_id: eventId, seat_ids: ['Z-1'] });
    const head = `POST /v1/reservations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    const parts = [body.slice(0, 9), body.slice(9, 20), body.slice(20)];
    const answer = await raw([`${head}Content-Length: ${body.length}\r\n\r\n`, ...parts]);
    expect(answer).toContain('unknown_seat');
  });

  describe('in a token', () => {
    const tokens = new GuestTokens(secret);
    const user = 'usr_aaaaaaaaaaaaaaaaaaaa' as UserId;
    const good = (): string => tokens.sign(user, systemClock.nowMs(), 60_000).token;

    it.each<[string, () => string, string]>([
      ['that is none', () => 'nonsense', 'unauthorized'],
      ['with another signature', () => `${good().slice(0, -4)}AAAA`, 'unauthorized'],
      [
        'signed with another secret',
        () => new GuestTokens('y'.repeat(32)).sign(user, systemClock.nowMs(), 60_000).token,
        'unauthorized',
      ],
      [
        'that says it needs no signature',
        () => `${b64({ alg: 'none' })}.${b64({ sub: user, exp: 9e9 })}.`,
        'unauthorized',
      ],
      [
        'that has expired',
        () => tokens.sign(user, systemClock.nowMs() - 120_000, 60_000).token,
        'token_expired',
      ],
      [
        'of an issuer nobody configured',
        () => `${b64({ alg: 'RS256' })}.${b64({ iss: 'https://evil', sub: 'x' })}.AAAA`,
        'unauthorized',
      ],
      ['of 5 KiB', () => 'a'.repeat(5_000), 'unauthorized'],
    ])('is refused: one %s', async (_what, make, code) => {
      const body = { event_id: eventId, seat_ids: ['A-1'] };
      const answer = await harness.call('POST', '/v1/reservations', { token: make(), body });
      expect([answer.status, answer.code, answer.error.field]).toEqual([
        401,
        code,
        'header.authorization',
      ]);
    });

    it('is refused when it is missing', async () => {
      const answer = await harness.call('GET', '/v1/me/bookings');
      expect([answer.status, answer.code]).toEqual([401, 'unauthorized']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    });
  });

  it('in an Idempotency-Key is refused when it is too long', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(101) };
    const body = { event_id: eventId, seat_ids: ['A-1'] };
    const answer = await harness.call('POST', '/v1/reservations', { token, body, headers });
    expect([answer.code, answer.error.field]).toEqual([
      'invalid_request',
      'header.idempotency-key',
    ]);
  });

  /** uWebSockets.js drops such bytes from both ends of a value, before anybody sees them. */
  const unprintable = edge === 'node' ? ['Ä1', '1Ä', 'Ä', 'aÄb', 'a\tb'] : ['aÄb', 'a\tb'];

  it.each(unprintable)('in an Idempotency-Key is refused: %j', async (key) => {
    const headers = { 'idempotency-key': key };
    const body = { event_id: eventId, seat_ids: ['A-1'] };
    const answer = await harness.call('POST', '/v1/reservations', { token, body, headers });
    expect([answer.status, answer.code, answer.error.field]).toEqual([
      400,
      'invalid_request',
      'header.idempotency-key',
    ]);
  });

  it.each([
    ['page=-1', 'query.page'],
    ['page=0', 'query.page'],
    ['page=1e9', 'query.page'],
    ['page=abc', 'query.page'],
    ['page_size=0', 'query.page_size'],
    ['page_size=-5', 'query.page_size'],
    ['page_size=1000000', 'query.page_size'],
    ['page_size=5&page_size=6', 'query.page_size'],
    [`keyword=${'k'.repeat(300)}`, 'query.keyword'],
    ['start=yesterday', 'query.start'],
    ['end=2027-13-45', 'query.end'],
    ['end=2027-02-30', 'query.end'],
    ['type=circus', 'query.type'],
    ['sort=price', 'query.sort'],
    ['pageSize=5', 'query.pageSize'],
    ['__proto__=1', 'query.__proto__'],
  ])('in a search is refused: %s', async (query, field) => {
    const answer = await harness.call('GET', `/v1/events?${query}`);
    expect([answer.status, answer.code, answer.error.field]).toEqual([
      400,
      'invalid_request',
      field,
    ]);
    expect(harness.catalogue.searches).toHaveLength(0);
  });

  it.each([
    ['GET', '/v1/events/evt_nope', 404, 'event_not_found'],
    ['GET', '/v1/events/evt_nope/seats', 404, 'event_not_found'],
    ['GET', `/v1/reservations/${reservationId}`, 404, 'reservation_not_found'],
    ['DELETE', `/v1/reservations/${reservationId}`, 404, 'reservation_not_found'],
    ['POST', `/v1/reservations/${reservationId}/extend`, 404, 'reservation_not_found'],
    ['GET', '/v1/reservations/rsv_nope_aaaaaaaaaaaaaaaaaaaa', 404, 'reservation_not_found'],
    ['GET', '/v1/reservations/rsv_1', 400, 'invalid_request'],
    ['GET', `/v1/bookings/${'b'.repeat(500)}`, 400, 'invalid_request'],
    ['GET', '/v1/nothing', 404, 'not_found'],
    ['GET', '/metrics', 404, 'not_found'],
    ['PUT', '/v1/reservations', 405, 'method_not_allowed'],
    ['PATCH', '/v1/events', 405, 'method_not_allowed'],
  ])('in an address is refused: %s %s', async (method, path, status, code) => {
    const answer = await harness.call(method, path, { token });
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  it('names the methods that an address does know', async () => {
    const path = `/v1/reservations/${reservationId}`;
    const { headers } = await harness.call('PUT', path, { token });
    expect(headers.get('allow')).toBe('GET, HEAD, DELETE');
  });

  it.each([
    [
      'a reservation id that is none',
      { reservation_id: 'x', payment_token: 'p', idempotency_key: 'k' },
      'reservation_id',
    ],
    [
      'an empty payment token',
      { reservation_id: reservationId, payment_token: '', idempotency_key: 'k' },
      'payment_token',
    ],
    [
      'a key with a line break',
      { reservation_id: reservationId, payment_token: 'p', idempotency_key: 'a\nb' },
      'idempotency_key',
    ],
    [
      'an empty key',
      { reservation_id: reservationId, payment_token: 'p', idempotency_key: '' },
      'idempotency_key',
    ],
    [
      'an over-long token',
      { reservation_id: reservationId, payment_token: 'p'.repeat(201), idempotency_key: 'k' },
      'payment_token',
    ],
  ])('in a booking is refused: %s', async (_what, body, field) => {
    const answer = await harness.call('POST', '/v1/bookings', { token, body });
    expect([answer.status, answer.code, answer.error.field]).toEqual([
      400,
      'invalid_request',
      field,
    ]);
  });

  it.each([
    ['garbage', ['GARBAGE\r\n\r\n']],
    ['a negative length', ['POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n']],
    ['headers without end', [`GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(70_000)}`]],
    ['half a request', ['POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{']],
  ])('on the wire does no harm: %s', async (_what, parts) => {
    const answer = await raw(parts);
    expect(answer).not.toContain('HTTP/1.1 2');
  });

  it('in a HEAD gets no body: it would be read as the next answer', async () => {
    const request = (path: string): string => `HEAD ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answers = [
      await raw([request('/v1/sessions')]),
      await raw([request('/v1/nothing')]),
    ].join('\n');
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 404']);
    expect(answers).toContain('Allow: POST');
    expect(answers).not.toContain('{');
  });

  it('in a HEAD does not end the connection for the request behind it', async () => {
    const head = 'HEAD /v1/sessions HTTP/1.1\r\nHost: x\r\n\r\n';
    const text = await raw([head + head + head.replace('HEAD /v1/sessions', 'GET /livez')]);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([405, 405, 200].map((n) => `HTTP/1.1 ${n}`));
  });

  it('in the size of a header is refused', async () => {
    const headers = { authorization: `Bearer ${'a'.repeat(9_000)}` };
    const answer = await harness.call('GET', '/v1/me/bookings', { headers });
    expect([answer.status, answer.code]).toEqual([431, 'headers_too_large']);
  });

  /** Writes piece after piece, and gives back what came until the server closed or went quiet. */
  function raw(parts: readonly string[]): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(harness.gateway.port, '127.0.0.1');
      let text = '';
      const finish = (): void => {
        socket.destroy();
        resolve(text);
      };
      socket.setNoDelay(true);
      socket.setTimeout(300, finish);
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', finish);
      socket.on('error', () => undefined);
      const next = (i: number): void => {
        if (i < parts.length) socket.write(parts[i], () => setImmediate(next, i + 1));
      };
      next(0);
    });
  }
});

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('state that exists', () => {
  let harness: Harness;
  let token: string;
  let path: string;
  const body = { event_id: eventId, seat_ids: ['A-1'] };
  const headers = { 'idempotency-key': 'once' };

  beforeEach(async () => {
    harness = await startHarness();
    ({ token } = await harness.session());
    const held = await harness.call('POST', '/v1/reservations', { token, body, headers });
    path = `/v1/reservations/${String(held.json.reservation_id)}`;
  });

  afterEach(() => harness.stop());

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/extend'],
  ])('is not there for anybody else: %s reservation%s', async (method, rest) => {
    const other = await harness.session();
    const answer = await harness.call(method, path + rest, { token: other.token });
    expect([answer.status, answer.code]).toEqual([404, 'reservation_not_found']);
    expect(harness.inventory.version).toBe(1);
  });

  it('does not change when a key is used again for something else', async () => {
    const other = { event_id: eventId, seat_ids: ['A-2'] };
    const answer = await harness.call('POST', '/v1/reservations', { token, body: other, headers });
    expect([answer.status, answer.code]).toEqual([409, 'idempotency_key_reused']);
    expect(harness.inventory.version).toBe(1);
  });

  it('does not change when a release names seats of somebody else', async () => {
    const answer = await harness.call('DELETE', path, { token, body: { seat_ids: ['A-5'] } });
    expect([answer.status, answer.code, answer.error.seat_ids]).toEqual([
      400,
      'not_in_reservation',
      ['A-5'],
    ]);
    expect(harness.inventory.version).toBe(1);
  });
});
