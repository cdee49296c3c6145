import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-log-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** As a process does that cannot reach a server it needs: dead before its first turn ends. */
const program = `
  const { createLog } = await import(process.env.LOG_MODULE);
  const { createLifecycle } = await import(process.env.LIFECYCLE_MODULE);
  const log = createLog({ name: 'payments', file: process.env.LOG_FILE });
  createLifecycle({ log, clock: {}, stopWithinMs: 1_000 }).handleSignals();
  log.info('configuration');
  throw new Error('no server there');
`;

it('keeps the last words of a process that dies at once', () => {
  const file = path.join(folder, 'logs', 'payments.log');
  const built = (name: string) => path.resolve('dist/libs/platform', name);
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: {
      ...process.env,
      LOG_MODULE: built('log.js'),
      LIFECYCLE_MODULE: built('lifecycle.js'),
      LOG_FILE: file,
    },
  });
  expect(stderr).toBe('');
  expect(status).toBe(1);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const messages = lines.map((line) => JSON.parse(line) as { msg: string; err?: Error });
  expect(messages.map(({ msg }) => msg).sort()).toEqual(['configuration', 'uncaught exception']);
  expect(messages.find(({ err }) => err)?.err).toMatchObject({ message: 'no server there' });
});
