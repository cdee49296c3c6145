import { describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/platform/clock.js';
import { createLog, silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { until } from '#libs/testing/until.js';
import { busFeatures, bytesOf, textOf, type BusWorld } from './bus.features.js';
import { MemoryBroker } from './memory-broker.js';
import type { MemoryBus } from './memory-bus.js';

function openMemory(): Promise<BusWorld> {
  const log = silentLog();
  let errors = 0;
  log.error = () => void errors++;
  const broker = new MemoryBroker({ clock: systemClock, random: systemRandom, log });
  const all: MemoryBus[] = [];
  return Promise.resolve({
    connect: (name) => {
      const bus = broker.connect(name);
      all.push(bus);
      return Promise.resolve(bus);
    },
    breakLinks: () => Promise.resolve(all.forEach((bus) => bus.cut())),
    mendLinks: () => Promise.resolve(all.forEach((bus) => bus.restore())),
    stall: () => broker.stall(),
    unstall: () => broker.unstall(),
    errors: () => errors,
    dispose: async () => {
      broker.unstall();
      await Promise.all(all.map((bus) => bus.close()));
    },
  });
}

busFeatures('the in-memory bus', openMemory);

describe('faults of the in-memory bus', () => {
  const broker = (): MemoryBroker =>
    new MemoryBroker({
      clock: systemClock,
      random: systemRandom,
      log: createLog({ name: 'test' }),
    });

  function listen(bus: MemoryBus, subject: string): string[] {
    const seen: string[] = [];
    bus.subscribe(subject, (m) => seen.push(textOf(m.payload)));
    return seen;
  }

  it('drops, duplicates and delays the messages a test chooses', async () => {
    const b = broker();
    const [from, to] = [b.connect('a'), b.connect('b')];
    const seen = listen(to, 't');
    b.fate = (message) => {
      const text = textOf(message.payload);
      if (text === 'lost') return 'drop';
      return text === 'twice' ? 'duplicate' : text === 'slow' ? { delayMs: 5 } : 'deliver';
    };
    for (const text of ['slow', 'lost', 'twice', 'once']) from.publish('t', bytesOf(text));
    await until(() => seen.includes('slow'), 'the slow one arrived');
    expect(seen).toEqual(['twice', 'twice', 'once', 'slow']);
  });

  it('keeps the messages of a paused participant until it goes on', async () => {
    const b = broker();
    const [from, to] = [b.connect('a'), b.connect('b')];
    const seen = listen(to, 't');
    to.pause();
    from.publish('t', bytesOf('1'));
    from.publish('t', bytesOf('2'));
    await from.flush();
    expect(seen).toEqual([]);
    to.resume();
    expect(seen).toEqual(['1', '2']);
  });

  it('loses what was under way when a link is cut, and only for that participant', async () => {
    const b = broker();
    const [cut, kept, to] = [b.connect('a'), b.connect('b'), b.connect('c')];
    const seen = listen(to, 't');
    cut.publish('t', bytesOf('under way'));
    kept.publish('t', bytesOf('safe'));
    cut.cut();
    await kept.flush();
    expect(seen).toEqual(['safe']);
  });

  it('answers no responders for a participant whose link is cut', async () => {
    const b = broker();
    const [asker, dead] = [b.connect('a'), b.connect('b')];
    listen(dead, 't');
    dead.cut();
    expect(await asker.request('t', bytesOf('x'), 1_000)).toEqual({ kind: 'no_responders' });
  });

  it('refuses a subject with a wildcard, a space or an empty token', () => {
    const bus = broker().connect('a');
    for (const subject of ['t.*', 't.>', 'a b', 'a..b', '']) {
      expect(() => bus.publish(subject, bytesOf('x'))).toThrow(/not a subject/);
    }
  });
});
