import { describe, expect, it } from '@jest/globals';
import { recover } from '#libs/actor/recovery.js';
import { decodeLayout, encodeLayout } from '#libs/catalogue/layout-codec.js';
import { limits } from '#libs/contracts/limits.js';
import { decodeFacts, decodeState, encodeState } from '#libs/inventory/inventory.js';
import { batchOf } from '#libs/journal/rows.js';
import type { Clock } from '#libs/platform/clock.js';
import { createLog, silentLog, type Log } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { until } from '#libs/testing/until.js';
import { makeRehearsalEvent, sourceOf } from './rehearsal-event.js';
import { Rehearsal } from './rehearsal.js';

const atOnce = (): Promise<void> => Promise.resolve();

/** Time goes on by `tickMs` at each look: how much is done in it does not depend on the machine. */
class TickingClock implements Clock {
  readonly rests: number[] = [];
  private ms = 0;

  constructor(private readonly tickMs: number) {}

  nowMs = (): number => this.ms;

  monotonicMs(): number {
    this.ms += this.tickMs;
    return this.ms;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.rests.push(delayMs);
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }

  every = (): never => {
    throw new Error('nothing here repeats');
  };

  soon = (callback: () => void): void => void setImmediate(callback);
}

function logInto(lines: string[]): Log {
  const log: Log = createLog({ name: 'spec', level: 'silent' });
  const keep = (_: unknown, message: string): void => void lines.push(message);
  return Object.assign(log, { info: keep, error: keep });
}

describe('the event of a rehearsal', () => {
  it('is recovered from its snapshot to what the whole journal says', async () => {
    const event = await makeRehearsalEvent(systemRandom, atOnce);
    const { request, snapshot, batches, version } = event;
    expect(batches.length - snapshot.batchNo).toBeGreaterThan(50);
    const source = sourceOf(event, atOnce);
    const quick = await recover(source, request, silentLog());
    const noSnapshots = { read: source.read, snapshots: async function* () {} };
    const whole = await recover(noSnapshots, request, silentLog());
    expect(quick.factsSinceSnapshot).toBeLessThan(whole.factsSinceSnapshot / 2);
    expect(quick.state.version).toBe(version);
    expect(Buffer.compare(encodeState(quick.state), encodeState(whole.state))).toBe(0);
  });
});

describe('what a rehearsal reads', () => {
  it('has a running payment in its snapshot and behind it facts of everybody', async () => {
    const { request, snapshot, batches } = await makeRehearsalEvent(systemRandom, atOnce);
    const tail = batches.slice(snapshot.batchNo).flatMap(({ facts }) => decodeFacts(facts));
    const roles = new Set(tail.map(({ by }) => by.role));
    expect([...roles].sort()).toEqual(['buyer', 'operator', 'system']);
    const begun = decodeState(request.layout, request.rules, snapshot.state);
    const paying = begun.holds.inOrder().filter((slot) => begun.holds.attemptOf(slot) !== null);
    expect(paying.length).toBeGreaterThan(0);
    const sizes = batches.slice(snapshot.batchNo).map(({ facts }) => facts.length);
    expect(Math.max(...sizes)).toBeGreaterThan(Buffer.poolSize / 2);
    expect(Math.min(...sizes)).toBeLessThan(Buffer.poolSize / 2);
  });

  it('has its fields in the order in which the journal and the catalogue give them', async () => {
    const { request, batches } = await makeRehearsalEvent(systemRandom, atOnce);
    const numbers = { batch_no: 1, epoch: 1, first_seq: 1, last_seq: 1, written_at_ms: 1 };
    const bytes = { prev_hash: Buffer.alloc(0), hash: Buffer.alloc(0), facts: Buffer.alloc(0) };
    const stored = batchOf({ event_id: request.eventId, ...numbers, ...bytes });
    for (const batch of batches) expect(Object.keys(batch)).toEqual(Object.keys(stored));
    const { layout } = request;
    const again = decodeLayout(encodeLayout(layout, new Uint8Array(32)), layout.hash).layout;
    expect(Object.keys(layout)).toEqual(Object.keys(again));
  });
});

describe('the plan of a rehearsal', () => {
  it('is read from its bytes each time, as that of the first event in a hall', async () => {
    const { request, requestAnew } = await makeRehearsalEvent(systemRandom, atOnce);
    const { layout } = requestAnew();
    expect(layout).toEqual(request.layout);
    expect(layout.x.buffer).not.toBe(request.layout.x.buffer);
  });
});

describe('the bytes of a rehearsal', () => {
  it('are of the kind that the driver gives', async () => {
    const { snapshot, batches } = await makeRehearsalEvent(systemRandom, atOnce);
    for (const bytes of [snapshot.state, snapshot.hash, batches[9].facts, batches[9].prevHash]) {
      expect(Buffer.isBuffer(bytes)).toBe(true);
    }
  });
});

describe('a rehearsal', () => {
  it('ends when it becomes no quicker', async () => {
    const lines: string[] = [];
    const clock = new TickingClock(0.001);
    const ports = { clock, random: systemRandom, log: logInto(lines), busy: () => false };
    await new Rehearsal(ports).run();
    expect(lines).toEqual(['recovery rehearsed']);
    expect(clock.nowMs()).toBeLessThan(limits.rehearsalMs);
  }, 30_000);

  it('ends when its time is over, and rests as long as it worked', async () => {
    const lines: string[] = [];
    const clock = new TickingClock(0.5);
    const ports = { clock, random: systemRandom, log: logInto(lines), busy: () => false };
    await new Rehearsal(ports).run();
    expect(lines).toEqual(['recovery rehearsed']);
    expect(clock.rests.length).toBeGreaterThan(10);
    expect(Math.min(...clock.rests)).toBeGreaterThanOrEqual(limits.rehearsalSliceMs);
    expect(clock.rests.reduce((sum, ms) => sum + ms)).toBeLessThan(2 * limits.rehearsalMs);
  }, 30_000);

  it('does nothing while real events are brought up, and can be stopped then', async () => {
    const lines: string[] = [];
    const clock = new TickingClock(0.001);
    const ports = { clock, random: systemRandom, log: logInto(lines), busy: () => true };
    const rehearsal = new Rehearsal(ports);
    const running = rehearsal.run();
    await until(() => clock.rests.length > 20, 'it waits');
    const lookedMs = clock.nowMs();
    await until(() => clock.rests.length > 40, 'it still waits');
    expect(clock.nowMs()).toBe(lookedMs);
    await rehearsal.stop();
    await running;
    expect(lines).toEqual([]);
  });
});
