import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import type { EventId } from '#libs/inventory/ids.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { everyEvent } from './catalogue.js';
import { demoEventFile, demoPlan } from './demo/demo-catalogue.js';
import { demoEvents } from './demo/events.js';
import { readParts } from './event-fees.js';
import { checkEventFile } from './event-file.js';
import { noTerms } from './fees.js';
import type { VenueId } from './profiles/venues-performers.js';
import type { RulesOutcome } from '#libs/inventory/rules/decision.js';
import type { EventDifference } from './event-difference.js';
import { importEvent, type ImportDone } from './import-event.js';
import { createPostgresCatalogue } from './postgres-catalogue.js';
import { prepareEvent, type PreparedEvent } from './prepare-event.js';

const nowMs = Date.UTC(2027, 0, 15, 12);
let postgres: TestPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const url = await postgres.createDatabase();
  await migrate(url);
  pool = openPool(url, { applicationName: 'import-spec', max: 4, answerWithinMs: 10_000 });
}, 60_000);

afterAll(async () => {
  await pool?.end();
  await postgres?.stop();
});

const id = (text: string) => text as EventId;

async function found(keyword: string): Promise<string[]> {
  const page = await createPostgresCatalogue(pool).search({ ...everyEvent, keyword });
  return page.events.map((event) => event.eventId);
}

function preparedEvent(more: object): PreparedEvent {
  const [hamlet] = demoEvents;
  const file = checkEventFile({ ...demoEventFile(hamlet, nowMs), ...more });
  if (file.kind === 'invalid') throw new Error(JSON.stringify(file.problems));
  const prepared = prepareEvent(file.value, demoPlan('theatre'), nowMs);
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.problems));
  return prepared.value;
}

/** What an owner answers that goes by the catalogue. */
function outcomeOf({ change }: EventDifference, revision: number): RulesOutcome {
  const rules = { ...preparedEvent({}).rules, ...change.rules };
  const event = { rules, capacities: change.capacities.map(({ capacity }) => capacity) };
  return { type: 'rules_changed', revision, before: event, after: event };
}

describe('an import', () => {
  it('of an event that exists is refused and changes nothing', async () => {
    await importEvent(pool, preparedEvent({}));
    const result = await importEvent(pool, preparedEvent({ name: 'Another Hamlet' }));
    expect(result).toEqual({ kind: 'exists' });
    const fresh = createPostgresCatalogue(pool);
    expect((await fresh.eventOf(id('evt_hamlet')))?.name).toBe('Hamlet');
  });

  it('with update changes what is shown and found', async () => {
    await importEvent(pool, preparedEvent({ id: 'evt_draft', name: 'Workingtitle' }));
    const names = { id: 'evt_draft', name: 'Perichole', venue: 'Grand Hall', city: 'Leeds' };
    const thumbnail_url = 'https://pictures.example/1.jpg';
    const changed = { ...names, thumbnail_url, start: '2027-03-01T19:30:00+01:00' };
    const updated = await importEvent(pool, preparedEvent(changed), {
      update: true,
      askOwner: (difference) => Promise.resolve(outcomeOf(difference, 1)),
    });
    expect(updated).toMatchObject({
      kind: 'updated',
      changes: expect.arrayContaining(['name: Workingtitle -> Perichole']),
    });
    expect(await createPostgresCatalogue(pool).eventOf(id('evt_draft'))).toMatchObject({
      name: 'Perichole',
      venue: 'Grand Hall',
      city: 'Leeds',
      startsAtMs: Date.UTC(2027, 2, 1, 18, 30),
      utcOffsetMinutes: 60,
      thumbnailUrl: thumbnail_url,
    });
    expect(await found('perichole leeds')).toEqual(['evt_draft']);
    expect(await found('workingtitle')).toEqual([]);
  });

  it('with update gives an event to an organiser, and takes it from nobody unsaid', async () => {
    const change = (more: object) =>
      importEvent(pool, preparedEvent({ id: 'evt_owned', ...more }), {
        update: true,
        askOwner: (difference) => Promise.resolve(outcomeOf(difference, 1)),
      });
    const owner = async (): Promise<string | null | undefined> =>
      (await createPostgresCatalogue(pool).eventOf(id('evt_owned')))?.organiser;
    await change({});
    expect(await owner()).toBeNull();
    expect(await change({ organiser: 'acme' })).toMatchObject({ changes: ['organiser:  -> acme'] });
    expect(await owner()).toBe('acme');
    expect(await change({})).toMatchObject({ changes: [] });
    expect(await owner()).toBe('acme');
  });

  it('with update says whether buyers may cancel, and leaves unsaid what was said', async () => {
    const change = (more: object) =>
      importEvent(pool, preparedEvent({ id: 'evt_cancelled', ...more }), {
        update: true,
        askOwner: () => Promise.resolve(null),
      });
    const rule = async () =>
      (await createPostgresCatalogue(pool).eventOf(id('evt_cancelled')))?.cancellation;
    await change({});
    expect(await rule()).toBeNull();
    const until = '2027-01-20T00:00:00Z';
    const allowed = { untilMs: Date.parse(until), feeMinor: 250, keepsBookingFee: false };
    expect(await change({ cancellation: { until, fee: '2.50' } })).toMatchObject({
      changes: ['cancellation: not by buyers -> until 2027-01-20T00:00:00.000Z, fee 2.50'],
    });
    expect(await rule()).toEqual(allowed);
    expect(await change({})).toMatchObject({ changes: [] });
    expect(await rule()).toEqual(allowed);
    await change({ cancellation: null });
    expect(await rule()).toBeNull();
  });

  it('with update changes fees and taxes, and keeps what was in earlier prices (PF3)', async () => {
    const eventId = id('evt_fees');
    let revision = 0;
    let asked: (number | undefined)[] = [];
    const change = (more: object, isAway = false) =>
      importEvent(pool, preparedEvent({ id: eventId, ...more }), {
        update: true,
        askOwner: async (difference) => {
          const known = await readParts(pool, eventId);
          const { prices = [] } = difference.change.rules;
          asked = prices.map((price) => known.get(price)?.feeMinor);
          revision += 1;
          return isAway || !difference.ofRules ? null : outcomeOf(difference, revision);
        },
      });
    const premium = async (price: number) => (await readParts(pool, eventId)).get(price);
    const said = async () => (await createPostgresCatalogue(pool).eventOf(eventId))?.fees.terms;
    await change({});
    expect([(await readParts(pool, eventId)).size, await said()]).toEqual([0, noTerms]);
    const fees = { percent: '10', per_ticket: '1' };
    expect(await change({ fees })).toMatchObject({
      changes: [
        'price Premium: 95.00 -> 105.50 GBP',
        'price Stalls: 68.50 -> 76.35 GBP',
        'price Circle: 52.00 -> 58.20 GBP',
        'price Balcony: 29.50 -> 33.45 GBP',
        'fees: none -> 10 % and 1.00 a ticket',
      ],
    });
    // The owner was asked when all that is in them was known.
    expect([...asked].sort()).toEqual([1_050, 395, 620, 785]);
    expect(await premium(10_550)).toEqual({ feeMinor: 1_050, taxMinor: 0, feeTaxMinor: 0 });
    // The same prices, and something else in them.
    expect(await change({ fees, tax: { percent: '7' } })).toMatchObject({
      changes: ['tax: not said -> 7 % in the price'],
    });
    const taxed = { feeMinor: 1_050, taxMinor: 690, feeTaxMinor: 69 };
    expect(await premium(10_550)).toEqual(taxed);
    // An owner who cannot be asked sells as before.
    const dearer = { fees: { ...fees, per_ticket: '3' }, tax: { percent: '19' } };
    expect(await change(dearer, true)).toMatchObject({ kind: 'fixed' });
    expect(await said()).toEqual({ ticketMinor: 100, feeMilli: 10_000, taxMilli: 7_000 });
    await change({});
    expect([await premium(10_550), await said()]).toEqual([taxed, noTerms]);
    // Sold at it again, and with nothing in it.
    await change({ prices: { Premium: '105.50', Stalls: '1', Circle: '1', Balcony: '1' } });
    expect(await premium(10_550)).toBeUndefined();
  });

  it('is put on record in its transaction, if it changes anything (I4)', async () => {
    const told: ImportDone[] = [];
    const change = (more: object, fails = false) =>
      importEvent(pool, preparedEvent({ id: 'evt_recorded', ...more }), {
        update: true,
        askOwner: () => Promise.resolve(null),
        record: (_client, done) => {
          told.push(done);
          return fails ? Promise.reject(new Error('the record')) : Promise.resolve();
        },
      });
    await expect(change({}, true)).rejects.toThrow('the record');
    expect(await createPostgresCatalogue(pool).eventOf(id('evt_recorded'))).toBeNull();
    await change({});
    await expect(change({ name: 'Othello' }, true)).rejects.toThrow('the record');
    expect(await createPostgresCatalogue(pool).eventOf(id('evt_recorded'))).toMatchObject({
      name: 'Hamlet',
    });
    await change({ name: 'Othello' });
    await change({ name: 'Othello' });
    await change({ name: 'Othello', currency: 'EUR' });
    const imported = { eventId: 'evt_recorded', what: 'import', changes: [] };
    const changes = ['name: Hamlet -> Othello'];
    const renamed = { eventId: 'evt_recorded', what: 'import --update', changes };
    expect(told).toEqual([imported, imported, renamed, renamed]);
  });

  it('with update names what is fixed, and does not change it', async () => {
    const changes = preparedEvent({ currency: 'EUR', focal: { x: 3, y: 3 } });
    expect(await importEvent(pool, changes, { update: true })).toEqual({
      kind: 'fixed',
      fields: ['currency: GBP -> EUR', expect.stringMatching(/^focal: .* -> 3,3$/)],
    });
  });

  it('with update changes rules by the owner of the event alone', async () => {
    const prices = { Premium: '1', Stalls: '1', Circle: '1', Balcony: '1' };
    const changes = preparedEvent({ prices, buyer_limit: 3 });
    const lines = [expect.stringMatching(/^price Premium: .* -> 1.00 GBP$/)];
    const fields = expect.arrayContaining([...lines, 'buyer_limit: 4 -> 3']);
    expect(await importEvent(pool, changes, { update: true })).toEqual({ kind: 'fixed', fields });
    const before = (await createPostgresCatalogue(pool).eventOf(id('evt_hamlet')))!.rules;
    const askOwner = (difference: EventDifference) => Promise.resolve(outcomeOf(difference, 2));
    const updated = await importEvent(pool, changes, { update: true, askOwner });
    expect(updated).toEqual({ kind: 'updated', changes: fields });
    const after = (await createPostgresCatalogue(pool).eventOf(id('evt_hamlet')))!;
    expect(after).toMatchObject({ rulesRevision: 2, rules: { placesPerBuyerMax: 3 } });
    expect(after.rules).not.toEqual(before);
    expect(after.priceMinMinor).toBe(100);
    // What an earlier change writes late is not what holds.
    const late = preparedEvent({ prices, buyer_limit: 7 });
    const askLate = (difference: EventDifference) => Promise.resolve(outcomeOf(difference, 1));
    await importEvent(pool, late, { update: true, askOwner: askLate });
    const kept = (await createPostgresCatalogue(pool).eventOf(id('evt_hamlet')))!;
    expect(kept.rules.placesPerBuyerMax).toBe(3);
  });

  it('keeps the decimals of stored prices, or has the file tell them', async () => {
    const forints = (price: string) => ({
      id: 'evt_forint',
      currency: 'HUF',
      prices: { Premium: price, Stalls: price, Circle: price, Balcony: price },
    });
    const stored = () => createPostgresCatalogue(pool).eventOf(id('evt_forint'));
    await importEvent(pool, preparedEvent(forints('12000')));
    expect(await stored()).toMatchObject({ currencyDigits: 2, priceMinMinor: 1_200_000 });
    // As a release on Node 20.20 left it.
    await pool.query(
      `UPDATE event SET currency_digits = NULL, rules = jsonb_set(rules, '{prices}',
         '[12000, 12000, 12000, 12000]') WHERE event_id = 'evt_forint'`,
    );
    expect(await stored()).toMatchObject({ currencyDigits: null });
    const other = await importEvent(pool, preparedEvent(forints('13000')), { update: true });
    expect(other).toMatchObject({ kind: 'fixed', fields: [expect.stringMatching(/^prices: /)] });
    expect(await stored()).toMatchObject({ currencyDigits: null });
    const same = await importEvent(pool, preparedEvent(forints('12000')), { update: true });
    expect(same).toEqual({ kind: 'updated', changes: [] });
    const settled = await stored();
    expect(settled).toMatchObject({ currencyDigits: 0 });
    expect(settled?.rules.prices[0]).toBe(12_000);
  });

  it('takes the decimals that every Node gave for a row that does not say them', async () => {
    await importEvent(pool, preparedEvent({ id: 'evt_pound' }));
    await pool.query(`UPDATE event SET currency_digits = NULL WHERE event_id = 'evt_pound'`);
    const pounds = await createPostgresCatalogue(pool).eventOf(id('evt_pound'));
    expect(pounds).toMatchObject({ currencyDigits: 2 });
    const again = await importEvent(pool, preparedEvent({ id: 'evt_pound' }), { update: true });
    expect(again).toEqual({ kind: 'updated', changes: [] });
  });

  it('with update leaves limits that the file does not say as they were', async () => {
    const former = { buyer_limit: 8, places_per_hold: 8, hold_minutes: 8, hold_minutes_max: 26 };
    const silent = { id: 'evt_former', hold_minutes: undefined, payment_minutes: undefined };
    await importEvent(pool, preparedEvent({ ...silent, ...former, payment_minutes: 9 }));
    const renamed = preparedEvent({ ...silent, name: 'Former' });
    expect(await importEvent(pool, renamed, { update: true })).toEqual({
      kind: 'updated',
      changes: ['name: Hamlet -> Former'],
    });
    const { rules, name } = (await createPostgresCatalogue(pool).eventOf(id('evt_former')))!;
    expect([name, rules.placesPerBuyerMax, rules.holdTtlMs]).toEqual(['Former', 8, 480_000]);
    const said = preparedEvent({ ...silent, name: 'Former', buyer_limit: 4 });
    expect(await importEvent(pool, said, { update: true })).toEqual({
      kind: 'fixed',
      fields: ['buyer_limit: 8 -> 4'],
    });
  });

  it('keeps what files say of a venue and of performers, also for their other events', async () => {
    const venue = { name: 'Shared House', address: 'Mill Lane 1', capacity: 800 };
    const performers = [{ name: 'Ada', description: 'Sings.', links: ['https://ada.example/'] }];
    await importEvent(pool, preparedEvent({ id: 'evt_one', venue, performers }));
    // By a file that says less, and by one that says otherwise.
    const two = { id: 'evt_two', venue: 'shared house', performers: ['Ada', 'Bo'] };
    await importEvent(pool, preparedEvent(two));
    const stored = async () => (await createPostgresCatalogue(pool).eventOf(id('evt_one')))!;
    const before = await stored();
    expect(before.house).toMatchObject({ ...venue, city: 'London', timeZone: null });
    const moved = { ...venue, address: 'Mill Lane 2', capacity: null, time_zone: 'Europe/London' };
    const newer = [{ name: 'Ada', description: 'Sings again.' }, 'Bo'];
    const change = { ...two, venue: moved, performers: newer, start: '2027-02-04T19:30:00' };
    const updated = await importEvent(pool, preparedEvent(change), {
      update: true,
      askOwner: (difference) => Promise.resolve(outcomeOf(difference, 1)),
    });
    expect(updated).toMatchObject({
      changes: expect.arrayContaining([
        'venue address: Mill Lane 1 -> Mill Lane 2',
        'venue capacity: 800 -> none',
        'venue time_zone: none -> Europe/London',
        'performer Ada: description or links',
      ]),
    });
    const { house, performerIds } = await stored();
    expect(house).toMatchObject({ address: 'Mill Lane 2', capacity: null });
    const catalogue = createPostgresCatalogue(pool);
    const upcoming = { nowMs, page: 1, pageSize: 1 };
    expect(await catalogue.performerOf(performerIds[0], upcoming)).toMatchObject({
      of: { name: 'Ada', description: 'Sings again.', links: ['https://ada.example/'] },
      upcoming: { total: 2, events: [{ eventId: 'evt_two' }] },
    });
    expect(await catalogue.venueOf(house.venueId, { ...upcoming, page: 2 })).toMatchObject({
      of: house,
      upcoming: { total: 2, events: [{ eventId: 'evt_one' }] },
    });
    expect(await catalogue.venueOf('ven_999' as VenueId, upcoming)).toBeNull();
  });

  it('leaves events on the page of their venue until both start and sale are over', async () => {
    const startsAtMs = Date.UTC(2027, 1, 10, 18);
    const show = {
      ...{ venue: 'Gallery', start: '2027-02-10T18:00:00Z', performers: ['Gallery Band'] },
      on_sale: '2027-01-16T10:00:00Z',
    };
    await importEvent(pool, preparedEvent({ ...show, id: 'evt_evening' }));
    const exhibition = { ...show, id: 'evt_exhibition', sale_ends_at: '2027-03-10T18:00:00Z' };
    await importEvent(pool, preparedEvent(exhibition));
    const { house, performerIds } = (await createPostgresCatalogue(pool).eventOf(
      id('evt_evening'),
    ))!;
    const catalogue = createPostgresCatalogue(pool);
    const shownAt = async (ms: number) => {
      const query = { nowMs: ms, page: 1, pageSize: 9 };
      const pages = [
        await catalogue.venueOf(house.venueId, query),
        await catalogue.performerOf(performerIds[0], query),
      ];
      return pages.map((page) => page?.upcoming.events.map(({ eventId }) => eventId));
    };
    const both = ['evt_evening', 'evt_exhibition'];
    expect(await shownAt(startsAtMs - 1)).toEqual([both, both]);
    expect(await shownAt(startsAtMs)).toEqual([['evt_exhibition'], ['evt_exhibition']]);
    expect(await shownAt(startsAtMs + 40 * 86_400_000)).toEqual([[], []]);
  });

  it('of a build that writes names alone has performers with ids all the same', async () => {
    await importEvent(pool, preparedEvent({ id: 'evt_plain', performers: ['Cem'] }));
    await pool.query("UPDATE event SET performers = '{Dee,Cem}' WHERE event_id = 'evt_plain'");
    const { performers, performerIds } = (await createPostgresCatalogue(pool).eventOf(
      id('evt_plain'),
    ))!;
    expect([performers, performerIds.length]).toEqual([['Dee', 'Cem'], 2]);
  });

  it('writes one of many racing imports of one id', async () => {
    const event = preparedEvent({ id: 'evt_race', name: 'Race' });
    const results = await Promise.all(Array.from({ length: 4 }, () => importEvent(pool, event)));
    expect(results.map((result) => result.kind).sort()).toEqual([
      'exists',
      'exists',
      'exists',
      'imported',
    ]);
  });

  it('that fails half-way leaves nothing behind', async () => {
    const event = preparedEvent({ id: 'evt_half', name: 'Half', venue: 'Nowhere Hall' });
    const broken = { ...event, priceMaxMinor: 2 ** 40 };
    await expect(importEvent(pool, broken)).rejects.toThrow();
    const { rows } = await pool.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM event WHERE event_id = 'evt_half')
            + (SELECT count(*) FROM venue WHERE name = 'Nowhere Hall')
            + (SELECT count(*) FROM ownership WHERE event_id = 'evt_half') AS n`,
    );
    expect(Number(rows[0].n)).toBe(0);
  });
});
