import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '#libs/testing/until.js';
import { createLog, flushLogs, reopenLogs, type Log } from './log.js';
import { NestLogger } from './nest-logger.js';

type Line = Record<string, unknown>;

describe('the log', () => {
  let folder: string;
  let log: Log;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-log-'));
    log = createLog({ name: 'gateway', level: 'debug', file: join(folder, 'logs', 'gateway.log') });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** The first line is written in the background: flushed until the lines are there. */
  async function lines(count: number): Promise<Line[]> {
    const giveUpAtMs = performance.now() + 5_000;
    for (;;) {
      const found = readLines(join(folder, 'logs', 'gateway.log'));
      if (found.length >= count || performance.now() > giveUpAtMs) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
      flushLogs();
    }
  }

  it('writes one JSON object a line, with time, level, name and pid', async () => {
    log.info({ port: 8080 }, 'listening');
    const [line] = await lines(1);
    expect(line).toMatchObject({ level: 'info', name: 'gateway', pid: process.pid, port: 8080 });
    expect(line.msg).toBe('listening');
    expect(new Date(String(line.time)).getTime()).toBeGreaterThan(1_600_000_000_000);
  });

  it('has no key twice in a line, whatever a line is about', async () => {
    log.info({ name: 'Hamlet', level: 3, time: 'now', pid: 1, msg: 'other' }, 'told');
    await lines(1);
    const text = readFileSync(join(folder, 'logs', 'gateway.log'), 'utf8').trim();
    const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key);
    expect(keys.sort()).toEqual([...new Set(keys)]);
    expect(JSON.parse(text)).toMatchObject({ name: 'gateway', name_: 'Hamlet', msg: 'told' });
  });

  it('goes on in a new file when a rotation has moved the old one away', async () => {
    const file = join(folder, 'logs', 'gateway.log');
    log.info('before');
    expect(await lines(1)).toHaveLength(1);
    renameSync(file, `${file}.1`);
    reopenLogs();
    log.info('after');
    await until(() => existsSync(file), 'a new file');
    expect((await lines(1)).map(({ msg }) => msg)).toEqual(['after']);
    expect(readLines(`${file}.1`).map(({ msg }) => msg)).toEqual(['before']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps secrets out, at the top and in nested objects', async () => {
    const secret = 'hunter2';
    log.info({ token: secret, secret, payment_token: secret, authorization: secret, kept: 1 });
    log.info({ request: { token: secret, headers: { authorization: secret, cookie: secret } } });
    log.child({ part: 'payments' }).info({ body: { payment_token: secret } });
    const found = await lines(3);
    expect(found).toHaveLength(3);
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(found[0]).toMatchObject({ kept: 1, token: '[secret]' });
  });

  it('keeps secrets out of messages and of what libraries say', async () => {
    log.error({ err: new Error('connect nats://hunter2@bus:4222 refused') }, 'no NATS server yet');
    log.warn('postgres://app:hunter2@db/x?sslpassword=hunter2');
    const found = await lines(2);
    expect(found).toHaveLength(2);
    expect(JSON.stringify(found)).not.toContain('hunter2');
    expect(found[1].msg).toBe('postgres://app:***@db/x?sslpassword=***');
  });

  it('carries errors with their stack, and drops lines below its level', async () => {
    log.trace('not this');
    log.error({ err: new Error('broken') }, 'failed');
    const found = await lines(1);
    expect(found).toHaveLength(1);
    expect(found[0].err).toMatchObject({ message: 'broken', stack: expect.any(String) });
  });

  it('takes the messages of Nest with their context', async () => {
    const nest = new NestLogger(log);
    nest.log('starting', 'NestFactory');
    nest.error(new Error('no'), 'stack text', 'Injector');
    nest.warn({ odd: true });
    const found = await lines(3);
    expect(found[0]).toMatchObject({ level: 'debug', msg: 'starting', context: 'NestFactory' });
    expect(found[1]).toMatchObject({ level: 'error', msg: 'no', context: 'Injector' });
    expect(found[1].err).toMatchObject({ message: 'no' });
    expect(found[2]).toMatchObject({ level: 'warn', msg: '{"odd":true}' });
  });
});

function readLines(file: string): Line[] {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line);
  } catch {
    return [];
  }
}
