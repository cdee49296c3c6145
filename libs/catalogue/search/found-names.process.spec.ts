import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { everyEvent, type EventQuery } from '../catalogue.js';
import { checkEventFile } from '../event-file.js';
import { importEvent } from '../import-event.js';
import { createPostgresCatalogue } from '../postgres-catalogue.js';
import { prepareEvent } from '../prepare-event.js';
import { indexStaleEvents } from './index-events.js';
import { searchVersion } from './plain-words.js';

/** Names that real houses announce, and how people type them. */
const events: Readonly<Record<string, object>> = {
  acdc: { name: 'AC/DC: Power Up', city: 'München', type: 'concert' },
  pink: { name: 'P!nk Summer Carnival', city: 'Köln', type: 'concert' },
  kesha: { name: 'Ke$ha', venue: 'Fox Theatre' },
  rem: { name: 'R.E.M.', city: 'Athens' },
  chk: { name: '!!!', city: 'Leeds' },
  utada: { name: '宇多田ヒカル SCIENCE FICTION', venue: '東京ドーム', city: '東京' },
  ga: { name: 'ガ', city: 'Kobe' },
  thai: { name: 'คอนเสิร์ตเบิร์ด ธงไชย', city: 'กรุงเทพมหานคร' },
  hanoi: { name: 'Mỹ Linh', venue: 'Nhà hát Lớn', city: 'Hà Nội', type: 'theatre' },
  daft: { name: 'Daft Punk', city: 'Paris', start: '2027-03-01T23:30:00-05:00' },
  guns: { name: "Guns N' Roses", performers: ['Motörhead'], city: 'New York' },
  bolshoi: { name: 'Щелкунчик', performers: ['Чайковский'], city: 'Москва', type: 'theatre' },
};
let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'names-spec', max: 4, answerWithinMs: 10_000 });
  for (const [id, more] of Object.entries(events)) await announce(id, more);
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

async function announce(id: string, more: object): Promise<void> {
  const file = checkEventFile({
    ...{ id: `evt_${id}`, venue: 'Arena', city: 'Oslo', start: '2027-05-01T19:30:00Z' },
    ...{ currency: 'EUR', prices: { Floor: '25' }, buyer_limit: 4 },
    areas: [{ name: 'Floor', capacity: 10, category: 'Floor' }],
    ...more,
  });
  if (file.kind === 'invalid') throw new Error(JSON.stringify(file.problems));
  const prepared = prepareEvent(file.value, null, Date.UTC(2027, 0, 1));
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.problems));
  await importEvent(pool, prepared.value);
}

async function found(query: Partial<EventQuery>): Promise<string[]> {
  const page = await createPostgresCatalogue(pool).search({ ...everyEvent, ...query });
  return page.events.map(({ eventId }) => eventId.slice(4));
}

describe('a name', () => {
  it.each([
    ...['acdc', 'ac/dc', 'ac dc', 'AC-DC', 'power'].map((typed) => [typed, 'acdc']),
    ...['pink', 'P!NK', 'p nk', 'pnik'].map((typed) => [typed, 'pink']),
    ...['kesha', 'ke$ha', 'ke ha', 'keshaa'].map((typed) => [typed, 'kesha']),
    ...['rem', 'r.e.m', 'r e m', 'R.E.M.'].map((typed) => [typed, 'rem']),
    ['!!!', 'chk'],
    ...['ヒカル', '宇多田', 'ひかる', 'hikaru', 'ドーム', '東京ドーム', 'ﾄﾞｰﾑ'].map((t) => [
      t,
      'utada',
    ]),
    ['ガ', 'ga'],
    ...['คอนเสิร์ต', 'เบิร์ด', 'ธงไชย'].map((typed) => [typed, 'thai']),
    ...['my linh', 'hanoi', 'ha noi', 'nha hat'].map((typed) => [typed, 'hanoi']),
    ...['daft punk', 'daftpunk', 'daftp', 'dafd punk', 'daf tpunk'].map((typed) => [typed, 'daft']),
    ...['guns roses', 'guns n roses', 'motorhead', 'motoerhead', 'newyork'].map((t) => [t, 'guns']),
    ...['чайковский', 'chaikovsky', 'tchaikovsky', 'shchelkunchik'].map((t) => [t, 'bolshoi']),
  ])('typed as %j is found', async (keyword, id) => {
    expect(await found({ keyword })).toEqual([id]);
  });

  it('is not found by what it is not', async () => {
    expect(await found({ keyword: 'カ' })).not.toContain('ga');
    expect(await found({ keyword: 'かる' })).toEqual(['utada']);
    expect(await found({ keyword: 'カヒル' })).toEqual([]);
    expect(await found({ keyword: '???' })).toEqual([]);
    expect(await found({ keyword: '&' })).toEqual([]);
  });
});

describe('a city', () => {
  it.each([
    ['Koeln', 'pink'],
    ['Köln', 'pink'],
    ['koln', 'pink'],
    ['Cologne', 'pink'],
    ['Kölln', 'pink'],
    ['Hanoi', 'hanoi'],
    ['ha noi', 'hanoi'],
    ['Tokyo', 'utada'],
    ['Moskva', 'bolshoi'],
    ['Moscow', 'bolshoi'],
    ['Bangkok', 'thai'],
    ['Muenchen', 'acdc'],
    ['munich', 'acdc'],
    ['NewYork', 'guns'],
    ['New Yrok', 'guns'],
  ])('asked for as %j is found', async (city, id) => {
    expect(await found({ city })).toEqual([id]);
  });

  it('that resembles none finds nothing', async () => {
    expect(await found({ city: 'Atlantis' })).toEqual([]);
    expect(await found({ city: 'Köln', keyword: 'daft' })).toEqual([]);
  });
});

describe('a day', () => {
  it('is the whole day at the venue, as the first and as the last', async () => {
    expect(await found({ endDay: '2027-03-01' })).toEqual(['daft']);
    expect(await found({ startDay: '2027-03-01', endDay: '2027-03-01' })).toEqual(['daft']);
    expect(await found({ startDay: '2027-03-02', endDay: '2027-03-02' })).toEqual([]);
    expect(await found({ endDay: '2027-02-28' })).toEqual([]);
    expect(await found({ startDay: '2027-03-01', keyword: 'daft' })).toEqual(['daft']);
  });
});

describe('a type', () => {
  it('filters, alone and with words', async () => {
    expect((await found({ type: 'theatre' })).sort()).toEqual(['bolshoi', 'hanoi']);
    expect(await found({ type: 'concert', keyword: 'pink' })).toEqual(['pink']);
    expect(await found({ type: 'film', keyword: 'pink' })).toEqual([]);
  });
});

describe('what an older build wrote', () => {
  const version = async (id: string): Promise<number> => {
    const { rows } = await pool.query<{ search_version: number }>(
      'SELECT search_version FROM event WHERE event_id = $1',
      [`evt_${id}`],
    );
    return rows[0].search_version;
  };

  it('is derived again, once', async () => {
    await pool.query(
      `UPDATE event SET name = 'Ac!d Test', search = '''ac'':1A'::tsvector
        WHERE event_id = 'evt_rem'`,
    );
    expect([await version('rem'), await version('pink')]).toEqual([0, searchVersion]);
    expect(await indexStaleEvents(pool)).toBe(1);
    expect(await indexStaleEvents(pool)).toBe(0);
    expect(await found({ keyword: 'acid', city: 'athens' })).toEqual(['rem']);
  });

  it('is found by city and type before that', async () => {
    const both = { city: 'hanoi', type: 'theatre' } as const;
    expect(await found(both)).toEqual(['hanoi']);
    await pool.query(
      `UPDATE event SET search_version = 1, search = ts_delete(search, ARRAY(
         SELECT term FROM unnest(tsvector_to_array(search)) AS term WHERE term LIKE '@%#%'))
        WHERE event_id = 'evt_hanoi'`,
    );
    expect(await found(both)).toEqual(['hanoi']);
    expect(await indexStaleEvents(pool)).toBe(1);
    expect(await found(both)).toEqual(['hanoi']);
  });

  it('is noticed where somebody renamed an event only', async () => {
    await pool.query("UPDATE event SET name = 'Sonic' WHERE event_id = 'evt_rem'");
    expect(await indexStaleEvents(pool)).toBe(1);
    expect(await found({ keyword: 'sonic' })).toEqual(['rem']);
  });

  it('of a newer build stays as it is', async () => {
    await pool.query('UPDATE event SET search_version = 99');
    expect(await indexStaleEvents(pool)).toBe(0);
  });
});
