import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { migrate } from '#libs/database/migrate.js';
import { openPool } from '#libs/database/pool.js';
import { startTestPostgres, type TestPostgres } from '#libs/testing/postgres.js';
import { runCommandLine } from './holdfastctl.js';

let postgres: TestPostgres;
let url: string;
let folder: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.createDatabase();
  await migrate(url);
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-ctl-'));
  await mkdir(path.join(folder, 'plans'));
  await save('plans/theatre.json', demoPlan('theatre'));
  await save('hamlet.json', event({ plan: 'plans/theatre.json' }));
}, 60_000);

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const event = (more: object = {}) => ({
  name: 'Hamlet',
  venue: 'Meridian Theatre',
  city: 'London',
  start: '2027-03-01T19:30:00Z',
  currency: 'GBP',
  prices: { Premium: '95', Stalls: '68.50', Circle: '52', Balcony: '29.50' },
  ...more,
});

async function save(name: string, value: unknown): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

const at = (name: string): string => path.join(folder, name);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return runWith({ DATABASE_URL: url }, ...args);
}

async function runWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env,
  });
  return { code, out, err };
}

describe('holdfastctl import', () => {
  it('imports an event file whose plan is beside it', async () => {
    const { code, out, err } = await run('import', at('hamlet.json'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      new RegExp(
        '^imported evt_hamletlondon20270301: Hamlet, Meridian Theatre, London: ' +
          '622 seats in 3 sections and 25 rows, 29\\.50 to 95\\.00 GBP\n' +
          'best seats are those near 1000,200: .*"Stage".* \\(--focal x,y says otherwise\\)\n$',
      ),
    );
  });

  it('refuses the same event again in one line', async () => {
    const { code, out, err } = await run('import', at('hamlet.json'));
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toBe(
      'holdfastctl: evt_hamletlondon20270301 exists already; ' +
        'give the event another "id", or --update it\n',
    );
  });

  it('updates texts by itself, and prices only by the owner of the event', async () => {
    const texts = await save(
      'texts.json',
      event({ plan: 'plans/theatre.json', performers: ['X'] }),
    );
    expect(await run('import', texts, '--update')).toMatchObject({ code: 0, err: '' });
    const prices = { Premium: '9', Stalls: '6', Circle: '5', Balcony: '2' };
    const cheaper = await save('cheaper.json', event({ plan: 'plans/theatre.json', prices }));
    const { code, err } = await run('import', cheaper, '--update');
    expect(code).toBe(4);
    expect(err).toContain('needs the message bus');
  });

  it('takes a plan file with the event beside it, and prints JSON', async () => {
    const file = await save('two.json', event({ id: 'evt_two', buyer_limit: 4 }));
    const { code, out } = await run('import', at('plans/theatre.json'), '--event', file, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      result: 'imported',
      event_id: 'evt_two',
      sections: 3,
      price_min_minor: 2950,
      start: '2027-03-01T19:30:00.000Z',
    });
  });

  it('with --dry-run needs no system and writes nothing', async () => {
    const file = await save('dry.json', event({ id: 'evt_dry', plan: 'plans/theatre.json' }));
    const { code, out } = await runWith({}, 'import', file, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('would import evt_dry: Hamlet');
    expect((await run('events', 'list', '--json')).out).not.toContain('evt_dry');
  });

  it('refuses broken files with file, field and reason, and all problems as JSON', async () => {
    const plan = demoPlan('theatre');
    plan.zones[1].rows[2].seats[3] = { ...plan.zones[0].rows[0].seats[0], category: 'Royal' };
    await save('plans/broken.json', plan);
    const file = await save('broken.json', event({ plan: 'plans/broken.json' }));
    const { code, err } = await run('import', file);
    expect(code).toBe(1);
    expect(err).toBe(
      `holdfastctl: ${at('plans/broken.json')}: zones[1].rows[2].seats[3].category ` +
        'names the unknown category "Royal" (and 1 more)\n',
    );
    const json = JSON.parse((await run('import', file, '--json')).err) as {
      error: { details: { path: string }[] };
    };
    expect(json.error.details[1].path).toBe('zones[1].rows[2].seats[3].seat_guid');
  });

  it('refuses an event file that is too large, alone or beside its plan', async () => {
    const name = 'x'.repeat(limits.eventFileBytesMax);
    const file = await save('huge.json', event({ name, plan: 'plans/theatre.json' }));
    for (const args of [[file], [at('plans/theatre.json'), '--event', file]]) {
      const { code, err } = await run('import', ...args);
      expect({ code, err }).toEqual({
        code: 1,
        err: `holdfastctl: ${file} is larger than ${limits.eventFileBytesMax} bytes\n`,
      });
    }
  });

  it('refuses what is no file, no JSON, or no event, in one line each', async () => {
    const lines: string[] = [];
    for (const name of ['none.json', 'plans', await saveName('text.json', 'hello')]) {
      const { code, err } = await run('import', at(name));
      expect(code).toBe(1);
      lines.push(err.replace(folder, ''));
    }
    const alone = await run('import', at('plans/theatre.json'));
    lines.push(alone.err.replace(folder, ''));
    expect(lines).toEqual([
      'holdfastctl: /none.json does not exist\n',
      'holdfastctl: /plans is a folder\n',
      'holdfastctl: /text.json is not valid JSON: ' +
        'unexpected "h" at line 1, column 1 (position 0)\n',
      'holdfastctl: /plans/theatre.json is a seating plan: name the event file with --event\n',
    ]);
  });
});

describe('holdfastctl', () => {
  it('lists events as a table and as JSON', async () => {
    const { code, out } = await run('events', 'list', '--keyword', 'hamlte');
    expect(code).toBe(0);
    expect(out).toContain('evt_two');
    expect(out).toContain('29.50-95.00 GBP');
    expect(out.trimEnd().endsWith('2 of 2')).toBe(true);
    const json = JSON.parse((await run('--json', 'events', 'list', '--page-size', '1')).out) as {
      total: number;
      events: unknown[];
    };
    expect([json.total, json.events.length]).toEqual([2, 1]);
  });

  it('lists what can still be had, as searches do', async () => {
    const listed = async (): Promise<number> =>
      (JSON.parse((await run('events', 'list', '--available', '--json')).out) as { total: number })
        .total;
    expect(await listed()).toBe(2);
    const pool = openPool(url, { applicationName: 'ctl-spec', max: 1, answerWithinMs: 10_000 });
    await pool.query(`INSERT INTO event_availability (event_id, epoch, version, free, sale_status)
                      VALUES ('evt_two', 1, 1, 0, 'open')`);
    await pool.end();
    expect(await listed()).toBe(1);
  });

  it('says what the database of a system holds', async () => {
    const { code, out } = await run('status', '--json');
    // Without NATS_URL nobody could be asked.
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ events: 2, plans: 1, owned: 0 });
  });

  it('exits with 2 on wrong usage and with 0 on help', async () => {
    expect((await run('imprt')).code).toBe(2);
    expect((await run('import')).code).toBe(2);
    expect((await run('events', 'list', '--page', '0')).code).toBe(2);
    const help = await run('import', '--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('"plan": "theatre.pretix.json"');
  });

  it('says in one line that no system runs, or that it does not answer', async () => {
    const none = await runWith({}, '--data', folder, 'events', 'list');
    expect(none.code).toBe(4);
    expect(none.err).toMatch(/^holdfastctl: no Holdfast runs on .*\n$/);
    const gone = await runWith({ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, 'events', 'list');
    expect(gone).toMatchObject({
      code: 4,
      err: 'holdfastctl: the database of the system does not answer\n',
    });
    const empty = await runWith({ DATABASE_URL: postgres.url }, 'events', 'list');
    expect(empty.err).toBe(
      'holdfastctl: the database has no Holdfast schema: run "holdfastctl migrate"\n',
    );
  });
});

async function saveName(name: string, text: string): Promise<string> {
  await save(name, text);
  return name;
}
