import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Type } from 'typebox';
import { ConfigError, maskedConfig, readConfig } from './config.js';

const schema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  HOLDFAST_TOKEN_SECRET: Type.String({ minLength: 32 }),
  HOLDFAST_LOOPBACK_UNLIMITED: Type.Boolean({ default: false }),
  HOLDFAST_SHARD_WEIGHT: Type.Number({ exclusiveMinimum: 0, default: 1 }),
  HOLDFAST_TOKEN_ISSUERS: Type.Array(Type.Object({ issuer: Type.String() }), { default: [] }),
  HOLDFAST_LOG_LEVEL: Type.Union([Type.Literal('info'), Type.Literal('debug')], {
    default: 'info',
  }),
  HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
});

const good = {
  DATABASE_URL: 'postgres://app:hunter2@db/holdfast',
  HOLDFAST_TOKEN_SECRET: 'x'.repeat(32),
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(schema, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  it('has defaults, and leaves optional variables out', () => {
    expect(readConfig(schema, good)).toEqual({
      ...good,
      PORT: 8080,
      HOLDFAST_LOOPBACK_UNLIMITED: false,
      HOLDFAST_SHARD_WEIGHT: 1,
      HOLDFAST_TOKEN_ISSUERS: [],
      HOLDFAST_LOG_LEVEL: 'info',
    });
  });

  it('converts numbers, booleans and JSON', () => {
    const env = {
      ...good,
      PORT: '0',
      HOLDFAST_LOOPBACK_UNLIMITED: 'true',
      HOLDFAST_SHARD_WEIGHT: '2.5',
      HOLDFAST_TOKEN_ISSUERS: '[{"issuer":"https://id.example"}]',
    };
    expect(readConfig(schema, env)).toMatchObject({
      PORT: 0,
      HOLDFAST_LOOPBACK_UNLIMITED: true,
      HOLDFAST_SHARD_WEIGHT: 2.5,
      HOLDFAST_TOKEN_ISSUERS: [{ issuer: 'https://id.example' }],
    });
  });

  it('takes an empty variable for an absent one', () => {
    const config = readConfig(schema, { ...good, PORT: '', HOLDFAST_LOG_FILE: '' });
    expect(config.PORT).toBe(8080);
    expect('HOLDFAST_LOG_FILE' in config).toBe(false);
  });

  it('names all wrong variables at once, and never their values', () => {
    const problems = problemsOf({
      PORT: '80a',
      HOLDFAST_TOKEN_SECRET: 'hunter2',
      HOLDFAST_LOOPBACK_UNLIMITED: 'yes',
      HOLDFAST_SHARD_WEIGHT: '0',
      HOLDFAST_TOKEN_ISSUERS: '[{"issuer":1}]',
      HOLDFAST_LOG_LEVEL: 'loud',
    });
    expect(problems.map((line) => line.split(/[ /]/, 1)[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'HOLDFAST_TOKEN_SECRET',
      'HOLDFAST_LOOPBACK_UNLIMITED',
      'HOLDFAST_SHARD_WEIGHT',
      'HOLDFAST_TOKEN_ISSUERS',
      'HOLDFAST_LOG_LEVEL',
    ]);
    expect(problems.join()).not.toMatch(/hunter2|80a|loud/);
    expect(problems[1]).toMatch(/missing/);
    expect(problems[6]).toMatch(/one of: info, debug$/);
  });

  it('refuses a number that is none, is too large or has a fraction', () => {
    for (const PORT of ['65536', '-1', '80.5', '1e3', '0x50', ' 80', 'NaN', 'Infinity']) {
      expect(problemsOf({ ...good, PORT })).toHaveLength(1);
    }
  });

  it('cannot be changed', () => {
    const config = readConfig(schema, { ...good, HOLDFAST_TOKEN_ISSUERS: '[{"issuer":"a"}]' });
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.HOLDFAST_TOKEN_ISSUERS[0], { issuer: 'b' })).toThrow();
    const defaults = readConfig(schema, good);
    expect(() => (defaults.HOLDFAST_TOKEN_ISSUERS as unknown[]).push(1)).toThrow(/not extensible/);
    expect(readConfig(schema, good).HOLDFAST_TOKEN_ISSUERS).toEqual([]);
  });

  it('reads a secret, or a URL, from the file that is named instead', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-config-'));
    const file = path.join(folder, 'secret');
    writeFileSync(file, `${'y'.repeat(32)}\n`);
    const env = { DATABASE_URL: good.DATABASE_URL, HOLDFAST_TOKEN_SECRET_FILE: file };
    expect(readConfig(schema, env).HOLDFAST_TOKEN_SECRET).toBe('y'.repeat(32));
    writeFileSync(file, good.DATABASE_URL);
    const { HOLDFAST_TOKEN_SECRET } = good;
    const url = { HOLDFAST_TOKEN_SECRET, DATABASE_URL_FILE: file };
    expect(readConfig(schema, url).DATABASE_URL).toBe(good.DATABASE_URL);
    expect(problemsOf({ ...good, HOLDFAST_TOKEN_SECRET_FILE: file })).toEqual([
      'HOLDFAST_TOKEN_SECRET and HOLDFAST_TOKEN_SECRET_FILE are both set',
    ]);
    rmSync(folder, { recursive: true });
    expect(problemsOf(env)).toEqual([
      'HOLDFAST_TOKEN_SECRET_FILE names a file that cannot be read (ENOENT)',
    ]);
  });

  it('takes nothing from a file that is neither', () => {
    expect(readConfig(schema, { ...good, PORT_FILE: '/dev/null' }).PORT).toBe(8080);
  });

  it('is shown with its secrets masked', () => {
    const masked = maskedConfig(schema, readConfig(schema, { ...good, PORT: '9' }));
    expect(masked).toMatchObject({
      PORT: 9,
      DATABASE_URL: 'postgres://app:***@db/holdfast',
      HOLDFAST_TOKEN_SECRET: '***',
      HOLDFAST_TOKEN_ISSUERS: [],
    });
    expect(JSON.stringify(masked)).not.toMatch(/hunter2|xxxx/);
  });

  it('masks what a schema calls secret, and shows what it says is none', () => {
    const own = Type.Object({
      CERTIFICATE: Type.String({ secret: true }),
      PUBLIC_KEY: Type.String({ secret: false }),
      PEERS: Type.String(),
    });
    const env = { CERTIFICATE: 'abc', PUBLIC_KEY: 'def', PEERS: 'nats://u:p@a,nats://v:q@b' };
    expect(maskedConfig(own, readConfig(own, env))).toEqual({
      CERTIFICATE: '***',
      PUBLIC_KEY: 'def',
      PEERS: 'nats://u:***@a,nats://v:***@b',
    });
  });
});
