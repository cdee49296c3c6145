import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subjects } from '#libs/contracts/subjects.js';
import { silentLog } from '#libs/platform/log.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import { until } from '#libs/testing/until.js';
import { bytesOf, textOf } from './bus.features.js';
import { connectNats, type NatsBus } from './nats-bus.js';
import { newSeed } from './nats-credentials.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';

let server: TestNats;
const log = silentLog();
const connected: NatsBus[] = [];

async function as(role: BusRole): Promise<NatsBus> {
  const bus = await connectNats({ ...server.link(role), name: role, log });
  connected.push(bus);
  return bus;
}

beforeAll(async () => {
  server = await startTestNats();
});
afterAll(async () => {
  await Promise.all(connected.map((bus) => bus.close()));
  server.takeViolations();
  await server.stop();
});

/** What the server refuses is told in its log, some time later. */
async function refusals(count: number): Promise<string[]> {
  const lines: string[] = [];
  await until(
    () => lines.push(...server.takeViolations()) >= count,
    () => `${count} refusals: ${lines.join('\n')}`,
  );
  return lines;
}

describe('a broker that knows its roles', () => {
  it('asks a stranger for a key, and takes no other', async () => {
    const { url } = server;
    for (const seed of [undefined, newSeed()]) {
      const stranger = connectNats({ url, role: 'payments', seed, name: 'stranger', log });
      await expect(stranger).rejects.toThrow(/Authorization/);
    }
    expect((await refusals(2)).every((line) => line.includes('authentication error'))).toBe(true);
  });

  it('carries a question of a gateway to a shard, and the answer back to it alone', async () => {
    const [gateway, shard] = await Promise.all([as('gateway'), as('shard')]);
    shard.subscribe(subjects.ping('s'), ({ replyTo, payload }) => {
      shard.publish(replyTo ?? '', payload);
    });
    await shard.flush();
    const reply = await gateway.request(subjects.ping('s'), bytesOf('here'), 5_000);
    expect(reply.kind === 'reply' ? textOf(reply.payload) : reply.kind).toBe('here');
    expect(server.takeViolations()).toEqual([]);
  });

  it('keeps a gateway from what is said to shards, payments and operators', async () => {
    const gateway = await as('gateway');
    const heard: string[] = [];
    const secret = [
      subjects.payments('*'),
      subjects.commands('s'),
      subjects.repliesOf('payments', 'p'),
      `${subjects.inbox('operator', 'x')}.*`,
      '>',
    ];
    for (const subject of secret) gateway.subscribe(subject, (m) => heard.push(m.subject));
    await gateway.flush();
    const [payments, shard] = await Promise.all([as('payments'), as('shard')]);
    payments.publish(subjects.commands('s'), bytesOf('book'));
    shard.publish(subjects.replies('payments', 'p', 's'), bytesOf('booked'));
    await Promise.all([payments, shard, gateway].map((bus) => bus.flush()));
    expect(heard).toEqual([]);
    const lines = await refusals(secret.length);
    expect(lines.filter((line) => line.includes('Subscription Violation'))).toHaveLength(5);
  });

  it('keeps gateways and payments from moving events and from telling of seats', async () => {
    const [gateway, payments, shard] = await Promise.all([
      as('gateway'),
      as('payments'),
      as('shard'),
    ]);
    const heard: string[] = [];
    for (const subject of [subjects.control('s', '*'), subjects.beats]) {
      shard.subscribe(subject, (m) => heard.push(m.subject));
    }
    await shard.flush();
    gateway.publish(subjects.control('s', 'move'), bytesOf('x'));
    gateway.publish(subjects.beats, bytesOf('x'));
    payments.publish(subjects.control('s', 'fence'), bytesOf('x'));
    payments.publish(subjects.diffs('evt_1'), bytesOf('x'));
    await Promise.all([gateway, payments, shard].map((bus) => bus.flush()));
    expect(heard).toEqual([]);
    const lines = await refusals(4);
    expect(lines.filter((line) => line.includes('Publish Violation'))).toHaveLength(4);
  });

  it('does not have a shard say its answer where commands are heard', async () => {
    const [gateway, shard, other] = await Promise.all([as('gateway'), as('shard'), as('shard')]);
    const asked: (string | undefined)[] = [];
    shard.subscribe(subjects.ping('t'), ({ replyTo }) => asked.push(replyTo));
    await Promise.all([shard.flush(), other.flush()]);
    gateway.publish(subjects.ping('t'), bytesOf('x'), subjects.control('s', 'move'));
    gateway.publish(subjects.ping('t'), bytesOf('x'), subjects.replies('gateway', 'g', 't'));
    await until(() => asked.length === 2, 'both arrived');
    expect(asked).toEqual([undefined, 'hf.rep.gateway.g.t']);
  });
});

describe('a broker that is closed by a reload', () => {
  it('lets strangers in before and not after, and keeps who has a key', async () => {
    const door = await startTestNats({ open: true });
    const known = await connectNats({ ...door.link('shard'), name: 'known', log });
    const old = await connectNats({ url: door.url, role: 'gateway', name: 'old', log });
    const heard: string[] = [];
    known.subscribe(subjects.commands('s'), (m) => heard.push(textOf(m.payload)));
    await known.flush();
    old.publish(subjects.commands('s'), bytesOf('before'));
    await until(() => heard.length === 1, 'strangers are heard');
    door.closeDoor();
    await until(() => !old.connected, 'the stranger is out');
    const gateway = await connectNats({ ...door.link('gateway'), name: 'gateway', log });
    gateway.publish(subjects.commands('s'), bytesOf('after'));
    await until(() => heard.length === 2, 'the known shard still hears');
    expect(known.counts.reconnects).toBe(0);
    await Promise.all([known, old, gateway].map((bus) => bus.close()));
    door.takeViolations();
    await door.stop();
  });
});
