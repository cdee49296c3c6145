import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findSystem, runFileOf, SystemNotFound, type RunFile } from './find-system.js';
import { processIdentity } from './processes.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-find-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeRun(change: Partial<RunFile> = {}): void {
  const run: RunFile = {
    pid: process.pid,
    identity: processIdentity(process.pid),
    databaseUrl: 'postgres://holdfast:x@127.0.0.1:1/holdfast',
    natsUrl: 'nats://127.0.0.1:2',
    natsCredentials: {},
    gatewayUrls: ['http://127.0.0.1:8080'],
    stripeUrl: null,
    simulatorKey: null,
    metricsToken: 'm'.repeat(32),
    logs: path.join(folder, 'logs'),
    single: false,
    children: [{ name: 'shard-1', pid: 3 }],
    ...change,
  };
  writeFileSync(runFileOf(folder), JSON.stringify(run));
}

describe('finding the running system', () => {
  it('reads run.json of the folder of --data, whatever the environment says', () => {
    writeRun();
    const env = { DATABASE_URL: 'postgres://other/x', HOLDFAST_DATA: '/nowhere' };
    expect(findSystem({ data: folder, env })).toMatchObject({
      databaseUrl: 'postgres://holdfast:x@127.0.0.1:1/holdfast',
      natsUrl: 'nats://127.0.0.1:2',
      gatewayUrls: ['http://127.0.0.1:8080'],
      data: folder,
      children: [{ name: 'shard-1', pid: 3 }],
    });
  });

  it('reads the folder of HOLDFAST_DATA when nothing else is said', () => {
    writeRun({ single: true, natsUrl: null });
    expect(findSystem({ env: { HOLDFAST_DATA: folder } })).toMatchObject({
      single: true,
      natsUrl: null,
    });
  });

  it('prefers DATABASE_URL and NATS_URL over HOLDFAST_DATA', () => {
    writeRun();
    const env = { DATABASE_URL: 'postgres://a/b', NATS_URL: 'nats://c', HOLDFAST_DATA: folder };
    expect(findSystem({ env })).toEqual({
      databaseUrl: 'postgres://a/b',
      natsUrl: 'nats://c',
      natsCredentials: {},
      gatewayUrls: [],
      stripeUrl: null,
      simulatorKey: null,
      metricsToken: null,
      data: null,
      single: false,
      children: [],
    });
  });

  it('reads secrets and addresses from files, as the processes do', () => {
    const [database, seed] = ['database', 'token'].map((name) => path.join(folder, name));
    writeFileSync(database, 'postgres://u:secret@a/b\n');
    writeFileSync(seed, 'numbers\n');
    const env = { DATABASE_URL_FILE: database, HOLDFAST_METRICS_TOKEN_FILE: seed };
    expect(findSystem({ env })).toMatchObject({
      databaseUrl: 'postgres://u:secret@a/b',
      metricsToken: 'numbers',
    });
    const gone = { DATABASE_URL_FILE: path.join(folder, 'gone') };
    expect(() => findSystem({ env: gone })).toThrow('DATABASE_URL_FILE names a file that cannot');
  });

  it('takes HOLDFAST_GATEWAY_URL along with DATABASE_URL', () => {
    const env = { DATABASE_URL: 'postgres://a/b', HOLDFAST_GATEWAY_URL: 'http://gate' };
    expect(findSystem({ env })).toMatchObject({ natsUrl: null, gatewayUrls: ['http://gate'] });
  });

  it.each([
    ['there is no run.json', () => undefined],
    ['run.json is torn', () => writeFileSync(runFileOf(folder), '{"pid":')],
    ['its launcher is dead', () => writeRun({ pid: 2 ** 22 + 1 })],
    ['its pid belongs to somebody else now', () => writeRun({ identity: 'another:1' })],
  ])('says in one line what to do when %s', (_case, arrange) => {
    arrange();
    const look = () => findSystem({ data: folder, env: {} });
    expect(look).toThrow(SystemNotFound);
    expect(look).toThrow(/^no Holdfast runs on [^\n]+: run "npm start"[^\n]+$/);
  });

  it('takes a DATABASE_URL of several servers, as the processes do', () => {
    const several = 'postgresql://a:b@db1:5432,db2:5432/h?target_session_attrs=primary';
    expect(findSystem({ env: { DATABASE_URL: several } }).databaseUrl).toBe(several);
  });

  it.each([
    ['is none', 'nonsense', 'DATABASE_URL wants a URL that begins with postgres://'],
    ['is of a pooler', 'postgres://a/h?pooler=session', 'DATABASE_URL names a pooler'],
    ['lets a standby be asked', 'postgres://a,b/h?target_session_attrs=any', 'DATABASE_URL target'],
  ])('refuses a DATABASE_URL that %s', (_case, url, words) => {
    const look = () => findSystem({ env: { DATABASE_URL: url } });
    expect(look).toThrow(SystemNotFound);
    expect(look).toThrow(words);
  });
});
