import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveMap } from '#libs/client/live-map.js';
import { snapshotOf } from '#libs/testing/map-frames.js';
import { Api, now } from './api.js';
import { Buyer, type Intent } from './buyer.js';
import { Tally } from './tally.js';

/** What the fake gateway was asked, in order. */
interface Asked {
  readonly line: string;
  readonly key: string;
  readonly body: Record<string, unknown>;
}
type Answer = readonly [status: number, body: object] | 'cut';

const seatIds = ['A-1', 'A-2', 'A-3', 'A-4'];
const hall = { seatIds, next: [1, 1, 1, 0], contested: 4 };
let server: Server | undefined;
let api: Api | undefined;

/** `script` answers in order; what is not in it gets the good answer. */
async function market(script: readonly Answer[]) {
  const asked: Asked[] = [];
  const answers = [...script];
  server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const line = `${request.method} ${request.url}`;
    if (line === 'POST /v1/sessions') return send(response, 201, { user_id: 'ann', token: 't' });
    asked.push({ line, key: String(request.headers['idempotency-key']), body });
    const next = answers.shift() ?? goodAnswer(line, body);
    if (next === 'cut') return void request.socket.destroy();
    send(response, ...next);
  };
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  api = new Api([`http://127.0.0.1:${(listening.address() as AddressInfo).port}`]);
  const map = new LiveMap();
  map.apply(snapshotOf(1, 'ffff'));
  const tally = new Tally();
  const closesAtMs = now() + 3_000;
  return { asked, tally, eventId: 'evt_x', hall, api, anyMap: () => map, closesAtMs };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function goodAnswer(line: string, { seat_ids }: Record<string, unknown>): Answer {
  if (line === 'POST /v1/reservations') return [201, { reservation_id: 'r1', seat_ids }];
  if (line.startsWith('DELETE')) return [200, { status: 'released' }];
  return [201, { booking_id: 'b1', status: 'CONFIRMED', seat_ids: ['A-1'] }];
}

const refusal = (status: number, code: string, more: object = {}): Answer => [
  status,
  { error: { code, ...more } },
];

afterEach(() => {
  api?.close();
  server?.close();
});

async function visit(intent: Intent, script: readonly Answer[] = []) {
  const given = await market(script);
  const buyer = new Buyer(given, { arrivesAtMs: 0, party: 1, intent, thinkMs: 0 });
  await buyer.run();
  return { ...given, evidence: buyer.evidence() };
}

describe('A buyer of the demo', () => {
  it('holds and books, and writes down both', async () => {
    const { asked, tally, evidence } = await visit('book');
    expect(asked.map(({ line }) => line)).toEqual(['POST /v1/reservations', 'POST /v1/bookings']);
    expect(tally).toMatchObject({ held: 1, booked: 1, errors: 0 });
    expect(evidence?.holds).toMatchObject([{ outcome: 'acknowledged', reservationId: 'r1' }]);
    expect(evidence?.bookings).toMatchObject([{ outcome: 'acknowledged', bookingId: 'b1' }]);
  });

  it('takes the block that a conflict offers, with a key of its own', async () => {
    const conflict = refusal(409, 'seats_unavailable', { alternative: { seat_ids: ['A-4'] } });
    const { asked, tally, evidence } = await visit('expire', [conflict]);
    expect(asked[1].body.seat_ids).toEqual(['A-4']);
    expect(asked[1].key).not.toBe(asked[0].key);
    expect(tally).toMatchObject({ held: 1, conflicts: 1, alternativesTaken: 1 });
    expect(evidence?.holds.map((hold) => hold.outcome)).toEqual(['refused', 'acknowledged']);
  });

  it('tries others where a seat is kept for wheelchairs', async () => {
    const kept = refusal(409, 'accessible_seats_protected');
    const { asked, tally } = await visit('expire', [kept]);
    expect(asked).toHaveLength(2);
    expect(tally).toMatchObject({ held: 1, conflicts: 1, errors: 0 });
  });

  it('repeats a request with the same key after a cut connection and a 503', async () => {
    const busy = refusal(503, 'unavailable', { retry_after_ms: 20 });
    const { asked, tally, evidence, api: used } = await visit('expire', ['cut', busy]);
    expect(asked.map(({ line }) => line)).toEqual(Array(3).fill('POST /v1/reservations'));
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(used.tally).toMatchObject({ brokenConnections: 1, unavailable: 1, slowedDown: 0 });
    expect(tally).toMatchObject({ held: 1, unknown: 0, errors: 0 });
    expect(evidence?.holds).toHaveLength(1);
  });

  it('keeps its hold when a card is declined, and then books or releases it', async () => {
    const declined = refusal(402, 'payment_declined', { decline_code: 'generic_decline' });
    const held: Answer = [201, { reservation_id: 'r1', seat_ids: ['A-1'] }];
    const { asked, tally, evidence } = await visit('decline', [held, declined]);
    expect(asked[1].body.payment_token).toBe('pm_card_chargeDeclined');
    expect(tally.declined).toBe(1);
    expect(tally.booked + tally.released).toBe(1);
    expect(evidence?.bookings[0]).toMatchObject({ outcome: 'refused', reservationId: 'r1' });
  });

  it('waits for a payment that runs on', async () => {
    const held: Answer = [201, { reservation_id: 'r1', seat_ids: ['A-1'] }];
    const running: Answer = [202, { booking_id: 'b1', status: 'PENDING' }];
    const done: Answer = [200, { booking_id: 'b1', status: 'CONFIRMED', seat_ids: ['A-1'] }];
    const { asked, tally } = await visit('book', [held, running, done]);
    expect(asked[2].line).toBe('GET /v1/bookings/b1');
    expect(tally.booked).toBe(1);
  });

  it('counts what it did not expect as an error, and a hold that ran out as too late', async () => {
    const odd = await visit('book', [refusal(400, 'unknown_seat')]);
    expect(odd.tally.errorCodes.get('hold 400 unknown_seat')).toBe(1);
    api?.close();
    server?.close();
    const held: Answer = [201, { reservation_id: 'r1', seat_ids: ['A-1'] }];
    const late = await visit('book', [held, refusal(400, 'reservation_expired')]);
    expect(late.tally).toMatchObject({ tooLate: 1, errors: 0 });
    expect(late.evidence?.bookings).toMatchObject([{ outcome: 'refused' }]);
  });
});
