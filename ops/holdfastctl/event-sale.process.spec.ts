import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeHoldId } from '#libs/contracts/ids.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { systemRandom as random } from '#libs/platform/random.js';
import { nameOfThisUser } from './operator-name.js';
import { startOneShard, type OneShard, type Said } from './testing/one-shard.js';

/** What an organiser decides, from the terminal to the owner of the event and back. */
let system: OneShard;
let eventId: EventId;
let seats: readonly string[];

beforeAll(async () => {
  system = await startOneShard();
  ({ eventId, seats } = system);
}, 60_000);
afterAll(() => system?.close(), 30_000);

const run = (...args: string[]): Promise<Said> => system.run(...args);

/** Code of the refusal, or "held". */
async function hold(seat: number): Promise<string> {
  const result = await system.buyers.call({
    eventId,
    commandId: system.buyers.nextCommandId(),
    keyed: false,
    userId: 'usr_a' as UserId,
    request: {
      type: 'HoldSeats',
      holdId: makeHoldId(eventId, random.token(20)),
      seats: [seat as never],
      areas: [],
      best: [],
    },
  });
  if (result.kind !== 'answered') return result.kind;
  return result.answer.kind === 'accepted' ? 'held' : result.answer.refusal.code;
}

describe('holdfastctl event', () => {
  it('opens a sale that waits for it, closes it, and opens it again', async () => {
    expect(await hold(0)).toBe('sale_not_open');
    const opened = await run('event', 'open-sale', eventId);
    expect(opened).toEqual({ code: 0, out: `the sale of ${eventId} is open\n`, err: '' });
    expect(await hold(0)).toBe('held');
    const closed = await run('event', 'close-sale', eventId, '--json');
    expect(JSON.parse(closed.out)).toEqual({ result: 'done', event_id: eventId, sale: 'closed' });
    expect(await hold(1)).toBe('sale_closed');
    expect((await run('event', 'open-sale', eventId)).code).toBe(0);
    expect(await hold(1)).toBe('held');
  });

  it('blocks places for a reason, and puts them on sale again', async () => {
    const places = ['--seats', `${seats[4]}, ${seats[5]}`, '--area', 'Floor=3'];
    const blocked = await run('event', 'block', eventId, ...places, '--reason', 'camera');
    expect(blocked).toEqual({ code: 0, out: `blocked 5 places of ${eventId}\n`, err: '' });
    expect(await hold(4)).toBe('seats_unavailable');
    const history = await run('event', 'history', eventId, '--seat', seats[4]);
    expect(history.out).toContain('SeatsBlocked');
    expect((await run('event', 'unblock', eventId, ...places)).code).toBe(0);
    expect(await hold(4)).toBe('held');
  });

  it('says who closed the sale, in one command', async () => {
    await run('event', 'open-sale', eventId, '--as', 'carol@desk');
    expect((await run('event', 'close-sale', eventId, '--as', 'alice@box-office')).code).toBe(0);
    const asked = await run('event', 'history', eventId, '--what', 'SaleClosed', '--limit', '1');
    expect(asked.out).toContain('operator alice@box-office');
    const told = await run('event', 'history', eventId, '--what', 'saleclosed', '--json');
    const { entries } = JSON.parse(told.out) as { entries: { by: unknown }[] };
    expect(entries.at(-1)?.by).toEqual({ role: 'operator', name: 'alice@box-office' });
    const now = new Date(Date.now() + 1_000).toISOString();
    const replayed = await run('event', 'replay', eventId, '--at', now);
    expect(replayed.out).toContain('SaleClosed by operator alice@box-office at ');
    const shown = await run('event', 'replay', eventId, '--at', now, '--json');
    expect(JSON.parse(shown.out)).toMatchObject({
      sale_status: 'closed',
      sale_status_by: { role: 'operator', name: 'alice@box-office' },
      last: { what: 'SaleClosed', by: { role: 'operator', name: 'alice@box-office' } },
    });
    await run('event', 'open-sale', eventId);
  });

  it('names whoever is logged in where nobody is named, and buyers by their role', async () => {
    expect(await hold(8)).toBe('held');
    const told = await run('event', 'history', eventId, '--json');
    const { entries } = JSON.parse(told.out) as { entries: { what: string; by: unknown }[] };
    const lastOf = (what: string) => entries.filter((entry) => entry.what === what).at(-1)?.by;
    expect(lastOf('SeatsHeld')).toEqual({ role: 'buyer' });
    expect(lastOf('SaleOpened')).toEqual({ role: 'operator', name: nameOfThisUser() });
    expect(nameOfThisUser()).toMatch(/^.+@.+$/);
  });

  it('takes no name that could pass for something else, and no kind there is not', async () => {
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(101)]) {
      expect((await run('event', 'close-sale', eventId, '--as', name)).code).toBe(2);
    }
    expect((await run('event', 'history', eventId, '--what', 'Closed')).code).toBe(2);
  });

  it('says in one line what was refused, and which places stand in the way', async () => {
    const lines = [
      await run('event', 'block', eventId, '--seats', `${seats[0]},${seats[7]}`),
      await run('event', 'unblock', eventId, '--area', 'Floor=1'),
      await run('event', 'block', eventId, '--seats', 'nowhere'),
      await run('event', 'block', eventId, '--area', 'Roof=1'),
      await run('event', 'open-sale', 'evt_none'),
    ];
    expect(lines.map(({ code, err }) => [code, err])).toEqual([
      [3, `holdfastctl: refused: seats_unavailable: ${seats[0]}\n`],
      [3, 'holdfastctl: refused: seats_not_blocked: Floor\n'],
      [3, 'holdfastctl: the seating plan has no seat nowhere\n'],
      [3, 'holdfastctl: the seating plan has no area Roof\n'],
      [3, 'holdfastctl: there is no event evt_none\n'],
    ]);
    for (const args of [[], ['--area', 'Floor'], ['--area', 'Floor=0']]) {
      expect((await run('event', 'block', eventId, ...args)).code).toBe(2);
    }
  });

  it('releases an event from quarantine once, and says what that means', async () => {
    const { pool } = system;
    await pool.query("UPDATE ownership SET quarantined = 'lost' WHERE event_id = $1", [eventId]);
    const meaning = 'its next owner goes on from the journal as it is';
    const released = await run('event', 'release-quarantine', eventId);
    expect(released).toEqual({
      code: 0,
      out: `released ${eventId} (lost): within 5 s ${meaning}\n`,
      err: '',
    });
    const { rows } = await pool.query('SELECT quarantined FROM ownership');
    expect(rows).toEqual([{ quarantined: null }]);
    const again = await run('event', 'release-quarantine', eventId);
    expect([again.code, again.err]).toEqual([3, `holdfastctl: ${eventId} is not in quarantine\n`]);
  });
});
