import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { everyEvent, type Catalogue, type EventQuery } from './catalogue.js';
import { demoEventFile, demoEventIds, demoPlan, loadDemoCatalogue } from './demo/demo-catalogue.js';
import { demoEvents } from './demo/events.js';
import { checkEventFile } from './event-file.js';
import { importEvent, isCatalogueEmpty } from './import-event.js';
import { LayoutCorrupt } from './layout-codec.js';
import { createPostgresCatalogue } from './postgres-catalogue.js';
import { prepareEvent, type PreparedEvent } from './prepare-event.js';

const nowMs = Date.UTC(2027, 0, 15, 12);
const dayMs = 86_400_000;
let postgres: TestPostgres;
let databaseUrl: string;
let pool: Pool;
let catalogue: Catalogue;

beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.createDatabase();
  await migrate(databaseUrl);
  pool = openPool(databaseUrl, {
    applicationName: 'catalogue-spec',
    max: 4,
    answerWithinMs: 10_000,
  });
  catalogue = createPostgresCatalogue(pool);
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

const id = (text: string) => text as EventId;

const query = (more: Partial<EventQuery> = {}): EventQuery => ({ ...everyEvent, ...more });

async function found(more: Partial<EventQuery>): Promise<string[]> {
  return (await catalogue.search(query(more))).events.map((event) => event.eventId);
}

function preparedEvent(more: object): PreparedEvent {
  const [hamlet] = demoEvents;
  const file = checkEventFile({ ...demoEventFile(hamlet, nowMs), ...more });
  if (file.kind === 'invalid') throw new Error(JSON.stringify(file.problems));
  const prepared = prepareEvent(file.value, demoPlan('theatre'), nowMs);
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.problems));
  return prepared.value;
}

describe('the demo catalogue', () => {
  it('loads once into an empty database, with a row of ownership for every event', async () => {
    expect(await isCatalogueEmpty(pool)).toBe(true);
    const steps: number[] = [];
    const onProgress = (loaded: number) => void steps.push(loaded);
    expect(await loadDemoCatalogue(pool, { nowMs, onProgress })).toBe(12);
    expect(steps).toHaveLength(12);
    expect(await isCatalogueEmpty(pool)).toBe(false);
    expect(await loadDemoCatalogue(pool, { nowMs })).toBe(0);
    const { rows } = await pool.query<{ shard: null; epoch: number; wake_at: Date }>(
      'SELECT shard, epoch, wake_at FROM ownership ORDER BY wake_at',
    );
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual({ shard: null, epoch: 0, wake_at: new Date(nowMs) });
    expect(rows[11].wake_at.getTime()).toBeGreaterThan(nowMs + 29 * dayMs);
  });

  it('has a theatre, an arena with a standing floor and a stadium of 50,000 seats', async () => {
    const [theatre, arena, stadium] = await Promise.all(
      [demoEventIds.theatre, demoEventIds.arena, demoEventIds.stadium].map((eventId) =>
        catalogue.eventOf(id(eventId)),
      ),
    );
    expect(theatre?.seatCount).toBeGreaterThan(550);
    expect(theatre?.seatCount).toBeLessThan(650);
    expect(arena?.seatCount).toBe(15_040);
    expect(arena?.areas).toEqual([{ name: 'Floor', capacity: 2_500, priceMinor: 7_900 }]);
    expect(stadium?.seatCount).toBe(50_000);
    const { rows } = await pool.query<{ plans: number }>(
      'SELECT count(*)::integer AS plans FROM seating_plan',
    );
    // Theatre, arena without and with the floor (and with a focal point), stadium.
    expect(rows[0].plans).toBeLessThanOrEqual(5);
  });
});

describe('the catalogue', () => {
  it('gives the owner the rules and the compiled plan, which events share', async () => {
    const hamlet = await catalogue.inventoryOf(id('evt_hamlet'));
    const seagull = await catalogue.inventoryOf(id('evt_seagull'));
    const prepared = preparedEvent({});
    expect(hamlet?.layout).toEqual(prepared.plan.layout);
    expect(hamlet?.rules).toEqual(prepared.rules);
    expect(seagull?.layout).toBe(hamlet?.layout);
    expect(seagull?.rules.prices).not.toEqual(hamlet?.rules.prices);
  });

  it('gives the gateway names by seat index and the document with its hash', async () => {
    const layout = await catalogue.layoutOf(id('evt_hamlet'));
    const at = layout?.seats.find('C-B-3') ?? -1;
    expect(layout?.seats.ids[at]).toBe('C-B-3');
    expect([layout?.rowOf[at], layout?.numberOf[at]]).toEqual(['B', '3']);
    expect(layout?.layout.sections[layout.layout.sectionOfRow[layout.layout.rowOfSeat[at]]]).toBe(
      'Circle',
    );
    const text = Buffer.from(layout?.document ?? []).toString();
    expect(text.startsWith(`{"hash":"${layout?.hash}","format":1,`)).toBe(true);
    const arena = await catalogue.layoutOf(id('evt_aurora'));
    expect(arena?.indexOfArea.get('Floor')).toBe(0);
  });

  it('gives event details', async () => {
    const event = await catalogue.eventOf(id('evt_foxes'));
    expect(event).toMatchObject({
      name: 'The Copper Foxes: Stadium Tour',
      venue: 'Crown Stadium',
      city: 'Manchester',
      performers: ['The Copper Foxes', 'Juniper Vale'],
      startsAtMs: Date.UTC(2027, 0, 15 + 150, 18, 30),
      onSaleAtMs: Date.UTC(2027, 0, 22, 10),
      currency: 'GBP',
      priceMinMinor: 4_500,
      priceMaxMinor: 18_000,
    });
    expect(event?.categories).toContainEqual({ name: 'Middle tier', priceMinor: 9_500 });
  });

  it('knows nothing of unknown events', async () => {
    expect(await catalogue.inventoryOf(id('evt_none'))).toBeNull();
    expect(await catalogue.eventOf(id('evt_none'))).toBeNull();
    expect(await catalogue.layoutOf(id('evt_none'))).toBeNull();
  });

  it('sees an event that was imported after it was asked for', async () => {
    expect(await catalogue.inventoryOf(id('evt_late'))).toBeNull();
    await importEvent(pool, preparedEvent({ id: 'evt_late', name: 'Late Arrival' }));
    expect(await catalogue.inventoryOf(id('evt_late'))).not.toBeNull();
    expect(await catalogue.eventOf(id('evt_late'))).not.toBeNull();
  });

  it('asks the database once for what many ask for at once', async () => {
    let queries = 0;
    const counting = new Proxy(pool, {
      get(target, name) {
        if (name === 'query') queries += 1;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const fresh = createPostgresCatalogue(counting);
    await Promise.all(Array.from({ length: 50 }, () => fresh.layoutOf(id('evt_hamlet'))));
    // The event, the compiled plan, the document.
    expect(queries).toBe(3);
  });

  it('never uses a plan whose bytes were changed', async () => {
    const client = await pool.connect();
    const insideTransaction = client as unknown as Pool;
    try {
      await client.query('BEGIN');
      await client.query('UPDATE seating_plan SET document = document || $1', [Buffer.from(' ')]);
      const broken = createPostgresCatalogue(insideTransaction);
      await expect(broken.layoutOf(id('evt_hamlet'))).rejects.toThrow(LayoutCorrupt);
      await client.query('UPDATE seating_plan SET compiled = set_byte(compiled, 300, 255)');
      const worse = createPostgresCatalogue(insideTransaction);
      await expect(worse.inventoryOf(id('evt_hamlet'))).rejects.toThrow(LayoutCorrupt);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

describe('connections of searches', () => {
  it('are of their own: an event is found while all of them are taken', async () => {
    const searches = openPool(databaseUrl, {
      applicationName: 'searches-spec',
      max: 1,
      answerWithinMs: 10_000,
    });
    const taken = await searches.connect();
    const aside = createPostgresCatalogue(pool, { searches });
    const search = aside.search(query({ keyword: 'hamlet' }));
    const facets = aside.facetsOf(query({ keyword: 'hamlet' }));
    expect((await aside.eventOf(id('evt_hamlet')))?.eventId).toBe('evt_hamlet');
    expect(searches.waitingCount).toBe(2);
    taken.release();
    expect((await search).total).toBeGreaterThan(0);
    expect((await facets).total).toBeGreaterThan(0);
    await searches.end();
  });
});

describe('search', () => {
  it('lists everything by start when nothing is asked for', async () => {
    const page = await catalogue.search(query({ pageSize: 100 }));
    expect(page.total).toBe(page.events.length);
    const starts = page.events.map((event) => event.startsAtMs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('finds words of names, performers, venues and cities, by their beginnings', async () => {
    expect(await found({ keyword: 'hamlet' })).toEqual(['evt_hamlet']);
    expect(await found({ keyword: 'nutcr berlin' })).toEqual(['evt_nutcracker']);
    expect(await found({ keyword: 'JUNIPER vale' })).toEqual(['evt_foxes']);
    expect(await found({ keyword: 'kawabe' })).toEqual(['evt_quartet']);
  });

  it.each([
    ['hamlte', 'evt_hamlet'],
    ['Hmalet', 'evt_hamlet'],
    ['nutkracker', 'evt_nutcracker'],
    ['auroa static', 'evt_aurora'],
    ['bethoven', 'evt_quartet'],
    ['coper foxs manchester', 'evt_foxes'],
  ])('forgives the typo in %j', async (keyword, eventId) => {
    expect(await found({ keyword })).toContain(eventId);
  });

  it('finds nothing for words that resemble nothing, or are none', async () => {
    expect(await found({ keyword: 'qqqqqqqq' })).toEqual([]);
    expect(await found({ keyword: '&|!()' })).toEqual([]);
    expect(await found({ keyword: 'hamlet tokyo' })).toEqual([]);
    expect(await found({ keyword: "'; DROP TABLE event; --" })).toEqual([]);
  });

  it('ranks names over performers', async () => {
    await importEvent(
      pool,
      preparedEvent({ id: 'evt_tribute', name: 'A Tribute', performers: ['Improv All Stars'] }),
    );
    expect(await found({ keyword: 'improv' })).toEqual(['evt_improv', 'evt_tribute']);
  });

  it('filters by city, whatever the case and accents', async () => {
    const berlin = await found({ city: 'BERLÍN' });
    expect([...berlin].sort()).toEqual(['evt_improv', 'evt_nutcracker']);
    expect(await found({ city: 'Berlin', keyword: 'improvv' })).toEqual(['evt_improv']);
    expect(await found({ city: 'Atlantis' })).toEqual([]);
  });

  it('filters by start, both ends included', async () => {
    const startMs = Date.UTC(2027, 0, 15 + 60, 20);
    const endMs = Date.UTC(2027, 0, 15 + 61, 20);
    expect(await found({ startMs, endMs })).toEqual(['evt_aurora', 'evt_aurora2']);
    expect(await found({ startMs: startMs + 1, endMs })).toEqual(['evt_aurora2']);
    expect(await found({ startMs, endMs: endMs - 1 })).toEqual(['evt_aurora']);
  });

  it('turns pages without gaps or repeats, and keeps the total past the end', async () => {
    const all = await found({ pageSize: 100 });
    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => catalogue.search(query({ page, pageSize: 5 }))),
    );
    expect(pages.flatMap((page) => page.events.map((event) => event.eventId))).toEqual(
      all.slice(0, 20),
    );
    const past = await catalogue.search(query({ page: 500, pageSize: 5 }));
    expect(past).toEqual({ total: all.length, events: [] });
  });

  it('clamps absurd pages', async () => {
    const all = await found({ pageSize: 100 });
    expect(await found({ page: -3, pageSize: 1e9 })).toEqual(all);
    expect(await found({ page: Number.NaN, pageSize: 0 })).toEqual(all.slice(0, 1));
    expect(await found({ page: 1e15 })).toEqual([]);
  });
});
