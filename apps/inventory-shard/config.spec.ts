import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from '#libs/platform/config.js';
import { refuseTestVariables, shardConfigSchema } from './config.js';

const usual = {
  DATABASE_URL: 'postgres://somewhere/holdfast',
  NATS_URL: 'nats://somewhere',
  HOLDFAST_SHARD_ID: 'shard-a',
};

describe('the configuration of a shard', () => {
  it('lets nobody tell a production process to die', () => {
    const told = { ...usual, HOLDFAST_TEST_DIE_AT: 'after_warm' };
    const config = readConfig(shardConfigSchema, { ...told, NODE_ENV: 'production' });
    expect(() => refuseTestVariables(config)).toThrow(ConfigError);
    expect(() => refuseTestVariables(readConfig(shardConfigSchema, told))).not.toThrow();
    const plain = readConfig(shardConfigSchema, { ...usual, NODE_ENV: 'production' });
    expect(() => refuseTestVariables(plain)).not.toThrow();
  });

  it('knows only the steps of a move', () => {
    const told = { ...usual, HOLDFAST_TEST_DIE_AT: 'noon' };
    expect(() => readConfig(shardConfigSchema, told)).toThrow(ConfigError);
  });
});
