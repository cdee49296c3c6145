import { describe, expect, it } from '@jest/globals';
import type { GatewayView } from '#libs/contracts/control.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { troublesOf, type Health } from './troubles.js';

const gateway = (ready: boolean, missing: readonly string[] = []) => ({
  url: `http://${ready ? 'good' : 'bad'}`,
  ready,
  lame_duck: missing.includes('lame_duck'),
  missing,
});
const shard = (incarnation: string, state: ShardBeat['state'] = 'active') =>
  ({ incarnation, state }) as ShardBeat;

const well: Health = {
  schema: null,
  write: null,
  gateways: [gateway(true)],
  bus: 'asked',
  gatewayViews: [{} as GatewayView],
  shards: [shard('a-1')],
  payments: 'ok',
  owners: [{ shard: 'a-1', events: 5 }],
  quarantined: [],
};
const of = (change: Partial<Health>): string[] => troublesOf({ ...well, ...change });

describe('the troubles of a system', () => {
  it('are none while a buyer has all that he needs', () => {
    expect(of({})).toEqual([]);
    expect(of({ gateways: [gateway(true), gateway(false, ['lame_duck'])] })).toEqual([]);
    expect(of({ bus: 'none', shards: null, gatewayViews: null, payments: null })).toEqual([]);
    // One that is cordoned keeps its events.
    expect(of({ shards: [shard('a-1', 'cordoned'), shard('b-1')] })).toEqual([]);
  });

  it('name what is missing: a write, the schema, a gateway, and what that one lacks', () => {
    expect(of({ write: 'no write' })).toEqual(['no write']);
    expect(of({ schema: 'older' })).toEqual(['older']);
    expect(of({ gateways: [gateway(false, ['bus'])] })).toEqual(['not ready: http://bad (bus)']);
    expect(of({ gateways: [], gatewayViews: [] })).toEqual(['no gateway answers']);
    expect(of({ gateways: [gateway(false, ['lame_duck'])] })).toHaveLength(1);
  });

  it('name payments that are not there, or say nothing', () => {
    expect(of({ payments: 'no_responders' })).toEqual(['no payments process is there']);
    expect(of({ payments: 'timeout' })).toEqual(['payments do not answer (timeout)']);
  });

  it('name the events whose owner is gone, and shards that take none', () => {
    expect(of({ shards: [] })).toEqual(['no shard is alive', '5 events of a-1, which is gone']);
    expect(of({ shards: [shard('b-2')] })).toEqual(['5 events of a-1, which is gone']);
    const cordoned = { shards: [shard('a-1', 'cordoned')] };
    expect(of(cordoned)).toEqual(['no shard takes events: all are cordoned']);
  });

  it('name every event in quarantine, with the reason', () => {
    const quarantined = [{ event_id: 'evt_x', reason: 'behind memory' }];
    expect(of({ quarantined })).toEqual(['evt_x is in quarantine: behind memory']);
  });

  it('are what could not be asked, too (WL1)', () => {
    const blind = { bus: 'unknown', shards: null, gatewayViews: null, payments: null } as const;
    expect(of(blind)).toEqual(['NATS_URL is not set: shards and payments were not asked']);
  });
});
