import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { everyEvent } from '../catalogue.js';
import { sound } from '../checked.js';
import { sha256 } from '../compile-plan.js';
import { checkEventFile } from '../event-file.js';
import { importEvent, wouldChange, type ImportResult } from '../import-event.js';
import { createPostgresCatalogue, type CachedCatalogue } from '../postgres-catalogue.js';
import { prepareEvent, type PreparedEvent } from '../prepare-event.js';
import type { EventImage, SaidImages } from './event-image.js';
import { collectMedia } from './media-rows.js';

let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'media-spec', max: 4, answerWithinMs: 10_000 });
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

const hashOf = (text: string): string => sha256(Buffer.from(text)).toString('hex');
const media = (text: string) => ({ hash: hashOf(text), bytes: Buffer.from(text) });
/** As if it had been made of a file of this name. */
const image = (name: string): EventImage => ({
  source: hashOf(name),
  thumbnail: media(`${name} small`),
  large: media(`${name} large`),
});
const at = (text: string): string => `/v1/media/${hashOf(text)}`;

function prepared(id: string, images: SaidImages, more: object = {}): PreparedEvent {
  const file = {
    ...{ id, name: 'Show', venue: 'Gallery', city: 'Leeds', start: '2031-03-01T19:30:00Z' },
    ...{ currency: 'GBP', prices: { Floor: '10' } },
    areas: [{ name: 'Floor', capacity: 9, category: 'Floor' }],
    ...more,
  };
  return sound(prepareEvent(sound(checkEventFile(file)), null, Date.now(), images));
}

const imported = (id: string, images: SaidImages, more: object = {}): Promise<ImportResult> =>
  importEvent(pool, prepared(id, images, more), { update: true });

const catalogue = (): CachedCatalogue => createPostgresCatalogue(pool);

/** What buyers are shown of an event, and of its venue. */
async function shown(id: string): Promise<(string | null)[]> {
  const event = (await catalogue().eventOf(id as EventId))!;
  const { events } = await catalogue().search({ ...everyEvent, pageSize: 100 });
  const listed = events.find(({ eventId }) => eventId === id)!;
  expect(listed.thumbnailUrl).toBe(event.thumbnailUrl);
  return [event.thumbnailUrl, event.imageUrl, event.house.thumbnailUrl, event.house.imageUrl];
}

const isKept = async (text: string): Promise<boolean> =>
  (await catalogue().mediaOf(hashOf(text))) !== null;

describe('pictures in the catalogue', () => {
  it("are an event's own, or its venue's, and are there under their hashes", async () => {
    await imported('evt_own', { event: image('own'), venue: image('house') });
    await imported('evt_plain', { event: null });
    const house = [at('house small'), at('house large')];
    expect(await shown('evt_own')).toEqual([at('own small'), at('own large'), ...house]);
    expect(await shown('evt_plain')).toEqual([...house, ...house]);
    const bytes = await catalogue().mediaOf(hashOf('own large'));
    expect(Buffer.from(bytes!).toString()).toBe('own large');
    expect(await catalogue().mediaOf(hashOf('nothing'))).toBeNull();
    const { house: venue } = (await catalogue().eventOf('evt_own' as EventId))!;
    const query = { nowMs: Date.now(), page: 1, pageSize: 9 };
    expect((await catalogue().venueOf(venue.venueId, query))?.of).toEqual(venue);
  });

  it('that are elsewhere stay there', async () => {
    const thumbnail_url = 'https://pictures.example/1.jpg';
    await imported('evt_else', { event: null }, { thumbnail_url });
    expect((await shown('evt_else')).slice(0, 2)).toEqual([thumbnail_url, null]);
  });

  it('are replaced and taken away by an update, which says so before and after', async () => {
    await imported('evt_new', { event: image('first') });
    const second = { event: image('second'), venue: image('house 2') };
    const lines = [
      `image: ${hashOf('first').slice(0, 12)} -> ${hashOf('second').slice(0, 12)}`,
      `venue image: ${hashOf('house').slice(0, 12)} -> ${hashOf('house 2').slice(0, 12)}`,
    ];
    const would = await wouldChange(pool, prepared('evt_new', second));
    expect(would?.lines).toEqual(lines);
    expect((await shown('evt_new'))[0]).toBe(at('first small'));
    expect(await imported('evt_new', second)).toEqual({ kind: 'updated', changes: lines });
    expect((await shown('evt_new'))[0]).toBe(at('second small'));
    expect(await imported('evt_new', second)).toEqual({ kind: 'updated', changes: [] });
    // What a file does not say of its venue stays.
    await imported('evt_new', { event: null });
    expect((await shown('evt_new'))[0]).toBe(at('house 2 small'));
    await imported('evt_new', { event: null, venue: null });
    expect(await shown('evt_new')).toEqual([null, null, null, null]);
    await imported('evt_new', { event: null, venue: image('house') });
  });

  it('tell gateways of each event that they are shown for', async () => {
    await pool.query('TRUNCATE catalogue_change');
    await imported('evt_plain', { event: null, venue: image('house 3') });
    const { rows } = await pool.query<{ event_id: string }>(
      'SELECT DISTINCT event_id FROM catalogue_change ORDER BY 1',
    );
    expect(rows.map(({ event_id }) => event_id)).toEqual([
      'evt_else',
      'evt_new',
      'evt_own',
      'evt_plain',
    ]);
  });

  it('that nothing names are removed a day after that was seen', async () => {
    await imported('evt_gone', { event: image('gone') });
    await imported('evt_gone', { event: null });
    await collectMedia(pool);
    expect(await isKept('gone small')).toBe(true);
    await pool.query(`UPDATE media SET unnamed_at = unnamed_at - $1 * interval '1 millisecond'`, [
      limits.mediaKeptMs,
    ]);
    // One of them is named once more.
    const { large } = image('gone');
    await imported('evt_gone', { event: { ...image('other'), large } });
    expect([await isKept('gone small'), await isKept('gone large')]).toEqual([false, true]);
    await collectMedia(pool);
    expect(await isKept('gone large')).toBe(true);
  });

  it('are not taken from under an import that is about to name them', async () => {
    await imported('evt_race', { event: image('race') });
    await imported('evt_race', { event: null });
    await collectMedia(pool);
    await pool.query(`UPDATE media SET unnamed_at = now() - interval '2 days'
                       WHERE unnamed_at IS NOT NULL`);
    const races = Array.from({ length: 4 }, (_, i) =>
      imported(`evt_race${i}`, { event: image('race') }),
    );
    const results = await Promise.all([...races, collectMedia(pool)]);
    expect(results.slice(0, 4).map((one) => (one as ImportResult).kind)).toEqual(
      Array.from({ length: 4 }, () => 'imported'),
    );
    expect(await isKept('race small')).toBe(true);
  });
});
