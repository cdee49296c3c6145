import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { ConfigError, readConfig } from '#libs/platform/config.js';
import { databaseVariable, readDatabaseAddress, WrongDatabaseAddress } from './database-address.js';

const two = 'postgresql://app:s3cret@db1:5432,db2:6432/holdfast';

describe('the address of a database', () => {
  it('is that of one server, word for word', () => {
    const url = 'postgres://app:s%40cret@db1:5432/holdfast?sslmode=verify-full';
    expect(readDatabaseAddress(url)).toEqual({ servers: [url], shown: 'db1:5432' });
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
