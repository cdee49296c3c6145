import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { logInto } from '#libs/testing/log-lines.js';
import { subjects } from '#libs/contracts/subjects.js';
import { systemClock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { NestLogger } from '#libs/platform/nest-logger.js';
import { systemRandom } from '#libs/platform/random.js';
import { until } from '#libs/testing/until.js';
import { bytesOf } from './bus.features.js';
import { controlCall } from './control-call.js';
import type { MemoryBus } from './memory-bus.js';
import { MemoryBroker } from './memory-broker.js';
import { BusStrategy } from './nest-strategy.js';

const { log, lines } = logInto();
let served: string[] = [];
let release: (() => void)[] = [];

@Controller()
class PaymentsController {
  @MessagePattern('book')
  book(@Payload() call: { seat: number; at: Date | number }): unknown {
    served.push('book');
    return { kind: 'confirmed', seat: call.seat, bytes: new Uint8Array([1, 2]) };
  }

  @MessagePattern('slow')
  async slow(): Promise<string> {
    served.push('slow');
    await new Promise<void>((resolve) => release.push(resolve));
    return 'done';
  }

  @MessagePattern('nothing')
  nothing(): void {
    served.push('nothing');
  }

  @MessagePattern('fails')
  fails(): void {
    throw new Error('a bug');
  }
}

@Module({ controllers: [PaymentsController] })
class PaymentsModule {}

describe('Nest handlers on the bus', () => {
  let client: MemoryBus;
  let apps: INestMicroservice[] = [];

  async function serve(broker: MemoryBroker, name: string): Promise<INestMicroservice> {
    const module = await Test.createTestingModule({ imports: [PaymentsModule] }).compile();
    const strategy = new BusStrategy({
      bus: broker.connect(name),
      log,
      queue: 'payments',
      subjectOf: subjects.payments,
      callsAtOnceMax: 2,
    });
    const app = module.createNestMicroservice({ strategy, logger: new NestLogger(silentLog()) });
    await app.listen();
    apps.push(app);
    return app;
  }

  beforeEach(async () => {
    served = [];
    release = [];
    apps = [];
    const options = { clock: systemClock, random: systemRandom, log: silentLog() };
    const broker = new MemoryBroker(options);
    client = broker.connect('client');
    await serve(broker, 'first');
    await serve(broker, 'second');
  });

  afterEach(async () => {
    release.forEach((resolve) => resolve());
    await Promise.all(apps.map((app) => app.close()));
  });

  const call = (pattern: string, body: unknown = null, timeoutMs = 5_000) =>
    controlCall(client, subjects.payments(pattern), body, timeoutMs);

  it('listen when the server knows of it, and without a connection too', async () => {
    const told: string[] = [];
    for (const answer of [() => Promise.resolve(), () => Promise.reject(new Error('down'))]) {
      let flushed: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => (flushed = resolve));
      const flush = () => reached.then(answer);
      const bus = Object.assign(Object.create(client) as MemoryBus, { flush });
      const strategy = new BusStrategy({
        bus,
        log: silentLog(),
        queue: 'payments',
        subjectOf: subjects.payments,
      });
      strategy.listen((...said: unknown[]) => told.push(['listening', ...said].join()));
      await Promise.resolve();
      told.push('subscribed');
      flushed();
      await until(() => told.length % 2 === 0, 'it listens');
    }
    expect(told).toEqual(['subscribed', 'listening', 'subscribed', 'listening']);
  });

  it('answer a call with the value of the handler', async () => {
    expect(await call('book', { seat: 7 })).toEqual({
      kind: 'ok',
      body: { kind: 'confirmed', seat: 7, bytes: Buffer.from([1, 2]) },
    });
    expect(await call('nothing')).toEqual({ kind: 'ok', body: null });
  });

  it('share the calls: each is served once', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map((seat) => call('book', { seat })));
    expect(replies.map((reply) => reply.kind)).toEqual(Array(4).fill('ok'));
    expect(served).toHaveLength(4);
  });

  it('answer an error when the handler throws or the body is damaged', async () => {
    expect(await call('fails')).toMatchObject({ kind: 'error' });
    const damaged = await client.request(subjects.payments('book'), bytesOf('\xc1\xc1'), 5_000);
    expect(damaged.kind).toBe('reply');
    expect(await call('book', { seat: 2 })).toMatchObject({ kind: 'ok' });
    expect(served).toEqual(['book']);
  });

  it('that fail are found in the log by the trace of the call, if it has a valid one', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    lines.length = 0;
    await call('fails', { trace });
    await call('fails', { trace: 'nonsense' });
    await call('fails', null);
    const failed = lines.filter(({ msg }) => msg === 'a control call failed');
    expect(failed.map((line) => line.trace)).toEqual([trace, undefined, undefined]);
  });

  it('refuse a call over the bound at once', async () => {
    const running = [call('slow'), call('slow'), call('slow'), call('slow')];
    await until(() => served.length === 4, 'all run');
    expect(await call('slow')).toMatchObject({ kind: 'overloaded' });
    release.forEach((resolve) => resolve());
    expect(await Promise.all(running)).toEqual(Array(4).fill({ kind: 'ok', body: 'done' }));
  });

  it('finish the calls under way when the process stops, and then nobody is there', async () => {
    const running = call('slow');
    await until(() => served.length === 1, 'it runs');
    const closing = Promise.all(apps.splice(0).map((app) => app.close()));
    expect(await call('book', { seat: 3 })).toEqual({ kind: 'no_responders' });
    release.forEach((resolve) => resolve());
    await closing;
    expect(await running).toEqual({ kind: 'ok', body: 'done' });
  });

  it('leave an unanswered call unknown', async () => {
    expect(await call('slow', null, 20)).toEqual({ kind: 'timeout' });
    expect(await call('absent')).toEqual({ kind: 'no_responders' });
  });
});
