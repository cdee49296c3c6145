import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import { commitmentOf } from '#libs/room/draw.js';
import { headJson, type Evidence } from '#libs/room/evidence.js';
import { leafHash } from '#libs/room/merkle.js';
import { openRoom } from '#libs/room/postgres-rooms.js';
import { roomName } from '#libs/room/room.js';
import { createRoomKeys, entryOf, RoomSigner } from '#libs/room/signed.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import { eventFor, importSmallEvent } from '#libs/testing/sale.js';
import { until } from '#libs/testing/until.js';
import { setup } from '../setup.mjs';
import { attempt, commandTable, paidBooking, paidTrace, type Scene } from './commands.features.js';
import { buildProgram, runCommandLine } from './holdfastctl.js';
import { Interruption } from './interruption.js';

/** What every command owes to who calls it, tried on each of them with a real system. */
let cluster: ProcessCluster;
let folder: string;
let scene: Scene;
let here: NodeJS.ProcessEnv;

const entries = Object.entries(commandTable);
const changing = entries.filter(([, { dryKeys }]) => dryKeys !== undefined);

beforeAll(async () => {
  await setup();
  cluster = await ProcessCluster.start(['shard-a', 'shard-b']);
  const gateway = await cluster.startGateway('gateway-1');
  here = {
    DATABASE_URL: cluster.databaseUrl,
    ...cluster.nats.environmentOf('operator'),
    COLUMNS: '60',
  };
  here.HOLDFAST_GATEWAY_URL = gateway.url;
  here.HOLDFAST_TOKEN_SECRET = 's'.repeat(32);
  const event = eventFor('shard-a', ['shard-a', 'shard-b']);
  await importSmallEvent(cluster.pool, event, 60_000);
  const onSaleAt = new Date(Date.now() + 3_600_000).toISOString();
  await importSmallEvent(cluster.pool, soon, 60_000, undefined, { on_sale: onSaleAt });
  // As an upgrade left it that nobody has finalized.
  await cluster.pool.query('UPDATE fact_format SET level = 1');
  await cluster.pool.query(
    `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id,
       idempotency_key, fingerprint, currency, state, payment_intent_id, created_at, trace)
     VALUES ($1, 'bkg_1', 'usr_1', 'rsv_1', $2, 'k', 'f', 'GBP', 'AUTHORISING', 'pi_1',
       -- However long this takes, it is not stuck.
       clock_timestamp() + interval '1 hour', $3)`,
    [attempt, event, paidTrace],
  );
  await cluster.pool.query(
    `INSERT INTO payment_attempt (attempt_id, booking_id, user_id, hold_id, event_id, seats,
       idempotency_key, fingerprint, currency, state, payment_intent_id, amount_minor)
     VALUES ('att_paid', $1, 'usr_1', 'rsv_2', $2, '{1,2,3}', 'k2', 'f', 'GBP', 'CAPTURED',
       'pi_2', 300)`,
    [paidBooking, event],
  );
  await cluster.pool.query(
    `INSERT INTO refund (refund_id, attempt_id, booking_id, event_id, user_id, asker, request_key,
       fingerprint, role, reason, state, seats, areas, off_sale, amount_minor, kept_minor,
       currency, trace, created_at)
     SELECT id, 'att_paid', $1, $2, 'usr_1', 'sue', id, 'f', 'support', 'asked for it', 'FAILED',
       ARRAY[seat], '[]', false, 100, 0, 'GBP', 't', clock_timestamp() + interval '1 hour'
     FROM (VALUES ('rfd_every', 1), ('rfd_other', 2)) AS failed (id, seat)`,
    [paidBooking, event],
  );
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-every-'));
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify(demoPlan('theatre')));
  const file = path.join(folder, 'event.json');
  await writeFile(file, JSON.stringify(hamlet));
  // Nobody moves anything by itself, and the event has an owner.
  await run('rebalance', 'suspend');
  await run('event', 'open-sale', event);
  const [{ name }] = JSON.parse((await run('--json', 'gateways')).out) as { name: string }[];
  const proof = path.join(folder, 'proof.json');
  await writeFile(proof, JSON.stringify(await openRoomOf(guarded)));
  scene = { event, seat: 'R1-1', file, gateway: name, soon, guarded, proof };
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const guarded = 'evt_guarded' as EventId;
const soon = 'evt_soon' as EventId;

/** A waiting room, and the proof of who is alone in it. */
async function openRoomOf(eventId: EventId): Promise<Evidence> {
  const opensAtMs = Date.now();
  const keys = createRoomKeys();
  const settings = { opensAtMs, drawsAtMs: opensAtMs + 3_600_000, ratePerMinute: 60 };
  const more = { activeMax: 5, claimMs: 60_000, admissionMs: 60_000, partyMax: 4 };
  const room = await openRoom(cluster.pool, eventId, { ...settings, ...more }, keys);
  const name = roomName(room!);
  const [userId, nonce] = ['usr_alone' as UserId, 'a-nonce-of-his-own'];
  const entry = entryOf(name, userId, nonce);
  const signer = new RoomSigner(name, keys.signKey);
  const head = { size: 1, root: leafHash(entry), atMs: opensAtMs, final: false };
  return {
    ...{ room: name, user_id: userId, nonce, index: 0, path: [], secret: null, position: null },
    commitment: commitmentOf(keys.secret).toString('hex'),
    verify_key: keys.verifyKey.toString('hex'),
    receipt: signer.receipt({ index: 0, entry }).toString('hex'),
    head: headJson(signer.head(head)),
  };
}

const hamlet = {
  plan: 'plan.json',
  id: 'evt_every',
  name: 'A Play With Quite A Long Name, Told By Idiots',
  venue: 'The Meridian Theatre On The Hill',
  city: 'London',
  start: '2027-03-01T19:30:00Z',
  currency: 'GBP',
  prices: { Premium: '95', Stalls: '68.50', Circle: '52', Balcony: '29.50' },
};

async function run(...args: string[]) {
  return runWith(here, args);
}

async function runWith(env: NodeJS.ProcessEnv, args: readonly string[], more: object = {}) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    env,
    ...more,
  });
  return { code, out, err };
}

const call = (name: string, words: readonly string[]): string[] => [...name.split(' '), ...words];

function leaves(command: Command, above: readonly string[] = []): string[] {
  const own = command.commands.filter((one) => one.name() !== 'help');
  if (own.length === 0) return [above.join(' ')];
  return own.flatMap((one) => leaves(one, [...above, one.name()]));
}

/**
 * All that a command could change: what the database has, and for commands about processes what
 * those say of themselves, which takes as long as the slowest answer.
 */
async function everything(name: string): Promise<unknown> {
  const { rows } = await cluster.pool.query<Record<string, unknown>>(`
    SELECT (SELECT jsonb_agg(jsonb_build_array(event_id, shard, epoch, pinned_to, quarantined)
                             ORDER BY event_id) FROM ownership) AS owned,
           (SELECT jsonb_agg(to_jsonb(s) ORDER BY s::text) FROM setting s) AS settings,
           (SELECT level FROM fact_format) AS fact_level,
           (SELECT count(*) FROM event_cancellation) AS cancelled_events,
           (SELECT count(*)::integer FROM event) AS events,
           (SELECT jsonb_agg(jsonb_build_array(event_id, rate_per_minute, paused,
                                                       drain_upto, closed_at)
                             ORDER BY room_no) FROM room) AS rooms,
           (SELECT jsonb_agg(jsonb_build_array(event_id, batch_no)
                             ORDER BY event_id, batch_no) FROM journal) AS batches,
           (SELECT jsonb_agg(jsonb_build_array(attempt_id, state, hints)) FROM payment_attempt)
             AS attempts,
           (SELECT jsonb_agg(jsonb_build_array(refund_id, state, key_no)) FROM refund) AS refunds`);
  if (!/^(shard|gateway)/.test(name)) return rows[0];
  return [rows[0], await statesOfProcesses()];
}

/** Both shards and the gateway: who is late to answer, on a busy machine, is asked again. */
async function statesOfProcesses(): Promise<readonly string[]> {
  type States = {
    shards: { state: string }[];
    gateway_processes: { state: string }[];
  };
  let states: readonly string[] = [];
  await until(
    async () => {
      const status = JSON.parse((await run('--json', 'status')).out) as States;
      states = [...status.shards, ...status.gateway_processes].map(({ state }) => state);
      return states.length === 3;
    },
    'all processes say how they are',
    60_000,
  );
  return states;
}

const oneLine = /^holdfastctl: [^\n]+\n$/;
const stack = /\n\s+at |Error:/;

function keysOf(text: string): string[] {
  const value = JSON.parse(text) as object | readonly object[];
  const [first = {}] = Array.isArray(value) ? (value as readonly object[]) : [value];
  return Object.keys(first).sort();
}

describe('every command of holdfastctl', () => {
  it('is in the table of this spec', () => {
    const terminal = { out: () => undefined, err: () => undefined, env: {} };
    const program = buildProgram(terminal, new Interruption(undefined));
    expect(leaves(program).sort()).toEqual(Object.keys(commandTable).sort());
  });

  it.each(entries)('%s: answers wrong usage with 2 and one line', async (name) => {
    const words = call(name, [...commandTable[name].words(scene), '--no-such-flag']);
    const wrong = await run(...words);
    expect(wrong).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(oneLine),
    });
    expect(wrong.err).toContain('--help');
    const json = await run('--json', ...words);
    expect(JSON.parse(json.err)).toEqual({
      error: {
        message: expect.stringContaining('--no-such-flag'),
        details: [],
      },
    });
  });

  it('ends with 4 and one line when nobody answers', async () => {
    const databases = ['postgres://127.0.0.1:1/x', 'postgres://nobody.invalid/x'];
    const asking = entries.filter(([, { offline }]) => offline !== true);
    const tries = asking.flatMap(([name, entry]) => {
      const outages: NodeJS.ProcessEnv[] = databases.map((url) => ({ ...here, DATABASE_URL: url }));
      if (entry.busless !== true) outages.push({ ...here, NATS_URL: 'nats://127.0.0.1:1' });
      return outages.map(async (env) => {
        const gone = await runWith(env, call(name, entry.words(scene)));
        return {
          name,
          ...gone,
          line: oneLine.test(gone.err) && !stack.test(gone.err),
        };
      });
    });
    const all = await Promise.all(tries);
    expect(all.length).toBeGreaterThan(2 * asking.length);
    expect(all.filter(({ code, out, line }) => code !== 4 || out !== '' || !line)).toEqual([]);
  }, 60_000);

  it.each(entries.filter(([, { refused }]) => refused !== undefined))(
    '%s: says in one line what is refused, with 3, also in a dry run',
    async (name, { refused, dryKeys }) => {
      const words = call(name, refused!(scene));
      for (const flags of dryKeys === undefined ? [[]] : [[], ['--dry-run']]) {
        const no = await run(...words, ...flags);
        expect(no).toMatchObject({
          code: 3,
          out: '',
          err: expect.stringMatching(oneLine),
        });
        expect(no.err).not.toMatch(stack);
      }
    },
  );

  it.each(changing)('%s: changes nothing in a dry run, and says what it would', async (...row) => {
    const [name, { words, dryKeys }] = row;
    if (name === 'event release-quarantine') await quarantine();
    if (name === 'event unblock') await run(...call('event block', words(scene)));
    const before = await everything(name);
    const dry = await run(...call(name, words(scene)), '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: '' });
    if (name !== 'rebalance apply') expect(dry.out).toMatch(/\bwould\b/);
    const json = await run('--json', ...call(name, words(scene)), '--dry-run');
    expect(json).toMatchObject({ code: 0, err: '' });
    expect(keysOf(json.out)).toEqual(dryKeys);
    expect(await everything(name)).toEqual(before);
    if (name === 'event unblock') await run(...call(name, words(scene)));
    if (name === 'event release-quarantine') await quarantine(null);
  });

  it.each(entries)(
    '%s: prints JSON with the keys it always has',
    async (name, { words, keys }) => {
      if (name === 'event release-quarantine') await quarantine();
      const changes = commandTable[name].dryKeys !== undefined && !alike.includes(name);
      const before = changes ? await everything(name) : null;
      const done = await run('--json', ...call(name, words(scene)));
      // There are no payments here.
      if (name === 'status')
        expect(done).toMatchObject({ code: 1, err: expect.stringContaining('no payments') });
      else expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
      expect(done.out.endsWith('\n') && done.out.trimEnd().split('\n').length === 1).toBe(true);
      expect(keysOf(done.out)).toEqual(keys);
      if (changes) expect(await everything(name)).not.toEqual(before);
      if (name === 'event fence') await run('event', 'open-sale', scene.event);
    },
    20_000,
  );

  it.each(entries.filter(([, { fits }]) => fits === true))(
    '%s: fits a narrow terminal, without colours for a file',
    async (name, { words }) => {
      const { out, code } = await run(...call(name, words(scene)));
      expect([code, out === '']).toEqual([name === 'status' ? 1 : 0, false]);
      expect(out.split('\n').filter((line) => line.length > 60)).toEqual([]);
      expect(out).not.toContain('\u001b');
    },
  );
});

/** Not where one shard is alone: a plan may be empty. The others were done before. */
const alike = ['migrate', 'rebalance apply', 'rebalance suspend'];

const quarantine = (reason: string | null = 'tried') =>
  cluster.pool.query('UPDATE ownership SET quarantined = $2 WHERE event_id = $1', [
    scene.event,
    reason,
  ]);

describe('Ctrl-C', () => {
  it('ends a watch with 0, after one picture or one line of JSON a look', async () => {
    for (const flags of [[], ['--json']]) {
      const stop = new AbortController();
      let out = '';
      const watching = runCommandLine([...flags, 'status', '--watch', '1'], {
        out: (text) => void (out += text),
        err: () => undefined,
        env: here,
        screen: flags.length === 0 ? { columns: 60, rows: 10 } : null,
        interrupted: stop.signal,
      });
      await until(() => out.split(/\u001b\[H|\n\{/).length > 2, 'two looks', 15_000);
      stop.abort();
      expect(await watching).toBe(0);
      if (flags.length === 0) {
        expect(out.startsWith('\u001b[2J\u001b[H')).toBe(true);
        expect(out.split('\u001b[2J')).toHaveLength(2);
        const pictures = out.split('\u001b[H').slice(1);
        expect(Math.max(...pictures.map((one) => one.split('\n').length))).toBeLessThanOrEqual(10);
      } else {
        for (const line of out.trimEnd().split('\n')) {
          expect(JSON.parse(line)).toMatchObject({
            at: expect.any(String),
            events: expect.any(Number),
          });
        }
      }
    }
  }, 30_000);

  it('leaves a drain running, and says so', async () => {
    await run('event', 'move', scene.event, '--to', 'shard-a');
    await run('shard', 'cordon', 'shard-b');
    const stop = new AbortController();
    let err = '';
    const draining = runCommandLine(['shard', 'drain', 'shard-a'], {
      out: () => undefined,
      err: (text) => {
        err += text;
        stop.abort();
      },
      env: here,
      interrupted: stop.signal,
    });
    expect(await draining).toBe(130);
    expect(err).toMatch(/interrupted: the drain of shard-a-\w+ goes on, 1 left; .*--cancel/);
    expect((await run('shard', 'drain', 'shard-a', '--cancel')).code).toBe(0);
  }, 30_000);

  it('ends at once what looks only', async () => {
    const stop = new AbortController();
    const looking = runWith(here, ['shards'], { interrupted: stop.signal });
    stop.abort();
    expect(await looking).toEqual({
      code: 130,
      out: '',
      err: 'holdfastctl: interrupted\n',
    });
  });
});
