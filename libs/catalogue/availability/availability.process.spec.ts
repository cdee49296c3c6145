import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { everyEvent, type EventQuery } from '../catalogue.js';
import { createPostgresCatalogue, type CachedCatalogue } from '../postgres-catalogue.js';
import { fillCatalogue } from '../testing/many-events.js';
import {
  createPostgresAvailability,
  type AvailabilityCount,
  type AvailabilityStore,
} from './availability.js';

const eventCount = 60;
const nowMs = Date.UTC(2026, 11, 1);
let postgres: TestPostgres;
let pool: Pool;
let catalogue: CachedCatalogue;
let store: AvailabilityStore;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'availability-spec', max: 4, answerWithinMs: 10_000 });
  catalogue = createPostgresCatalogue(pool);
  store = createPostgresAvailability(pool);
  await fillCatalogue(pool, eventCount);
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

beforeEach(() => pool.query('TRUNCATE event_availability'));

const count = (i: number, more: Partial<AvailabilityCount> = {}): AvailabilityCount => ({
  ...{ eventId: `evt_${i}` as EventId, epoch: 1, version: 1 },
  ...{ free: 0, saleStatus: 'open', ...more },
});

const query = (more: Partial<EventQuery> = {}): EventQuery => ({
  ...{ ...everyEvent, pageSize: 100, availableAtMs: nowMs, ...more },
});

async function found(more: Partial<EventQuery> = {}): Promise<string[]> {
  const { total, events } = await catalogue.search(query(more));
  expect(total).toBe(events.length);
  return events.map(({ eventId }) => eventId);
}

describe('searches for what can still be had', () => {
  it('leave out what is sold out or closed, whatever else is asked for', async () => {
    await store.write([
      count(0),
      count(8, { free: 3, saleStatus: 'closed' }),
      count(16, { free: 3 }),
      count(24, { free: 9, saleStatus: 'scheduled' }),
    ]);
    const all = await found();
    expect(all).toHaveLength(eventCount - 2);
    expect(all).not.toContain('evt_0');
    // Every eighth is a concert, and in London.
    const rest = ['evt_16', 'evt_24', 'evt_32', 'evt_40', 'evt_48', 'evt_56'];
    expect(await found({ keyword: 'concert' })).toEqual(rest);
    expect(await found({ city: 'london' })).toEqual(rest);
    expect(await found({ keyword: 'concert', startMs: 0 })).toEqual(rest);
    expect(await found({ keyword: 'conecrt' })).toEqual(rest);
    expect(await found({ availableAtMs: null, city: 'london' })).toHaveLength(8);
  });

  it('leave out sales that are over', async () => {
    const rules = `rules || '{"endsAtMs": ${nowMs}}'`;
    await pool.query(`UPDATE event SET rules = ${rules} WHERE event_id = 'evt_3'`);
    expect(await found({ availableAtMs: nowMs - 1 })).toContain('evt_3');
    expect(await found()).not.toContain('evt_3');
  });

  it('go by the later count, in whatever order they are written', async () => {
    await store.write([count(1, { epoch: 2, version: 7, free: 5 })]);
    await store.write([count(1, { epoch: 1, version: 9 })]);
    await store.write([count(1, { epoch: 2, version: 6 })]);
    expect(await found()).toContain('evt_1');
    await store.write([count(1, { epoch: 2, version: 8 })]);
    expect(await found()).not.toContain('evt_1');
  });

  it('are counted by type, city and month, as they are listed', async () => {
    await store.write([count(0), count(5)]);
    const facets = await catalogue.facetsOf(query({ city: 'london' }));
    expect(facets).toMatchObject({
      total: 7,
      cities: [{ city: 'London', events: 7 }],
      months: [{ month: '2027-01', events: 7 }],
    });
    expect(facets.types.reduce((sum, { events }) => sum + events, 0)).toBe(7);
    const all = await catalogue.facetsOf(query({ availableAtMs: null }));
    expect(all.total).toBe(eventCount);
    expect(all.cities).toHaveLength(8);
    expect(all.cities[0]).toEqual({ city: 'Hamburg', events: 8 });
    const misspelt = await catalogue.facetsOf(query({ keyword: 'conecrt' }));
    expect(misspelt.total).toBe(7);
    const nothing = { total: 0, types: [], cities: [], months: [] };
    expect(await catalogue.facetsOf(query({ keyword: 'xqzzw' }))).toEqual(nothing);
    expect(await catalogue.facetsOf(query({ keyword: '&' }))).toEqual(nothing);
  });
});
