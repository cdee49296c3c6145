import { afterEach, describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { until } from '#libs/testing/until.js';
import type { Bus, BusMessage } from './bus.js';

/** What a bus under test must be able to do besides its interface. */
export interface BusWorld {
  /** A new participant. */
  connect(name: string): Promise<Bus>;
  /** The broker goes away for everybody; resolves when every participant knows. */
  breakLinks(): Promise<void>;
  /** The broker is back; resolves when every participant is connected again. */
  mendLinks(): Promise<void>;
  /** Nothing leaves a participant any more, though it is still connected. */
  stall(): void;
  unstall(): void;
  /** Errors that were logged. */
  errors(): number;
  dispose(): Promise<void>;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (payload: Uint8Array): string => new TextDecoder().decode(payload);

type Start = () => Promise<BusWorld>;

/** The promises B1 to B4 of bus.ts, for every implementation. */
export function busFeatures(name: string, open: () => Promise<BusWorld>): void {
  describe(name, () => {
    let world: BusWorld | null = null;

    async function start(): Promise<BusWorld> {
      world = await open();
      return world;
    }

    afterEach(async () => {
      await world?.dispose();
      world = null;
    });

    describe('order and sharing', () => sharingFeatures(start));
    describe('delivery', () => deliveryFeatures(start));
    describe('no responders', () => noRespondersFeatures(start));
    describe('requests', () => requestFeatures(start));
    describe('a lost link', () => lostLinkFeatures(start));
    describe('bounds and the end', () => boundFeatures(start));
  });
}

function sharingFeatures(start: Start): void {
  it('delivers the messages of one publisher in their order, to every subscriber', async () => {
    const w = await start();
    const [from, first, second] = await Promise.all(['a', 'b', 'c'].map((n) => w.connect(n)));
    const seen: string[][] = [[], []];
    first.subscribe('t.order', (m) => seen[0].push(textOf(m.payload)));
    second.subscribe('t.*', (m) => seen[1].push(textOf(m.payload)));
    await Promise.all([first.flush(), second.flush()]);
    const sent = Array.from({ length: 500 }, (_, i) => String(i));
    for (const text of sent) expect(from.publish('t.order', bytesOf(text))).toBe(true);
    await until(() => seen.every((texts) => texts.length === sent.length), 'all arrived');
    expect(seen).toEqual([sent, sent]);
  });

  it('does not run a handler before publish() has returned', async () => {
    const bus = await (await start()).connect('a');
    const order: string[] = [];
    bus.subscribe('t.self', () => order.push('handled'));
    await bus.flush();
    bus.publish('t.self', bytesOf('x'));
    order.push('published');
    await until(() => order.length === 2, 'arrived');
    expect(order).toEqual(['published', 'handled']);
  });

  it('gives each message of a queue to one of its members', async () => {
    const w = await start();
    const [from, first, second] = await Promise.all(['a', 'b', 'c'].map((n) => w.connect(n)));
    const got = [0, 0];
    first.subscribe('t.work', () => got[0]++, { queue: 'workers' });
    second.subscribe('t.work', () => got[1]++, { queue: 'workers' });
    let all = 0;
    second.subscribe('t.work', () => all++);
    await Promise.all([first.flush(), second.flush()]);
    for (let i = 0; i < 100; i++) from.publish('t.work', bytesOf(String(i)));
    await until(() => all === 100 && got[0] + got[1] >= 100, 'all arrived');
    expect(got[0] + got[1]).toBe(100);
    expect(Math.min(...got)).toBeGreaterThan(0);
  });
}

function deliveryFeatures(start: Start): void {
  it('hands over payloads that stay, also when the sender reuses its buffer', async () => {
    const w = await start();
    const [from, to] = await Promise.all([w.connect('a'), w.connect('b')]);
    const kept: Uint8Array[] = [];
    to.subscribe('t.keep', (m) => kept.push(m.payload));
    await to.flush();
    const buffer = new Uint8Array(3_000);
    for (let i = 0; i < 200; i++) {
      buffer.fill(i);
      from.publish('t.keep', buffer.slice());
    }
    await from.flush();
    buffer.fill(255);
    await until(() => kept.length === 200, 'all arrived');
    expect(kept.map((payload) => payload[0])).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(kept.every((payload) => payload.every((byte) => byte === payload[0]))).toBe(true);
  });

  it('delivers a frame of the largest allowed size', async () => {
    const bus = await (await start()).connect('a');
    let size = 0;
    bus.subscribe('t.large', (m) => (size = m.payload.length));
    await bus.flush();
    expect(bus.publish('t.large', new Uint8Array(limits.busPayloadBytesMax))).toBe(true);
    await until(() => size > 0, 'arrived');
    expect(size).toBe(limits.busPayloadBytesMax);
    const tooLarge = new Uint8Array(limits.busPayloadBytesMax + 1);
    expect(() => bus.publish('t.large', tooLarge)).toThrow(/does not fit/);
  });

  it('stops delivering when a subscription ends', async () => {
    const bus = await (await start()).connect('a');
    const seen: string[] = [];
    const ended = bus.subscribe('t.end', () => seen.push('ended'));
    bus.subscribe('t.end', () => seen.push('kept'));
    ended.unsubscribe();
    await bus.flush();
    bus.publish('t.end', bytesOf('x'));
    await until(() => seen.length > 0, 'arrived');
    await bus.flush();
    expect(seen).toEqual(['kept']);
  });

  it('logs the exception of a handler and goes on with the next message', async () => {
    const w = await start();
    const bus = await w.connect('a');
    const seen: string[] = [];
    bus.subscribe('t.fail', (m) => {
      seen.push(textOf(m.payload));
      if (seen.length === 1) throw new Error('a handler with a bug');
    });
    await bus.flush();
    bus.publish('t.fail', bytesOf('first'));
    bus.publish('t.fail', bytesOf('second'));
    await until(() => seen.length === 2, 'both arrived');
    expect(seen).toEqual(['first', 'second']);
    expect(w.errors()).toBe(1);
  });
}

function noRespondersFeatures(start: Start): void {
  it('comes back on a wildcard reply subject when nobody listens', async () => {
    const bus = await (await start()).connect('a');
    const answers: BusMessage[] = [];
    bus.subscribe('hf.rep.me.*', (m) => answers.push(m));
    await bus.flush();
    expect(bus.publish('t.cmd.dead', bytesOf('x'), 'hf.rep.me.dead')).toBe(true);
    await until(() => answers.length > 0, 'an answer');
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ subject: 'hf.rep.me.dead', noResponders: true });
  });

  it('does not come back when somebody listens, nor without a reply subject', async () => {
    const w = await start();
    const [bus, other] = await Promise.all([w.connect('a'), w.connect('b')]);
    const answers: BusMessage[] = [];
    bus.subscribe('hf.rep.me.*', (m) => answers.push(m));
    other.subscribe('t.cmd.live', (m) => other.publish(m.replyTo ?? '', bytesOf('answer')));
    await Promise.all([bus.flush(), other.flush()]);
    bus.publish('t.cmd.dead', bytesOf('x'));
    bus.publish('t.cmd.live', bytesOf('x'), 'hf.rep.me.live');
    await until(() => answers.length > 0, 'an answer');
    await bus.flush();
    expect(answers.map((m) => [m.subject, m.noResponders, textOf(m.payload)])).toEqual([
      ['hf.rep.me.live', false, 'answer'],
    ]);
  });
}

function requestFeatures(start: Start): void {
  it('match answers to requests, whatever their order', async () => {
    const w = await start();
    const [asker, other] = await Promise.all([w.connect('a'), w.connect('b')]);
    const asked: BusMessage[] = [];
    other.subscribe('t.ask', (m) => {
      asked.push(m);
      if (asked.length < 3) return;
      for (const one of [...asked].reverse()) other.publish(one.replyTo ?? '', one.payload);
    });
    await other.flush();
    const replies = await Promise.all(
      ['x', 'y', 'z'].map((text) => asker.request('t.ask', bytesOf(text), 5_000)),
    );
    expect(replies.map((r) => (r.kind === 'reply' ? textOf(r.payload) : r.kind))).toEqual([
      'x',
      'y',
      'z',
    ]);
  });

  it('tell nobody-there from no-answer', async () => {
    const w = await start();
    const [asker, mute] = await Promise.all([w.connect('a'), w.connect('b')]);
    mute.subscribe('t.mute', () => undefined);
    await mute.flush();
    expect(await asker.request('t.nobody', bytesOf('x'), 5_000)).toEqual({
      kind: 'no_responders',
    });
    expect(await asker.request('t.mute', bytesOf('x'), 30)).toEqual({ kind: 'timeout' });
  });
}

function lostLinkFeatures(start: Start): void {
  it('refuses to publish, and nothing of that time arrives later', async () => {
    const w = await start();
    const [from, to] = await Promise.all([w.connect('a'), w.connect('b')]);
    const seen: string[] = [];
    to.subscribe('t.gap', (m) => seen.push(textOf(m.payload)));
    await to.flush();
    from.publish('t.gap', bytesOf('before'));
    await until(() => seen.length === 1, 'arrived');
    await w.breakLinks();
    expect(from.connected).toBe(false);
    expect(from.publish('t.gap', bytesOf('lost'))).toBe(false);
    expect(await from.request('t.gap', bytesOf('lost'), 50)).toEqual({ kind: 'not_sent' });
    await expect(from.flush()).rejects.toThrow(/not connected/);
    await w.mendLinks();
    await to.flush();
    expect(from.publish('t.gap', bytesOf('after'))).toBe(true);
    await until(() => seen.includes('after'), 'arrived');
    expect(seen).toEqual(['before', 'after']);
  });

  it('comes back with all subscriptions, also those made meanwhile', async () => {
    const w = await start();
    const [from, to] = await Promise.all([w.connect('a'), w.connect('b')]);
    const seen: string[] = [];
    to.subscribe('t.old', () => seen.push('old'));
    const ended = to.subscribe('t.ended', () => seen.push('ended'));
    await w.breakLinks();
    to.subscribe('t.new', () => seen.push('new'));
    ended.unsubscribe();
    await w.mendLinks();
    await to.flush();
    for (const subject of ['t.ended', 't.old', 't.new']) from.publish(subject, bytesOf('x'));
    await until(() => seen.length >= 2, 'both arrived');
    await from.flush();
    expect(seen).toEqual(['old', 'new']);
  });

  it('is told to listeners until they stop listening', async () => {
    const w = await start();
    const bus = await w.connect('a');
    const heard: boolean[] = [];
    const once: boolean[] = [];
    bus.onConnection((connected) => heard.push(connected));
    const stop = bus.onConnection((connected) => once.push(connected));
    await w.breakLinks();
    stop();
    await w.mendLinks();
    await until(() => heard.length === 2, 'both were heard');
    expect(heard).toEqual([false, true]);
    expect(once).toEqual([false]);
  });
}

function boundFeatures(start: Start): void {
  it('refuses to publish when too many bytes are unsent, and recovers', async () => {
    const w = await start();
    const bus = await w.connect('a');
    const payload = new Uint8Array(256 * 1024);
    const offersMax = 400;
    w.stall();
    let sent = 0;
    while (sent < offersMax && bus.publish('t.flood', payload)) {
      sent += 1;
      // Lets the socket take what it can, so that only what it cannot take is counted.
      if (sent % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    w.unstall();
    expect(sent).toBeLessThan(offersMax);
    expect(sent * payload.length).toBeGreaterThanOrEqual(limits.busPendingBytesMax);
    await until(() => bus.publish('t.flood', payload), 'unsent bytes drained');
    expect(bus.connected).toBe(true);
  });

  it('closes once, sends what was published before, and is silent afterwards', async () => {
    const w = await start();
    const [from, to] = await Promise.all([w.connect('a'), w.connect('b')]);
    const seen: string[] = [];
    to.subscribe('t.last', (m) => seen.push(textOf(m.payload)));
    from.subscribe('t.closed', () => seen.push('after close'));
    await Promise.all([from.flush(), to.flush()]);
    from.publish('t.last', bytesOf('last words'));
    const pending = from.request('t.last', bytesOf('question'), 60_000);
    await Promise.all([from.close(), from.close()]);
    await from.close();
    expect(await pending).toEqual({ kind: 'timeout' });
    expect(from.connected).toBe(false);
    expect(from.publish('t.last', bytesOf('too late'))).toBe(false);
    to.publish('t.closed', bytesOf('x'));
    await to.flush();
    await until(() => seen.length === 2, 'last words');
    expect(seen).toEqual(['last words', 'question']);
  });
}
