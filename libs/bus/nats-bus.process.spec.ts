import { describe, expect, it } from '@jest/globals';
import { silentLog, type Log } from '#libs/platform/log.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import { until } from '#libs/testing/until.js';
import { busFeatures, bytesOf, textOf, type BusWorld } from './bus.features.js';
import { connectNats, type NatsBus } from './nats-bus.js';

function countingLog(): { log: Log; errors: () => number } {
  const log = silentLog();
  let errors = 0;
  log.error = () => void errors++;
  return { log, errors: () => errors };
}

const settled = (all: readonly NatsBus[], connected: boolean): boolean =>
  all.every((bus) => bus.connected === connected);

async function openNats(): Promise<BusWorld> {
  const server = await startTestNats({ open: true });
  const { log, errors } = countingLog();
  const all: NatsBus[] = [];
  return {
    connect: async (name) => {
      const bus = await connectNats({ ...server.link('operator'), name, log });
      all.push(bus);
      return bus;
    },
    breakLinks: async () => {
      await server.kill();
      await until(() => settled(all, false), 'the loss was noticed');
    },
    mendLinks: async () => {
      await server.restart();
      await until(() => settled(all, true), 'the link is back');
    },
    stall: () => server.pause(),
    unstall: () => server.resume(),
    errors,
    dispose: async () => {
      server.resume();
      await Promise.all(all.map((bus) => bus.close()));
      await server.stop();
    },
  };
}

busFeatures('the NATS bus', openNats);

describe('the NATS bus and its server', () => {
  async function withServer(run: (server: TestNats) => Promise<void>): Promise<void> {
    const server = await startTestNats({ open: true });
    try {
      await run(server);
    } finally {
      await server.stop();
    }
  }

  it('hands a message over at once when it asks for an answer, others when the turn ends', () =>
    withServer(async ({ url }) => {
      const bus = await connectNats({ url, role: 'operator', name: 'sender', log: silentLog() });
      const sent: string[] = [];
      bus.subscribe('a.>', ({ subject }) => sent.push(subject));
      await bus.flush();
      bus.publish('a.told', bytesOf('news'));
      expect(bus.pendingBytes).toBeGreaterThan(0);
      bus.publish('a.asked', bytesOf('question'), 'hf.rep.operator.answers');
      expect(bus.pendingBytes).toBe(0);
      await bus.flush();
      expect(sent).toEqual(['a.told', 'a.asked']);
      await bus.close();
    }));

  it('waits for a server that starts later', () =>
    withServer(async (server) => {
      await server.kill();
      const connecting = connectNats({
        ...server.link('operator'),
        name: 'early',
        log: silentLog(),
      });
      await server.restart();
      const bus = await connecting;
      expect(bus.connected).toBe(true);
      await bus.close();
    }));

  it('gives up on a server that never starts, at its deadline', () =>
    withServer(async (server) => {
      await server.kill();
      const link = server.link('operator');
      const options = { ...link, name: 'early', log: silentLog(), connectDeadlineMs: 300 };
      await expect(connectNats(options)).rejects.toThrow(/refused/);
    }));

  it('does not try again what cannot work: a url that is none', async () => {
    const connecting = connectNats({
      url: 'http://a',
      role: 'operator',
      name: 'a',
      log: silentLog(),
    });
    await expect(connecting).rejects.toThrow(/NATS url/);
  });

  it('notices a server that stopped answering, although bytes are stuck on the link', () =>
    withServer(async (server) => {
      const { log } = countingLog();
      const bus = await connectNats({
        ...server.link('operator'),
        name: 'a',
        log,
        pingIntervalMs: 100,
      });
      const seen: string[] = [];
      bus.subscribe('t.back', (m) => seen.push(textOf(m.payload)));
      await bus.flush();
      server.pause();
      const payload = new Uint8Array(1024 * 1024);
      for (let i = 0; i < 8; i++) bus.publish('t.stuck', payload);
      await until(() => !bus.connected, 'the silence was noticed');
      expect(bus.publish('t.back', bytesOf('meanwhile'))).toBe(false);
      server.resume();
      await until(() => bus.connected, 'the link is back');
      bus.publish('t.back', bytesOf('after'));
      await until(() => seen.length > 0, 'arrived');
      expect(seen).toEqual(['after']);
      expect(bus.counts).toMatchObject({ reconnects: 1, refused: 1 });
      await bus.close();
    }));

  it('moves to another server while its own does not answer, although bytes are stuck', () =>
    withServer((first) =>
      withServer(async (second) => {
        const url = `${first.url},${second.url}`;
        const { log } = countingLog();
        const bus = await connectNats({
          url,
          role: 'operator',
          name: 'a',
          log,
        });
        await bus.flush();
        const own = (await first.clients()) === 1 ? first : second;
        own.pause();
        const payload = new Uint8Array(1024 * 1024);
        for (let i = 0; i < 8; i++) bus.publish('t.stuck', payload);
        await until(() => !bus.connected, 'the silence was noticed');
        await until(() => bus.connected, 'another server was found');
        await bus.flush();
        expect(await (own === first ? second : first).clients()).toBe(1);
        await bus.close();
      }),
    ));

  it('leaves no connection behind when it is closed while the server is away', () =>
    withServer(async (server) => {
      const { log } = countingLog();
      const bus = await connectNats({ ...server.link('operator'), name: 'a', log });
      await server.kill();
      await until(() => !bus.connected, 'the loss was noticed');
      await bus.close();
      await server.restart();
      const witness = await connectNats({ ...server.link('operator'), name: 'witness', log });
      await witness.flush();
      expect(await server.clients()).toBe(1);
      await witness.close();
    }));
});
