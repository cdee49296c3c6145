import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  encodeAnswer,
  encodeFailure,
  encodeOverloaded,
  decodeBody,
} from '#libs/bus/control-call.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { BookCall, BookReply, BookingView } from '#libs/contracts/payments.js';
import type {
  AreaIndex,
  BookingId,
  EventId,
  HoldId,
  MinorUnits,
  SeatIndex,
  UserId,
} from '#libs/inventory/ids.js';
import type { Quote, Refusal } from '#libs/inventory/refusal-codes.js';
import type { CallResult } from '#libs/routing/inventory-call.js';

import { loadedEdges } from './edge/testing/loaded-edges.js';
import { startHarness, type Harness, type Reply } from './testing/harness.js';

const refusedWith = (refusal: Refusal): CallResult => ({
  kind: 'answered',
  answer: { kind: 'refused', refusal },
  replayed: false,
});

const show = '/v1/events/evt_show1';
const hold = (seatIds: readonly string[]): object => ({ event_id: 'evt_show1', seat_ids: seatIds });

describe.each(loadedEdges)('the gateway over %s', (edge) => {
  let harness: Harness;
  let token: string;
  let userId: string;

  beforeEach(async () => {
    harness = await startHarness({ edge });
    ({ token, userId } = await harness.session());
  });

  afterEach(() => harness.stop());

  const reserve = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    harness.call('POST', '/v1/reservations', { token, body, headers });

  describe('sessions', () => {
    it('gives every guest an identity of their own that lasts a day', async () => {
      const { status, json } = await harness.call('POST', '/v1/sessions');
      expect(status).toBe(201);
      expect(json.user_id).not.toBe(userId);
      const leftMs = Date.parse(String(json.expires_at)) - Date.now();
      expect(leftMs).toBeGreaterThan(23 * 3_600_000);
    });
  });

  describe('events', () => {
    it.each([
      ['/v1/events', 'page_size'],
      ['/v1/events/search', 'pageSize'],
    ])('lists what a search finds, and says where the other pages are: %s', async (path, size) => {
      harness.catalogue.total = 11;
      const query = `keyword=shwo&city=Utrecht&start=2027-01-01&end=&page=2&${size}=5`;
      const { status, headers, text } = await harness.call('GET', `${path}?${query}`);
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual([
        {
          event_id: 'evt_show1',
          name: 'The Show',
          type: 'concert',
          date: '2027-05-01T20:00:00+02:00',
          time_zone: 'Europe/Amsterdam',
          venue_id: 'ven_7',
          venue_name: 'Old "Hall"',
          city: 'Utrecht',
          thumbnail_url: 'https://pictures.example/show.5f3a.jpg',
          performers: ['Somebody'],
          starts_at: '2027-05-01T18:00:00.000Z',
          on_sale_at: null,
          cancelled_at: null,
          currency: 'EUR',
          currency_digits: 2,
          price_min: 5000,
          price_max: 5000,
        },
      ]);
      expect(headers.get('x-total-count')).toBe('11');
      const kept = `keyword=shwo&city=Utrecht&start=2027-01-01&page=3&${size}=5`;
      expect(headers.get('link')).toContain(`<${path}?${kept}>; rel="next"`);
      expect(harness.catalogue.searches[0]).toEqual({
        keyword: 'shwo',
        city: 'Utrecht',
        ...{ startMs: null, endMs: null, startDay: '2027-01-01', endDay: null },
        ...{ type: null, availableAtMs: null },
        page: 2,
        pageSize: 5,
      });
    });

    it('takes a date for the day at the venue, and a time for a moment', async () => {
      await harness.call('GET', '/v1/events?end=2027-03-01&start=2027-02-01T00:00:00%2B01:00');
      expect(harness.catalogue.searches[0]).toMatchObject({
        ...{ endDay: '2027-03-01', endMs: null },
        ...{ startDay: null, startMs: Date.UTC(2027, 0, 31, 23) },
      });
    });

    it('takes a search whose fields are all left empty for none', async () => {
      const empty = '/v1/events/search?keyword=&start=&end=&pageSize=&page=';
      expect((await harness.call('GET', empty)).headers.get('x-total-count')).toBe('1');
      expect(harness.catalogue.searches[0]).toMatchObject({ keyword: '', page: 1, pageSize: 20 });
    });

    it('shows an event with what is left of it', async () => {
      harness.inventory.setSeats([0, 1], 2);
      const { json } = await harness.call('GET', show);
      expect(json).toMatchObject({
        event_id: 'evt_show1',
        venue_name: 'Old "Hall"',
        sale_status: 'open',
        accessible_release: 'never',
        wheelchair_limit: 2,
        availability: { seats: { free: 38, held: 0, booked: 2, blocked: 0 } },
      });
    });

    it('shows an event without its live part while the owner cannot be reached', async () => {
      harness.inventory.override = () => ({
        kind: 'unavailable',
        retryAfterMs: 60_000,
        executed: 'no',
      });
      const { status, json } = await harness.call('GET', show);
      expect([status, json.availability, json.sale_status]).toEqual([200, null, null]);
    });
  });

  describe('reservations', () => {
    it('holds named seats and area places in one cart', async () => {
      const body = { ...hold(['A-1', 'A-2']), areas: [{ area: 'Floor', quantity: 2 }] };
      const { status, json } = await reserve(body);
      expect(status).toBe(201);
      expect(json).toMatchObject({
        event_id: 'evt_show1',
        seat_ids: ['A-1', 'A-2'],
        seat_labels: ['Main, Row A, Seat 1', 'Main, Row A, Seat 2'],
        areas: [{ area: 'Floor', quantity: 2 }],
        total: 20_000,
        currency: 'EUR',
      });
      expect(Date.parse(String(json.expires_at))).toBeGreaterThan(Date.now());
    });

    it('passes what best available should look for by index', async () => {
      const best = { quantity: 3, category: 'Standard', section: 'Main', may_split: true };
      const { json } = await reserve({ event_id: 'evt_show1', best_available: [best] });
      expect(json.seat_ids).toEqual(['A-1', 'A-2', 'A-3']);
      expect(harness.inventory.calls.at(-1)?.request).toMatchObject({
        best: [{ quantity: 3, category: 0, section: 0, maySplit: true }],
      });
    });

    it('answers a conflict with the seats and an alternative', async () => {
      await reserve(hold(['A-1', 'A-2']));
      const other = await harness.session();
      const { status, error } = await harness.call('POST', '/v1/reservations', {
        token: other.token,
        body: hold(['A-2', 'A-3']),
      });
      expect(status).toBe(409);
      expect(error).toMatchObject({
        code: 'seats_unavailable',
        seat_ids: ['A-2'],
        seat_labels: ['Main, Row A, Seat 2'],
        alternative: {
          seat_ids: ['A-3', 'A-4'],
          seat_labels: ['Main, Row A, Seat 3', 'Main, Row A, Seat 4'],
        },
      });
    });

    it('gives a repeated key the same answer and one effect', async () => {
      const headers = { 'idempotency-key': 'order 1' };
      const first = await reserve(hold(['A-1']), headers);
      const again = await reserve(hold(['A-1']), headers);
      expect(again.text).toBe(first.text);
      expect(harness.inventory.version).toBe(1);
    });

    it('keeps the keys of different buyers apart', async () => {
      const headers = { 'idempotency-key': 'k' };
      const other = await harness.session();
      await reserve(hold(['A-1']), headers);
      const body = hold(['A-2']);
      const options = { token: other.token, body, headers };
      expect((await harness.call('POST', '/v1/reservations', options)).status).toBe(201);
    });

    it('shows, extends and releases a reservation', async () => {
      const held = await reserve(hold(['A-1', 'A-2', 'A-3']));
      const path = `/v1/reservations/${String(held.json.reservation_id)}`;
      const shown = await harness.call('GET', path, { token });
      expect(shown.json).toMatchObject({ status: 'held', seat_ids: ['A-1', 'A-2', 'A-3'] });
      const longer = await harness.call('POST', `${path}/extend`, { token, body: { seconds: 60 } });
      expect(Date.parse(String(longer.json.expires_at))).toBe(
        Date.parse(String(held.json.expires_at)) + 60_000,
      );
      const part = await harness.call('DELETE', path, { token, body: { seat_ids: ['A-2'] } });
      expect(part.json).toMatchObject({ status: 'held', seat_ids: ['A-1', 'A-3'] });
      const rest = await harness.call('DELETE', path, { token });
      expect(rest.json).toMatchObject({ status: 'released', seat_ids: [] });
      expect((await harness.call('GET', path, { token })).code).toBe('reservation_not_found');
    });

    it('tells who expected another total what the places cost now, line by line', async () => {
      const quote: Quote = {
        seats: [0, 1, 2] as SeatIndex[],
        areas: [{ area: 0 as AreaIndex, quantity: 2 }],
        prices: [
          { count: 2, priceMinor: 6_000 as MinorUnits },
          { count: 3, priceMinor: 2_500 as MinorUnits },
        ],
        totalMinor: 19_500 as MinorUnits,
      };
      harness.inventory.override = ({ request }) =>
        request.type === 'HoldSeats' ? refusedWith({ code: 'price_changed', quote }) : null;
      const { status, error } = await reserve({ ...hold(['A-1']), expected_total: 5_000 });
      expect(harness.inventory.calls.at(-1)?.request).toMatchObject({ expectedTotal: 5_000 });
      expect(status).toBe(409);
      expect(error).toMatchObject({
        code: 'price_changed',
        total: 19_500,
        currency: 'EUR',
        lines: [
          { seat_ids: ['A-1', 'A-2'], price: 6_000 },
          { seat_ids: ['A-3'], price: 2_500 },
          { area: 'Floor', quantity: 2, price: 2_500 },
        ],
      });
    });

    it('gives a hold back that an older owner made at another total than expected', async () => {
      const { status, error } = await reserve({ ...hold(['A-1']), expected_total: 4_999 });
      expect([status, error]).toMatchObject([409, { code: 'price_changed', total: 5_000 }]);
      expect(harness.inventory.calls.at(-1)?.request.type).toBe('ReleaseHold');
      const right = await reserve({ ...hold(['A-1']), expected_total: 5_000 });
      expect([right.status, right.json.total]).toEqual([201, 5_000]);
    });

    it('passes on who needs a wheelchair space, and names the seats that are kept', async () => {
      const kept = [1, 2] as SeatIndex[];
      harness.inventory.override = ({ request }) =>
        request.type === 'HoldSeats' && request.wheelchairs !== 1
          ? refusedWith({ code: 'accessible_seats_protected', seats: kept })
          : null;
      const { status, error } = await reserve(hold(['A-1', 'A-2', 'A-3']));
      const code = 'accessible_seats_protected';
      expect([status, error]).toMatchObject([409, { code, seat_ids: ['A-2', 'A-3'] }]);
      const wanted = { ...hold(['A-1', 'A-2', 'A-3']), wheelchairs: 1 };
      expect((await reserve(wanted)).status).toBe(201);
      expect((await reserve({ ...wanted, wheelchairs: -1 })).error.field).toBe('wheelchairs');
    });

    it('leaves a hold alone that stood before under the same key', async () => {
      const headers = { 'idempotency-key': 'standing' };
      const made = await reserve(hold(['A-1']), headers);
      const path = `/v1/reservations/${String(made.json.reservation_id)}`;
      const standing = made.json.reservation_id as HoldId;
      const outcome = { type: 'hold', holdId: standing, seats: [0], areas: [] } as const;
      const answer = {
        kind: 'accepted',
        outcome: { ...outcome, totalMinor: 5_000, deadlineMs: 9e12 },
      };
      harness.inventory.override = ({ request }) =>
        request.type === 'HoldSeats'
          ? ({ kind: 'answered', answer, replayed: true } as never)
          : null;
      const other = await reserve({ ...hold(['A-1']), expected_total: 1 }, headers);
      expect([other.status, other.code]).toEqual([409, 'price_changed']);
      expect(harness.inventory.calls.at(-1)?.request.type).toBe('HoldSeats');
      expect((await harness.call('GET', path, { token })).json).toMatchObject({ status: 'held' });
    });

    it('passes on which seats are wished, and gives back what an older owner chose', async () => {
      const best = { quantity: 2, avoid: ['restricted_view'], with: ['hearing_loop'] };
      const { code } = await reserve({ event_id: 'evt_show1', best_available: [best] });
      expect(code).toBe('no_block_available');
      const [asked, given] = harness.inventory.calls.slice(-2).map(({ request }) => request);
      expect(asked).toMatchObject({ best: [{ quantity: 2, avoiding: 4, having: 8 }] });
      expect(given.type).toBe('ReleaseHold');
      const both = { ...best, avoid: ['hearing_loop'] };
      const wrong = await reserve({ event_id: 'evt_show1', best_available: [both] });
      expect(wrong.error.field).toBe('best_available[0].avoid');
    });

    it('holds nothing of a sale that is over', async () => {
      harness.inventory.override = () => refusedWith({ code: 'sale_ended' });
      const { status, code } = await reserve(hold(['A-1']));
      expect([status, code]).toEqual([409, 'sale_ended']);
    });

    it('says of an unknown outcome which reservation to ask for', async () => {
      harness.inventory.override = (call) =>
        call.request.type === 'HoldSeats' ? { kind: 'unknown', retryAfterMs: 1500 } : null;
      const { status, error, headers } = await reserve(hold(['A-1']));
      expect([status, error.code]).toEqual([503, 'outcome_unknown']);
      expect(headers.get('retry-after')).toBe('2');
      expect(String(error.reservation_id)).toMatch(/^rsv_show1_/);
    });

    it('says of an event that only its shard does not know yet when to try again', async () => {
      harness.inventory.override = (call) =>
        call.request.type === 'HoldSeats' ? { kind: 'unknown_event' } : null;
      const { status, error, headers } = await reserve(hold(['A-1']));
      expect([status, error.code]).toEqual([503, 'unavailable']);
      expect(headers.get('retry-after')).toBe('1');
    });

    it('locks seats as the first half of the asynchronous pair', async () => {
      const options = { token, body: hold(['A-1']) };
      const { status, json } = await harness.call('POST', '/v1/reserve', options);
      expect([status, json.status]).toEqual([200, 'locked']);
      expect((await harness.call('POST', '/v1/reserve', options)).status).toBe(409);
    });
  });

  describe('bookings', () => {
    const holdId = 'rsv_show1_aaaaaaaaaaaaaaaaaaaa' as HoldId;
    const request = { reservation_id: holdId, payment_token: 'pm_card_visa', idempotency_key: 'k' };

    const view = (state: BookingView['state']): BookingView => ({
      bookingId: 'bkg_show1_aaaaaaaaaaaaaaaaaaaa' as BookingId,
      eventId: 'evt_show1' as EventId,
      holdId,
      userId: userId as UserId,
      state,
      seats: ['A-1'],
      areas: [],
      totalMinor: 5000,
      currency: 'EUR',
      createdAtMs: 1_800_000_000_000,
    });

    function payments(pattern: string, reply: (call: BookCall) => unknown): void {
      harness.far.subscribe(subjects.payments(pattern), (message) => {
        const answer = encodeAnswer(reply(decodeBody(message.payload) as BookCall));
        harness.far.publish(message.replyTo ?? '', answer);
      });
    }

    const book = (path: string): Promise<Reply> =>
      harness.call('POST', path, { token, body: request });

    it('is 201 with the booking when the payment went through', async () => {
      const calls: BookCall[] = [];
      payments('book', (call) => {
        calls.push(call);
        return { kind: 'confirmed', booking: view('CONFIRMED') } satisfies BookReply;
      });
      const { status, json, headers } = await book('/v1/bookings');
      expect([status, json.status]).toEqual([201, 'CONFIRMED']);
      expect(headers.get('location')).toBe('/v1/bookings/bkg_show1_aaaaaaaaaaaaaaaaaaaa');
      expect(calls[0]).toMatchObject({ userId, holdId, paymentToken: 'pm_card_visa' });
    });

    it.each<[string, () => BookReply, number, string]>([
      ['still running', () => ({ kind: 'pending', booking: view('PENDING') }), 202, ''],
      [
        'declined',
        () => ({ kind: 'declined', booking: view('DECLINED'), declineCode: 'generic_decline' }),
        402,
        'payment_declined',
      ],
      ['too late', () => ({ kind: 'hold_gone', reason: 'expired' }), 400, 'reservation_expired'],
      ['over', () => ({ kind: 'hold_gone', reason: 'sale_ended' }), 409, 'sale_ended'],
      [
        'for nothing',
        () => ({ kind: 'hold_gone', reason: 'not_found' }),
        404,
        'reservation_not_found',
      ],
      [
        'done already',
        () => ({
          kind: 'hold_gone',
          reason: 'not_found',
          bookingId: 'bkg_show1_aaaaaaaaaaaaaaaaaaaa' as BookingId,
        }),
        409,
        'already_booked',
      ],
      [
        'under the least charge',
        () => ({
          kind: 'declined',
          booking: view('DECLINED'),
          declineCode: 'processing_error',
          because: 'amount_not_chargeable',
        }),
        409,
        'amount_not_chargeable',
      ],
      ['under a used key', () => ({ kind: 'key_reused' }), 409, 'idempotency_key_reused'],
      ['the second', () => ({ kind: 'payment_in_progress' }), 409, 'payment_in_progress'],
      ['not possible', () => ({ kind: 'unavailable', retryAfterMs: 700 }), 503, 'unavailable'],
    ])('of a payment that is %s has its own status', async (_what, reply, status, code) => {
      payments('book', reply);
      const answer = await book('/v1/bookings');
      expect([answer.status, answer.code]).toEqual([status, code]);
    });

    it('is 503 overloaded, with a time, when payments have no room to begin', async () => {
      for (const pattern of ['book', 'get', 'list']) {
        harness.far.subscribe(subjects.payments(pattern), ({ replyTo }) => {
          harness.far.publish(replyTo ?? '', encodeOverloaded(2_500));
        });
      }
      const path = '/v1/bookings/bkg_show1_aaaaaaaaaaaaaaaaaaaa';
      const answers = [
        await book('/v1/bookings'),
        await book('/v1/checkout'),
        await harness.call('GET', path, { token }),
        await harness.call('GET', '/v1/me/bookings', { token }),
      ];
      for (const { status, code, headers } of answers) {
        expect([status, code, headers.get('retry-after')]).toEqual([503, 'overloaded', '3']);
      }
    });

    it('is 503 of unknown outcome when a payments process failed at it', async () => {
      harness.far.subscribe(subjects.payments('book'), ({ replyTo }) => {
        harness.far.publish(replyTo ?? '', encodeFailure('a bug'));
      });
      const { status, code } = await book('/v1/bookings');
      expect([status, code]).toEqual([503, 'outcome_unknown']);
    });

    it('is 503 and safe to repeat when no payments process runs', async () => {
      const { status, code } = await book('/v1/bookings');
      expect([status, code]).toEqual([503, 'unavailable']);
    });

    it('is accepted at once by checkout', async () => {
      const waits: number[] = [];
      payments('book', (call) => {
        waits.push(call.waitMs);
        return { kind: 'pending', booking: view('PENDING') };
      });
      const { status, json, headers } = await book('/v1/checkout');
      expect([status, json.status, waits]).toEqual([202, 'PENDING', [0]]);
      expect(headers.get('location')).toContain('/v1/bookings/bkg_show1_');
    });

    it('is shown to its buyer and listed', async () => {
      payments('get', () => ({ kind: 'found', booking: view('CONFIRMED') }));
      payments('list', () => ({ kind: 'page', bookings: [view('CONFIRMED')], nextCursor: null }));
      const path = '/v1/bookings/bkg_show1_aaaaaaaaaaaaaaaaaaaa';
      expect((await harness.call('GET', path, { token })).json).toMatchObject({
        seat_ids: ['A-1'],
      });
      const list = await harness.call('GET', '/v1/me/bookings', { token });
      expect(list.json).toMatchObject({ bookings: [{ total: 5000 }], next_cursor: null });
    });
  });

  describe('probes', () => {
    it('are ready only while the bus, a shard and the database are there', async () => {
      expect((await harness.call('GET', '/readyz')).status).toBe(200);
      harness.inventory.ready = false;
      harness.database.away = true;
      const { status, json } = await harness.call('GET', '/readyz');
      expect([status, json.missing]).toEqual([503, ['inventory', 'database']]);
      harness.database.away = false;
      expect((await harness.call('GET', '/livez')).status).toBe(200);
    });

    it('count requests by route and by status', async () => {
      await reserve(hold(['A-1']));
      await reserve(hold(['A-1']));
      const text = await harness.gateway.metrics.text();
      expect(text).toContain(
        'holdfast_requests_total{route="createReservation",outcome="ok",role="gateway"} 1',
      );
      expect(text).toContain('holdfast_responses_total{status="409",role="gateway"} 1');
    });
  });

  it('refuses a port that is taken', async () => {
    const PORT = harness.gateway.port;
    await expect(startHarness({ edge, config: { PORT } })).rejects.toThrow('is it in use?');
  });
});
