import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { readProcessConfig } from './misspelt.js';

const schema = Type.Object({
  HOLDFAST_LOG_LEVEL: Type.String({ default: 'info' }),
  HOLDFAST_METRICS_TOKEN: Type.Optional(Type.String()),
});
const read = (env: Record<string, string>) => readProcessConfig(schema, env);

describe('a variable of the environment', () => {
  it('that is nearly one of the process is refused with the name that was meant', () => {
    expect(() => read({ HOLDFAST_LOG_LEVL: 'debug' })).toThrow(
      'HOLDFAST_LOG_LEVL is unknown: is HOLDFAST_LOG_LEVEL meant?',
    );
    expect(() => read({ HOLDFAST_METRIC_TOKEN_FILE: '/x' })).toThrow(
      'is HOLDFAST_METRICS_TOKEN_FILE meant?',
    );
    expect(() => read({ HOLDFAST_LOG_LEVL: 'hunter2' })).not.toThrow('hunter2');
  });

  it('of another process or tool is passed over, and a right one is read', () => {
    const others = { HOLDFAST_DATA: 'x', HOLDFAST_SHARD_ID: 'a', HOLDFAST_LOG_FILE: 'b' };
    expect(read({ ...others, HOLDFAST_LOG_LEVEL: 'warn' })).toEqual({ HOLDFAST_LOG_LEVEL: 'warn' });
  });
});
