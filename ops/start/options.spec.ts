import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { projectRoot } from '../system/paths.js';
import { helpText, parseOptions, type StartOptions } from './options.js';

function options(args: string[], env: NodeJS.ProcessEnv = {}): StartOptions {
  const parsed = parseOptions(args, env);
  if (parsed.kind !== 'options') throw new Error(`not understood: ${JSON.stringify(parsed)}`);
  return parsed.options;
}

function wrong(args: string[], env: NodeJS.ProcessEnv = {}): string {
  const parsed = parseOptions(args, env);
  return parsed.kind === 'wrong' ? parsed.message : `accepted: ${JSON.stringify(parsed)}`;
}

describe('the options of npm start', () => {
  it('start two shards and one gateway on 8080 when nothing is said', () => {
    expect(options([])).toEqual({
      shards: 2,
      gateways: 1,
      port: 8080,
      data: path.join(projectRoot, '.holdfast'),
      fresh: false,
      single: false,
      pin: false,
      unlimited: false,
      demo: false,
      databaseUrl: null,
      natsUrl: null,
      stripeSecretKey: null,
    });
  });

  it('take values with a space or an equals sign', () => {
    const said = options([
      '--shards',
      '3',
      '--gateways=4',
      '--port',
      '0',
      '--fresh',
      '--unlimited',
    ]);
    expect(said).toMatchObject({ shards: 3, gateways: 4, port: 0, fresh: true, unlimited: true });
  });

  it('prefer a flag over the environment, and an empty variable counts as absent', () => {
    const env = { PORT: '9000', HOLDFAST_DATA: '/srv/a', DATABASE_URL: '', NATS_URL: '' };
    expect(options([], env)).toMatchObject({ port: 9000, data: '/srv/a', databaseUrl: null });
    expect(options(['--port', '9001', '--data', '/srv/b'], env)).toMatchObject({
      port: 9001,
      data: '/srv/b',
    });
    expect(options([], { PORT: '' }).port).toBe(8080);
  });

  it('take a data folder relative to the current folder', () => {
    expect(options(['--data', 'here']).data).toBe(path.resolve('here'));
  });

  it('take the addresses of servers that run already', () => {
    const env = { DATABASE_URL: 'postgres://u:p@db/x', NATS_URL: 'nats://a:4222,nats://b:4222' };
    expect(options([], env)).toMatchObject({
      databaseUrl: 'postgres://u:p@db/x',
      natsUrl: 'nats://a:4222,nats://b:4222',
    });
  });

  it.each([
    [['--shard', '2'], '--shard is not an option'],
    [['-x'], '-x is not an option'],
    [['2'], '"2" is not an option'],
    [['--shards'], '--shards needs a value'],
    [['--data', '--fresh'], '--data needs a value'],
    [['--data', ''], '--data needs a folder'],
    [['--fresh=yes'], '--fresh takes no value'],
    [['--shards', '0'], '--shards wants a number from 1 to 16, not "0"'],
    [['--shards', '-1'], '--shards wants a number from 1 to 16, not "-1"'],
    [['--gateways', '17'], '--gateways wants a number from 1 to 16, not "17"'],
    [['--port', '65536'], '--port wants a number from 0 to 65535, not "65536"'],
    [['--port', '80a'], '--port wants a number from 0 to 65535, not "80a"'],
    [['--single', '--shards', '2'], '--single is one process: it goes without --shards'],
    [['--single', '--pin'], '--single is one process: it goes without --pin'],
  ])('refuse %j with one line', (args, message) => {
    expect(wrong(args)).toBe(message);
  });

  it.each([
    [{ PORT: 'eighty' }, 'PORT wants a number from 0 to 65535, not "eighty"'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL wants a URL that begins with postgres://'],
    [{ NATS_URL: 'localhost' }, 'NATS_URL wants a URL that begins with nats://'],
  ])('refuse the environment %j with one line', (env, message) => {
    expect(wrong([], env)).toBe(message);
  });

  it('tell nothing of a wrong address: it may hold a password', () => {
    expect(wrong([], { DATABASE_URL: 'mysql://me:hunter2@db' })).not.toContain('hunter2');
  });

  it('are explained in lines that fit a terminal of 80 columns', () => {
    expect(parseOptions(['--help'], {}).kind).toBe('help');
    expect(parseOptions(['-h'], {}).kind).toBe('help');
    expect(Math.max(...helpText.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
