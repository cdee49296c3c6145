import { beforeEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { until } from '#libs/testing/until.js';
import { bytesOf } from './bus.features.js';
import {
  controlCall,
  decodeBody,
  encodeBody,
  encodeFailure,
  encodeOverloaded,
  readAnswer,
} from './control-call.js';
import { ControlServer } from './control-server.js';
import { MemoryBroker } from './memory-broker.js';
import type { MemoryBus } from './memory-bus.js';

describe('a control server', () => {
  let broker: MemoryBroker;
  let client: MemoryBus;
  let server: ControlServer;
  let release: (() => void)[];
  let ran: string[];

  beforeEach(() => {
    broker = new MemoryBroker({ clock: systemClock, random: systemRandom, log: silentLog() });
    client = broker.connect('client');
    server = serverOn('server');
    release = [];
    ran = [];
  });

  function serverOn(name: string): ControlServer {
    return new ControlServer({ bus: broker.connect(name), log: silentLog(), callsAtOnceMax: 2 });
  }

  const call = (subject: string, body: unknown = null) => controlCall(client, subject, body, 5_000);

  async function slow(): Promise<string> {
    ran.push('slow');
    await new Promise<void>((resolve) => release.push(resolve));
    return 'done';
  }

  it('answers with what the handler gives, now or later, null for nothing', async () => {
    server.serve('a.now', (body: { seat: number }) => ({ seat: body.seat }));
    server.serve('a.later', () => Promise.resolve('later'));
    server.serve('a.nothing', () => undefined);
    expect(await call('a.now', { seat: 7 })).toEqual({ kind: 'ok', body: { seat: 7 } });
    expect(await call('a.later')).toEqual({ kind: 'ok', body: 'later' });
    expect(await call('a.nothing')).toEqual({ kind: 'ok', body: null });
  });

  it('gives handlers the call as it came', async () => {
    server.serve('a.call', (body: unknown, whole) => ({ same: whole.body === body }));
    expect(await call('a.call', { x: 1 })).toEqual({ kind: 'ok', body: { same: true } });
  });

  it('finds the handler by the last token, and never one that nobody gave', async () => {
    server.serveAll('ctl.shard.*', { cordon: () => 'cordoned', 'a.b': () => 'no' });
    expect(await call('ctl.shard.cordon')).toEqual({ kind: 'ok', body: 'cordoned' });
    for (const name of ['melt', 'toString', '__proto__']) {
      const reply = await call(`ctl.shard.${name}`);
      expect(reply).toEqual({ kind: 'error', message: `unknown call ctl.shard.${name}` });
    }
  });

  it('answers an error when a handler throws, now or later, and serves on (CS1)', async () => {
    server.serveAll('ctl.*', {
      now: () => {
        throw new Error('a bug');
      },
      later: () => Promise.reject(new Error('another')),
      good: () => 'good',
    });
    expect(await call('ctl.now')).toEqual({ kind: 'error', message: 'a bug' });
    expect(await call('ctl.later')).toEqual({ kind: 'error', message: 'another' });
    expect(await call('ctl.good')).toEqual({ kind: 'ok', body: 'good' });
  });

  it('answers an error to a call that it cannot read, and asks no handler (CS1)', async () => {
    server.serve('a.call', () => ran.push('handler'));
    const reply = await client.request('a.call', bytesOf('\xc1\xc1'), 5_000);
    const answer = reply.kind === 'reply' ? readAnswer(reply.payload) : reply;
    expect(answer).toEqual({ kind: 'error', message: 'the call is not readable' });
    expect(ran).toEqual([]);
  });

  it('refuses calls over the bound of all subjects together, which never ran (CS2)', async () => {
    server.serve('a.one', slow);
    server.serve('a.two', slow);
    const running = [call('a.one'), call('a.two')];
    await until(() => ran.length === 2, 'both run');
    const refused = await call('a.one');
    expect(refused).toEqual({ kind: 'overloaded', retryAfterMs: limits.controlRetryMs });
    expect(ran).toHaveLength(2);
    release.forEach((resolve) => resolve());
    expect(await Promise.all(running)).toEqual(Array(2).fill({ kind: 'ok', body: 'done' }));
    expect((await call('a.three')).kind).toBe('no_responders');
    server.serve('a.four', () => 'room again');
    expect(await call('a.four')).toEqual({ kind: 'ok', body: 'room again' });
  });

  it('is understood by a release that knows no refusals: to it, the call may have run', () => {
    expect(decodeBody(encodeOverloaded(700))).toMatchObject({ error: 'overloaded' });
    expect(readAnswer(encodeOverloaded(700))).toEqual({ kind: 'overloaded', retryAfterMs: 700 });
    const older = readAnswer(encodeFailure('overloaded'));
    expect(older).toEqual({ kind: 'error', message: 'overloaded' });
  });

  it('shares the calls of a queue; without one everybody gets each', async () => {
    const other = serverOn('other');
    for (const [one, name] of [[server, 'first'] as const, [other, 'second'] as const]) {
      one.serve('a.shared', () => ran.push(`shared ${name}`), 'workers');
      one.serve('a.each', () => ran.push(`each ${name}`));
    }
    await Promise.all([call('a.shared'), call('a.shared')]);
    expect(ran.splice(0).sort()).toEqual(['shared first', 'shared second']);
    await call('a.each');
    expect(ran.sort()).toEqual(['each first', 'each second']);
  });

  it('closes to new calls, and is closed when those under way are answered (CS3)', async () => {
    server.serve('a.slow', slow);
    const running = call('a.slow');
    await until(() => ran.length === 1, 'it runs');
    let closed = false;
    const closing = server.close().then(() => (closed = true));
    expect(await call('a.slow')).toEqual({ kind: 'no_responders' });
    expect(closed).toBe(false);
    release.forEach((resolve) => resolve());
    await closing;
    expect(await running).toEqual({ kind: 'ok', body: 'done' });
  });

  it('carries out a call whose caller wants no answer', async () => {
    server.serve('a.told', () => ran.push('told'));
    client.publish('a.told', encodeBody(null));
    await until(() => ran.length === 1, 'it ran');
  });
});
