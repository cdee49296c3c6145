import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresCatalogue } from '#libs/catalogue/postgres-catalogue.js';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { makeHoldId } from '#libs/contracts/ids.js';
import type { HoldSeats } from '#libs/inventory/commands.js';
import type { AreaIndex, MinorUnits, SeatIndex, UserId } from '#libs/inventory/ids.js';
import { levelWithRules, poolOf } from '#libs/inventory/inventory.js';
import type { Answer } from '#libs/inventory/rules/decision.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { startOneShard, type OneShard, type Said } from './testing/one-shard.js';

/** An event that changes while it sells: from its file to its owner, and into its history. */
let system: OneShard;
let folder: string;

beforeAll(async () => {
  system = await startOneShard();
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-update-'));
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(demoPlan('theatre')));
  await system.run('event', 'open-sale', system.eventId);
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await system?.close();
}, 30_000);

const prices = { Premium: '95', Stalls: '68.50', Circle: '52', Balcony: '29.50', Standing: '20' };

/** Imports the event that the system sells, with something changed. */
async function update(more: object, floor = 10, ...options: string[]): Promise<Said> {
  const event = {
    plan: 'plan.json',
    id: system.eventId,
    name: 'Manual',
    venue: 'Hall',
    city: 'Leeds',
    start: '2027-03-01T19:30:00Z',
    on_sale: 'manual',
    currency: 'GBP',
    prices,
    areas: [{ name: 'Floor', capacity: floor, category: 'Standing' }],
    stranded_singles: 'allow',
    ...more,
  };
  const file = path.join(folder, 'event.json');
  await writeFile(file, JSON.stringify(event));
  return system.run('import', file, '--update', '--as', 'alice@box-office', ...options);
}

const holdPlaces = (quantity: number, expectedTotal?: number): Promise<Answer> =>
  hold({
    areas: [{ area: 0 as AreaIndex, quantity }],
    ...(expectedTotal === undefined ? {} : { expectedTotal: expectedTotal as MinorUnits }),
  });

/** As a buyer of his own. */
async function hold(cart: Partial<HoldSeats>): Promise<Answer> {
  const { eventId, buyers } = system;
  const result = await buyers.call({
    eventId,
    commandId: buyers.nextCommandId(),
    keyed: false,
    userId: `usr_${random.token(8)}` as UserId,
    request: {
      type: 'HoldSeats',
      holdId: makeHoldId(eventId, random.token(20)),
      seats: [],
      areas: [],
      best: [],
      ...cart,
    },
  });
  if (result.kind !== 'answered') throw new Error(result.kind);
  return result.answer;
}

describe('holdfastctl import --update', () => {
  it('says what it changes, and its owner goes by that at once', async () => {
    expect(await holdPlaces(4)).toMatchObject({ kind: 'accepted' });
    expect(await holdPlaces(4)).toMatchObject({ kind: 'accepted' });
    expect(await holdPlaces(4)).toMatchObject({ refusal: { code: 'area_full' } });
    const { code, out } = await update({ prices: { ...prices, Standing: '25' } }, 14);
    expect(code).toBe(0);
    expect(out).toContain('area Floor: capacity 10 -> 14');
    expect(out).toContain('price Standing: 20.00 -> 25.00 GBP');
    expect(await holdPlaces(4, 8_000)).toMatchObject({ refusal: { code: 'price_changed' } });
    expect(await holdPlaces(4, 10_000)).toMatchObject({ outcome: { totalMinor: 10_000 } });
  });

  it('leaves who and when in the history of the event', async () => {
    const what = ['--what', 'RulesChanged', '--json'];
    const { out } = await system.run('event', 'history', system.eventId, ...what);
    const { entries } = JSON.parse(out) as { entries: object[] };
    expect(entries).toMatchObject([
      {
        by: { role: 'operator', name: 'alice@box-office' },
        changes: expect.arrayContaining(['area Floor: capacity 10 -> 14']),
      },
    ]);
  });

  it('says what it would change, and changes nothing', async () => {
    const more = { prices: { ...prices, Standing: '26' }, name: 'Manual III' };
    const { code, out } = await update(more, 15, '--dry-run', '--json');
    expect(code).toBe(0);
    const { result, changes } = JSON.parse(out) as { result: string; changes: string[] };
    expect([result, changes]).toEqual([
      'dry_run',
      [
        'area Floor: capacity 14 -> 15',
        'price Standing: 25.00 -> 26.00 GBP',
        'name: Manual -> Manual III',
      ],
    ]);
    const again = await update(more, 15, '--dry-run', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ changes });
    expect((await update({ currency: 'EUR' }, 14, '--dry-run')).code).toBe(3);
  });

  it('shows the capacity to everybody who asks the catalogue, and changes it again', async () => {
    const { rows } = await system.pool.query<{ area_capacities: number[]; rules_revision: number }>(
      'SELECT area_capacities, rules_revision FROM event WHERE event_id = $1',
      [system.eventId],
    );
    expect(rows).toEqual([{ area_capacities: [14], rules_revision: 1 }]);
    const { out } = await update({ prices: { ...prices, Standing: '25' } }, 13, '--json');
    expect(JSON.parse(out)).toMatchObject({
      result: 'updated',
      changes: ['area Floor: capacity 14 -> 13'],
    });
  });

  it('does not make an area smaller than what is sold and held of it', async () => {
    const { code, err } = await update({ prices: { ...prices, Standing: '25' } }, 11);
    expect(code).toBe(3);
    expect(err).toContain('area Floor: 12 places are sold, held or blocked');
  });

  it('names what is fixed', async () => {
    const { code, err } = await update({ currency: 'EUR' }, 13);
    expect(code).toBe(3);
    expect(err).toContain('currency: GBP -> EUR');
  });

  it('leaves on record who changed what, and nothing for what was the same', async () => {
    const record = async (): Promise<object[]> => {
      const { rows } = await system.pool.query<object>(
        'SELECT who, role, what, outcome, reason FROM audit WHERE event_id = $1 ORDER BY audit_id',
        [system.eventId],
      );
      return rows;
    };
    const before = await record();
    const same = { who: 'alice@box-office', role: 'sre', what: 'import --update', outcome: 'done' };
    const first = 'area Floor: capacity 10 -> 14; price Standing: 20.00 -> 25.00 GBP';
    expect(before[0]).toMatchObject({ what: 'import', outcome: 'done', reason: '' });
    expect(before[1]).toEqual({ ...same, reason: first });
    await update({ prices: { ...prices, Standing: '25' }, city: 'York' }, 13);
    await update({ prices: { ...prices, Standing: '25' }, city: 'York' }, 13);
    expect((await record()).slice(before.length)).toEqual([
      { ...same, reason: expect.stringContaining('city: Leeds -> York') },
    ]);
  });

  it('ends the sale, which nobody holds or pays after', async () => {
    const ended = { prices: { ...prices, Standing: '25' }, sale_ends_at: '2026-01-01T00:00:00Z' };
    const { code, out } = await update(ended, 13);
    expect(code).toBe(0);
    expect(out).toContain('warning: the sale ended at 2026-01-01');
    expect(await holdPlaces(1)).toMatchObject({ refusal: { code: 'sale_ended' } });
  });

  it('keeps seats for wheelchair users until the event releases them', async () => {
    const layout = await createPostgresCatalogue(system.pool).layoutOf(system.eventId);
    const spaces = layout === null ? undefined : poolOf(layout.layout)?.spaces;
    const [first, second] = [...(spaces ?? [])] as SeatIndex[];
    const usual = { prices: { ...prices, Standing: '25' }, sale_ends_at: '2027-03-01T19:30:00Z' };
    await update({ ...usual, wheelchair_limit: 1 }, 13);
    const kept = { code: 'accessible_seats_protected', seats: [first] };
    expect(await hold({ seats: [first] })).toMatchObject({ refusal: kept });
    expect(await hold({ seats: [first], wheelchairs: 1 })).toMatchObject({ kind: 'accepted' });
    expect(await hold({ seats: [first, second], wheelchairs: 2 })).toMatchObject({
      refusal: { code: 'seats_unavailable' },
    });
    const what = ['--what', 'SeatsHeld', '--limit', '1', '--json'];
    const told = await system.run('event', 'history', system.eventId, ...what);
    expect(JSON.parse(told.out)).toMatchObject({ entries: [{ wheelchairs: 1 }] });
    const { out } = await update({ ...usual, accessible_release: 8_000 }, 13);
    expect(out).toMatch(/accessible_release: never -> 20\d\d-/);
    expect(await hold({ seats: [second] })).toMatchObject({ kind: 'accepted' });
    await update({ ...usual, sale_ends_at: '2026-01-01T00:00:00Z' }, 13);
  });

  it('is a journal that is verified with its prices and rules', async () => {
    expect((await system.run('event', 'verify', system.eventId)).code).toBe(0);
  });

  it('is refused by name while the upgrade is not finalized, but for what is shown', async () => {
    await system.pool.query('UPDATE fact_format SET level = $1', [levelWithRules - 1]);
    const same = { prices: { ...prices, Standing: '25' }, sale_ends_at: '2026-01-01T00:00:00Z' };
    const { code, err } = await update({ ...same, buyer_limit: 6 }, 13);
    expect([code, err.includes('until the upgrade is finalized')]).toEqual([3, true]);
    expect((await update({ ...same, name: 'Manual II' }, 13)).code).toBe(0);
  });
});
