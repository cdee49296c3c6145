import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { encodeFacts, factLevelNewest, type Fact } from '#libs/inventory/inventory.js';
import type { AuditId } from '#libs/office/office.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';
import type { CallResult } from '#libs/routing/inventory-call.js';

import { fakeEventId } from '../../testing/fake-catalogue.js';
import { startHarness, type Harness } from '../../testing/harness.js';

const sales = `/v1/admin/events/${fakeEventId}`;
const because = { reason: 'the storm' };

let harness: Harness;
let own: string;
let other: string;
let sre: string;

beforeEach(async () => {
  harness = await startHarness();
  own = harness.operator('organiser', 'acme');
  other = harness.operator('organiser', 'rival');
  sre = harness.operator('sre');
  harness.office.list.push(
    { eventId: fakeEventId, name: 'The Show', organiser: 'acme', startsAtMs: 0 },
    { ...{ eventId: 'evt_zzz' as never, name: 'Another', organiser: 'rival' }, startsAtMs: 0 },
  );
});

afterEach(() => harness.stop());

describe('who runs events', () => {
  it('is asked for a role, and a guest has none', async () => {
    const { token } = await harness.session();
    const refused = await harness.call('GET', '/v1/admin/events', { token });
    expect([refused.status, refused.code]).toEqual([403, 'forbidden']);
    expect(refused.error.roles).toEqual(['organiser', 'support', 'finance', 'sre']);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    // Also once the token is known.
    expect((await harness.call('GET', '/v1/admin/events', { token })).status).toBe(403);
    expect((await harness.call('GET', '/v1/admin/events')).status).toBe(401);
  });

  it('has the roles of the route, not just any', async () => {
    const history = `${sales}/history`;
    for (const role of ['finance', 'organiser'] as const) {
      const token = harness.operator(role, 'acme');
      expect([role, (await harness.call('GET', history, { token })).status]).toEqual([role, 403]);
    }
    const token = harness.operator('support');
    expect((await harness.call('GET', history, { token })).status).toBe(200);
    const close = { token, body: because };
    expect((await harness.call('POST', `${sales}/close-sale`, close)).status).toBe(403);
  });

  it('is told nothing of a body before his role is known', async () => {
    const { token } = await harness.session();
    const call = { token, text: '{' };
    expect((await harness.call('POST', `${sales}/close-sale`, call)).code).toBe('forbidden');
  });

  it('sees his own events as an organiser, all as staff, in pages', async () => {
    const ids = async (token: string, query = ''): Promise<unknown> => {
      const { json } = await harness.call('GET', `/v1/admin/events${query}`, { token });
      return [(json.events as { event_id: string }[]).map((one) => one.event_id), json.next];
    };
    expect(await ids(own)).toEqual([[fakeEventId], null]);
    expect(await ids(other)).toEqual([['evt_zzz'], null]);
    expect(await ids(harness.operator('organiser'))).toEqual([[], null]);
    expect(await ids(sre)).toEqual([[fakeEventId, 'evt_zzz'], null]);
    expect(await ids(sre, '?page_size=1')).toEqual([[fakeEventId], fakeEventId]);
    expect(await ids(sre, `?page_size=1&after=${fakeEventId}`)).toEqual([['evt_zzz'], null]);
  });

  it('is told what is held and taken', async () => {
    harness.office.taken.set(fakeEventId, { bookings: 3, totalMinor: 15_000 });
    const { token } = await harness.session();
    const body = { event_id: fakeEventId, seat_ids: ['A-1', 'A-2'] };
    await harness.call('POST', '/v1/reservations', { token, body });
    const { status, json, headers } = await harness.call('GET', sales, { token: own });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toMatchObject({
      event_id: fakeEventId,
      organiser: 'acme',
      sale_status: 'open',
      seats: { free: 38, held: 2, booked: 0, blocked: 0 },
      bookings: 3,
      takings: 15_000,
      currency: 'EUR',
    });
  });

  it('cannot tell another’s event from none (OE1)', async () => {
    for (const path of ['', '/open-sale', '/close-sale']) {
      const method = path === '' ? 'GET' : 'POST';
      const options = { token: other, ...(path === '' ? {} : { body: because }) };
      const theirs = await harness.call(method, sales + path, options);
      const none = await harness.call(method, `/v1/admin/events/evt_none${path}`, options);
      expect([path, theirs.status, theirs.text]).toEqual([path, 404, none.text]);
    }
    expect(harness.inventory.calls.filter(({ request }) => request.type === 'CloseSale')).toEqual(
      [],
    );
    expect(harness.office.rows).toEqual([]);
  });

  it('of an event that is nobody’s is staff', async () => {
    Object.assign(harness.catalogue.detail, { organiser: null });
    expect((await harness.call('GET', sales, { token: own })).status).toBe(404);
    expect((await harness.call('GET', sales, { token: sre })).status).toBe(200);
  });
});

describe('a change by a role', () => {
  const close = (token: string) =>
    harness.call('POST', `${sales}/close-sale`, { token, body: because });

  it('is a fact with his name and a record with his reason', async () => {
    const { status, json } = await close(own);
    expect([status, json]).toEqual([200, { event_id: fakeEventId, sale_status: 'closed' }]);
    const call = harness.inventory.calls.at(-1);
    const by = { role: 'operator', name: 'organiser organiser of the house' };
    expect([call?.request, call?.by]).toEqual([{ type: 'CloseSale' }, by]);
    expect(harness.office.rows).toMatchObject([
      { who: 'organiser of the house', role: 'organiser', what: 'closeSale', outcome: 'done' },
    ]);
    expect(harness.office.rows[0].reason).toBe('the storm');
    const { json: audit } = await harness.call('GET', `${sales}/audit`, { token: sre });
    expect(audit).toMatchObject({
      entries: [{ reason: 'the storm', outcome: 'done' }],
      next: null,
    });
  });

  it('is not tried where it cannot be on record (AD1)', async () => {
    harness.office.begin = () => Promise.reject(new Error('no'));
    expect((await close(own)).status).toBe(500);
    expect(harness.inventory.calls).toEqual([]);
  });

  it('needs a reason', async () => {
    for (const body of [{}, { reason: '' }, { reason: 'a\u0007b' }, { reason: 'x'.repeat(201) }]) {
      const { status, error } = await harness.call('POST', `${sales}/open-sale`, {
        token: own,
        body,
      });
      expect([status, error.field]).toEqual([400, 'reason']);
    }
  });

  it.each<[CallResult, number, string]>([
    [
      {
        kind: 'answered',
        answer: { kind: 'refused', refusal: { code: 'sale_ended' } },
        replayed: false,
      },
      409,
      'refused: sale_ended',
    ],
    [{ kind: 'unknown', retryAfterMs: 500 }, 503, 'unknown'],
    [{ kind: 'unavailable', executed: 'no', retryAfterMs: 500 }, 503, 'unavailable'],
  ])('that was not done is on record too: %j', async (result, expected, outcome) => {
    harness.inventory.override = (call) => (call.request.type === 'CloseSale' ? result : null);
    expect((await close(sre)).status).toBe(expected);
    expect(harness.office.rows).toMatchObject([{ role: 'sre', outcome }]);
  });
});

describe('the history of an event', () => {
  it('is what its facts say, newest first', async () => {
    const by = { role: 'operator', name: 'sre alice' } as const;
    const facts = [
      { type: 'SaleOpened', atMs: 1_000, by: { role: 'system' } },
      { type: 'SeatsBlocked', atMs: 2_000, by, seats: [0, 1], areas: [{ area: 0, quantity: 5 }] },
    ].map((fact) => ({ reason: '', cause: { commandId: 'c', fingerprint: 1 }, ...fact }));
    harness.office.batches.set(fakeEventId, [
      { batchNo: 1, firstSeq: 1, facts: new Uint8Array(0) },
      { batchNo: 2, firstSeq: 1, facts: encodeFacts(facts as unknown as Fact[], factLevelNewest) },
      { batchNo: 3, firstSeq: 3, facts: Uint8Array.of(250, 1, 2, 3) },
    ]);
    const { json } = await harness.call('GET', `${sales}/history`, { token: sre });
    expect(json.entries).toMatchObject([
      { version: 3, what: 'Unknown' },
      {
        version: 2,
        at: '1970-01-01T00:00:02.000Z',
        what: 'SeatsBlocked',
        by: { role: 'operator', name: 'sre alice' },
        seat_ids: ['A-1', 'A-2'],
        areas: [{ area: 'Floor', quantity: 5 }],
      },
      { version: 1, what: 'SaleOpened', by: { role: 'system', name: '' } },
    ]);
    expect(json.next).toBeNull();
  });
});

describe('the record of what was asked for', () => {
  it('is shortened by the gateway to the days that are configured', async () => {
    const sweeps: (() => void)[] = [];
    const every: Clock['every'] = (periodMs, callback) => {
      if (periodMs !== limits.auditSweepMs) return systemClock.every(periodMs, callback);
      sweeps.push(callback);
      return () => undefined;
    };
    const config = { HOLDFAST_AUDIT_DAYS: 1 };
    const keeps = await startHarness({ config, clock: { ...systemClock, every } });
    const row = { who: 'a', what: 'closeSale', eventId: null, reason: 'x', trace: '' };
    const days = (count: number): number => systemClock.nowMs() - count * 86_400_000;
    for (const [id, askedAtMs] of [days(1.1), days(0.9)].entries()) {
      const when = { id: String(id) as AuditId, askedAtMs, outcome: null };
      keeps.office.rows.push({ ...row, role: 'sre', ...when });
    }
    sweeps.forEach((sweep) => sweep());
    const left = keeps.office.rows.map(({ id }) => id);
    await keeps.stop();
    expect(left).toEqual(['1']);
  });
});
