import fc from 'fast-check';
import { textBytes } from '../target.js';

/** Requests as a hostile client composes them: every part is good, nearly good, or absurd. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const eventId = fc.constantFrom('evt_show1', 'evt_nope', 'evt_', '../..', '%00', 'e'.repeat(300));
const rowId = fc.constantFrom(
  'rsv_show1_aaaaaaaaaaaaaaaaaaaa',
  'bkg_show1_aaaaaaaaaaaaaaaaaaaa',
  'rsv_1',
  '%2e%2e',
  '',
);
const seat = fc.oneof(
  fc.constantFrom('A-1', 'A-2', 'B-3', 'Z-99', '', '\ud800'),
  fc.string(),
  fc.nat(),
);
const quantity = fc.constantFrom(1, 2, 0, -1, 1.5, 1e9, '2', null);
const area = fc.record({ area: fc.constantFrom('Floor', 'Roof', '__proto__', ''), quantity });
const best = fc.record(
  { quantity, category: seat, section: seat, price_max: quantity, may_split: fc.anything() },
  { requiredKeys: ['quantity'] },
);
const listOf = (one: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: fc.array(one, { maxLength: 3 }) }, fc.jsonValue());
const cart = fc.record(
  { event_id: eventId, seat_ids: listOf(seat), areas: listOf(area), best_available: listOf(best) },
  { requiredKeys: ['event_id'] },
);
const key = fc.constantFrom('k1', 'k2', '', 'k'.repeat(101), 'é', '\u007f', ' ');
const booking = fc.record({ reservation_id: rowId, payment_token: key, idempotency_key: key });
const body = fc.oneof(
  { weight: 4, arbitrary: cart },
  booking,
  fc.record({ seat_ids: listOf(seat), seconds: quantity }),
  fc.jsonValue(),
  fc.constantFrom('', '{', 'null', '[]', '"\\ud800"', '['.repeat(8_000), 'x'.repeat(17_000)),
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(
      fc.constantFrom(
        'page',
        'page_size',
        'pageSize',
        'keyword',
        'start',
        'end',
        'city',
        'version',
        'token',
        'x',
      ),
      fc.oneof(fc.string(), fc.constantFrom('1', '-1', '1e9', '2027-01-01', '\u0000')),
      { maxKeys: 4 },
    )
    .map((values) => `?${new URLSearchParams(values).toString()}`),
  fc.constantFrom('?', '?&&=', '?%', '?page=1&page=2', '?__proto__=1'),
);
const path = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('/v1/sessions', '/v1/events', '/v1/reservations', '/v1/bookings', '/', '//'),
      fc.constantFrom('/v1/events/search', '/v1/reserve', '/v1/checkout'),
      eventId.map((id) => `/v1/media/${id}`),
      fc.constantFrom('/v1/me/bookings', '/livez', '/readyz', '/metrics', '/v1/nothing'),
      eventId.map((id) => `/v1/events/${id}`),
      fc
        .tuple(eventId, fc.constantFrom('seats', 'seats/1.0', 'seats/9.9', 'live', 'x'))
        .map(([id, rest]) => `/v1/events/${id}/${rest}`),
      rowId.map((id) => `/v1/reservations/${id}`),
      rowId.map((id) => `/v1/reservations/${id}/extend`),
      rowId.map((id) => `/v1/bookings/${id}`),
      fc.constantFrom('a', 'b', '').map((digit) => `/v1/layouts/${digit.repeat(64)}`),
    ),
    query,
  )
  .map((parts) => parts.join(''));
const headers = fc.dictionary(
  fc.constantFrom(
    'accept',
    'accept-encoding',
    'if-none-match',
    'idempotency-key',
    'last-event-id',
    'authorization',
    'x-a',
  ),
  fc.constantFrom(
    '',
    '0',
    '*/*',
    'text/event-stream',
    'application/vnd.holdfast.seats',
    '"1"',
    'Bearer x',
    'k'.repeat(101),
    'h'.repeat(9_000),
  ),
  { maxKeys: 3 },
);
const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS');

export const requests: fc.Arbitrary<Uint8Array> = fc
  .record({ method, path, headers, body })
  .map((plain) => textBytes(JSON.stringify(plain)));

/** The same on the wire, with lengths that lie; `X-Token: 1` is replaced by a good token. */
export const wireRequests: fc.Arbitrary<Uint8Array> = fc
  .record({
    method,
    path,
    body,
    length: fc.constantFrom('', '0', '-5', '4294967296', '99999999999999999999', '1, 2'),
    extra: fc.constantFrom('', 'Transfer-Encoding: chunked\r\n', 'Upgrade: websocket\r\n'),
  })
  .map(({ method: verb, path: where, body: value, length, extra }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const said = length === '' ? String(Buffer.byteLength(text)) : length;
    const first = `${verb} ${where} HTTP/1.1\r\nHost: x\r\nX-Token: 1\r\n`;
    const head = `${first}Content-Length: ${said}\r\n`;
    return textBytes(`${head}${extra}\r\n${text}`);
  });
