import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import { silentLog } from '#libs/platform/log.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { systemRandom } from '#libs/platform/random.js';
import { EventShares } from '#libs/routing/event-shares.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { EventReplica } from '../replica/event-replica.js';
import { FakeCatalogue, fakeEventId } from '../testing/fake-catalogue.js';
import { FakeInventory } from '../testing/fake-inventory.js';
import { Audience } from './audience.js';
import type { Viewer, ViewerState } from './viewer.js';

/** A client that notes what it is sent. */
class NotingViewer implements Viewer {
  readonly userId = null;
  knownVersion: number | null = null;
  drained = true;
  following = false;
  waitsSinceMs: number | null = null;
  state: ViewerState = 'joining';
  readonly heard: string[] = [];
  readonly payloads: unknown[] = [];
  /** What it had been sent when it began to follow. */
  sentBefore: number | null = null;
  closesAtFirst = false;

  constructor(
    private readonly audience: () => Audience,
    public resumeFrom: number | null,
    readonly format: 'json' | 'msgpack' = 'json',
  ) {}

  send(payload: string | Uint8Array): boolean {
    this.payloads.push(payload);
    if (this.closesAtFirst) this.audience().leave(this);
    if (typeof payload !== 'string') return true;
    const frame = JSON.parse(String(payload)) as Record<string, unknown>;
    if (frame.type === 'snapshot') this.heard.push(`snapshot ${String(frame.version)}`);
    else this.heard.push(`diff ${String(frame.from)}-${String(frame.to)}`);
    return true;
  }

  goodbye(code: string, extras: { retry_after_ms?: number }): void {
    this.heard.push(`${code} ${extras.retry_after_ms ?? 'for ever'}`);
    this.audience().leave(this);
  }

  follow(): void {
    this.sentBefore ??= this.payloads.length;
    this.following = true;
  }

  unfollow(): void {
    this.following = false;
  }
}

describe('an audience, for a client that comes from another gateway', () => {
  let clock: VirtualClock;
  let inventory: FakeInventory;
  let replica: EventReplica;
  let audience: Audience;
  let joined: NotingViewer[];
  const goAway = { kind: 'unavailable', retryAfterMs: 0, executed: 'no' } as const;
  const sentAway = `unavailable ${limits.resumeRetryMs}`;

  beforeEach(async () => {
    clock = new VirtualClock();
    const broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
    const far = broker.connect('far');
    inventory = new FakeInventory(far, fakeEventId, 30, [10], (done) => clock.after(5, done));
    const { detail, layout } = new FakeCatalogue(30, 10);
    const ports = { bus: broker.connect('near'), inventory, clock, log: silentLog() };
    const waiting = new EventShares(limits.replicaWaitersMax);
    const rest = { share: wholeLoop, onResync: () => undefined, waiting };
    replica = new EventReplica({ detail, layout }, { ...ports, ...rest });
    const publish = (_topic: string, payload: string | Uint8Array): void => {
      for (const viewer of joined) if (viewer.following) viewer.send(payload);
    };
    joined = [];
    audience = new Audience(replica, { clock, publish, count: () => undefined });
    inventory.setSeats([1], 1);
    await clock.advance(50);
    inventory.loseDiffs = true;
    inventory.setSeats([2], 1);
    inventory.setSeats([3], 1);
    expect(replica.published).toBe(1);
  });

  afterEach(() => replica.close());

  it('makes one frame for all who come from one version at the same time', async () => {
    const crowd = [0, 0, 1, 1].map((version) => {
      const viewer = new NotingViewer(() => audience, version, 'msgpack');
      audience.join(viewer);
      return viewer;
    });
    await clock.advance(limits.fanOutMsMax);
    const [first, second, third, fourth] = crowd.map(({ payloads }) => payloads[0]);
    expect(first).toBeInstanceOf(Uint8Array);
    expect(second).toBe(first);
    expect(third).toBeInstanceOf(Uint8Array);
    expect(fourth).toBe(third);
    expect(third).not.toBe(first);
  });

  it('sends the map before they follow, and nobody follows whom it closed (LM5)', async () => {
    const [stays, goes] = [false, true].map((closesAtFirst) => {
      const viewer = new NotingViewer(() => audience, null);
      viewer.closesAtFirst = closesAtFirst;
      audience.join(viewer);
      return viewer;
    });
    await clock.advance(limits.fanOutMsMax);
    expect([stays, goes].map((one) => one.payloads.length)).toEqual([1, 1]);
    expect([stays, goes].map((one) => one.sentBefore)).toEqual([1, null]);
    expect([stays, goes].map((one) => one.state)).toEqual(['live', 'closed']);
  });

  function join(version: number | null): NotingViewer {
    const viewer = new NotingViewer(() => audience, version);
    joined.push(viewer);
    audience.join(viewer);
    return viewer;
  }

  it('asks the owner at once, and lets it in when the replica caught up', async () => {
    const viewer = join(3);
    await clock.advance(limits.replicaLagMs + 100);
    expect(viewer.heard).toEqual(['diff 3-3']);
  });

  it('never takes back a client that is ahead: it is sent away with its map', async () => {
    inventory.override = () => goAway;
    const viewer = join(3);
    await clock.advance(limits.resumeWaitMs - 10);
    expect(viewer.heard).toEqual([]);
    await clock.advance(200);
    expect(viewer.heard).toEqual([sentAway]);
    await clock.advance(5_000);
    expect(viewer.heard).toEqual([sentAway]);
  });

  it('treats a resume on an open map alike', async () => {
    const viewer = join(null);
    await clock.advance(20);
    inventory.override = () => goAway;
    audience.resume(viewer, 3);
    await clock.advance(limits.resumeWaitMs + 200);
    expect(viewer.heard).toEqual(['snapshot 1', sentAway]);
  });

  it('does not let newcomers wait for those who are ahead', async () => {
    inventory.override = () => goAway;
    join(3);
    const newcomer = join(null);
    await clock.advance(20);
    expect(newcomer.heard).toEqual(['snapshot 1']);
  });

  it('gives the map to a client whose version the owner never had', async () => {
    const viewer = join(900);
    await clock.advance(limits.leaseMs - 10);
    expect(viewer.heard).toEqual([]);
    await clock.advance(2 * limits.replicaLagMs + 100);
    expect(viewer.heard).toEqual(['snapshot 3']);
  });

  it('does not believe an owner from before, for as long as it may still answer', async () => {
    const behind = inventory.version;
    inventory.version = 1;
    const viewer = join(behind);
    await clock.advance(limits.leaseMs - limits.replicaLagMs);
    expect(viewer.heard).toEqual([]);
    inventory.version = behind;
    await clock.advance(2 * limits.replicaLagMs + 400);
    expect(viewer.heard).toEqual([`diff ${behind}-${behind}`]);
  });

  it('asks the owner a few times a second, however many clients name any version', async () => {
    const before = inventory.calls.length;
    for (let i = 0; i < 200; i += 1) join(900 + i);
    await clock.advance(1_000);
    const asked = inventory.calls.length - before;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(2 + 1_000 / limits.replicaLagMs);
  });

  it('sends nothing to who missed a frame until it drained, and then what it lacks', async () => {
    inventory.loseDiffs = false;
    inventory.setSeats([4], 1);
    await clock.advance(50);
    const viewer = join(null);
    await clock.advance(50);
    [viewer.drained, viewer.knownVersion] = [false, 4];
    audience.missed(viewer);
    inventory.setSeats([5], 1);
    await clock.advance(200);
    expect(viewer.heard).toEqual(['snapshot 4']);
    viewer.drained = true;
    audience.drained(viewer);
    await clock.advance(50);
    inventory.setSeats([6], 1);
    await clock.advance(200);
    expect(viewer.heard).toEqual(['snapshot 4', 'diff 4-5', 'diff 5-6']);
  });

  it('leaves the loop a third of its time when fan-out takes longer than its period', async () => {
    audience.close();
    inventory.loseDiffs = false;
    let publishedMs = 0;
    const slowed: Clock = {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs() + publishedMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      every: (periodMs, callback) => clock.every(periodMs, callback),
      soon: (callback) => clock.soon(callback),
    };
    const publish = (): void => void (publishedMs += 40);
    audience = new Audience(replica, { clock: slowed, publish, count: () => undefined });
    join(null);
    await clock.advance(50);
    const startMs = clock.monotonicMs();
    for (let change = 0; change < 200; change += 1) {
      inventory.setSeats([change % 30], change % 2);
      await clock.advance(5);
    }
    const otherMs = clock.monotonicMs() - startMs;
    expect(publishedMs).toBeGreaterThan(limits.fanOutMsMin * 10);
    expect(otherMs / (otherMs + publishedMs)).toBeGreaterThan(0.3);
  });
});
