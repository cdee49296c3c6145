import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { ConfigError, readConfig } from '#libs/platform/config.js';
import {
  databaseVariable,
  pooledDatabaseVariable,
  readDatabaseAddress,
  WrongDatabaseAddress,
} from './database-address.js';

const two = 'postgresql://app:s3cret@db1:5432,db2:6432/holdfast';

describe('the address of a database', () => {
  it('is that of one server, word for word', () => {
    const url = 'postgres://app:s%40cret@db1:5432/holdfast?sslmode=verify-full';
    expect(readDatabaseAddress(url)).toEqual({ servers: [url], shown: 'db1:5432', pooler: null });
    expect(readDatabaseAddress('postgres:///holdfast').servers).toEqual(['postgres:///holdfast']);
  });

  it('names several servers as libpq does, each with all that is said of all', () => {
    const address = readDatabaseAddress(`${two}?target_session_attrs=read-write&sslmode=require`);
    expect(address.shown).toBe('db1:5432,db2:6432');
    expect(address.servers).toEqual([
      'postgresql://app:s3cret@db1:5432/holdfast?sslmode=require',
      'postgresql://app:s3cret@db2:6432/holdfast?sslmode=require',
    ]);
  });

  it.each([
    ['http://db1/x', 'wants a URL that begins with postgres://'],
    ['postgres://app:s3cret@db1,,db2/x', 'names a server without a host between two commas'],
    [`${two}?target_session_attrs=any`, 'can be primary or read-write here'],
    [`${two}?target_session_attrs=standby`, 'can be primary or read-write here'],
  ])('is refused without a word of its password: %s', (url, problem) => {
    const refused = () => readDatabaseAddress(url);
    expect(refused).toThrow(WrongDatabaseAddress);
    expect(refused).toThrow(problem);
    expect(refused).not.toThrow('s3cret');
  });

  it('says of a pooler how it gives its connections, and leaves the word out of the URL', () => {
    const pooled = readDatabaseAddress(
      'postgres://a:b@pgb:6432/h?pooler=transaction&sslmode=require',
    );
    expect(pooled).toEqual({
      ...{ servers: ['postgres://a:b@pgb:6432/h?sslmode=require'], shown: 'pgb:6432' },
      pooler: 'transaction',
    });
    expect(readDatabaseAddress('postgres://a/h').pooler).toBeNull();
    expect(() => readDatabaseAddress('postgres://a/h?pooler=statement')).toThrow(
      'pooler can be session or transaction',
    );
  });

  it('may name a pooler where no session is needed, and is refused by name elsewhere', () => {
    const journal = Type.Object({ DATABASE_URL: databaseVariable });
    const others = Type.Object({ DATABASE_URL: pooledDatabaseVariable });
    for (const word of ['session', 'transaction']) {
      const env = { DATABASE_URL: `${two}?sslmode=require&pooler=${word}` };
      expect(() => readConfig(journal, env)).toThrow(/without a pooler/);
      expect(() => readConfig(others, env)).not.toThrow();
    }
    for (const word of ['statement', 'transactions', '']) {
      const env = { DATABASE_URL: `${two}?pooler=${word}` };
      expect(() => readConfig(others, env)).toThrow(ConfigError);
    }
    expect(() => readConfig(others, { DATABASE_URL: `${two}?target_session_attrs=any` })).toThrow();
  });

  const schema = Type.Object({ DATABASE_URL: databaseVariable });
  const read = (url: string) => () => readConfig(schema, { DATABASE_URL: url });

  it('is refused at the start of a process where it asks for a server that cannot write', () => {
    for (const word of ['any', 'standby', 'read-only', 'prefer-standby', 'primary-ish']) {
      expect(read(`${two}?target_session_attrs=${word}`)).toThrow(ConfigError);
      expect(read(`${two}?sslmode=require&target_session_attrs=${word}`)).toThrow(ConfigError);
    }
    for (const word of ['primary', 'read-write']) {
      expect(read(`${two}?target_session_attrs=${word}`)).not.toThrow();
      expect(read(`${two}?target_session_attrs=${word}&sslmode=require`)).not.toThrow();
    }
    expect(read('mysql://db1/x')).toThrow(/DATABASE_URL/);
  });
});
