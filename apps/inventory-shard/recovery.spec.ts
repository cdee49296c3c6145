import { beforeEach, describe, expect, it } from '@jest/globals';
import { recover } from '#libs/actor/recovery.js';
import { snapshotDigest } from '#libs/actor/snapshot-digest.js';
import { keptFolds, takeSnapshot } from '#libs/actor/snapshots.js';
import { createState, digest, encodeState, type EventId } from '#libs/inventory/inventory.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import type { StoredBatch, StoredSnapshot } from '#libs/journal/journal.js';
import { limits } from '#libs/contracts/limits.js';
import { createLog } from '#libs/platform/log.js';
import type { LoopShare } from '#libs/platform/loop-share.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { MemoryCluster } from './testing/memory-cluster.js';

const log = createLog({ name: 'test', level: 'silent' });
const inventory = { layout: smallHall(10, 20), rules: saleRules() };
const source = () => Promise.resolve(inventory);

let cluster: MemoryCluster;
let event: EventId;

beforeEach(async () => {
  cluster = new MemoryCluster();
  event = cluster.addEvent('recovery');
  await cluster.addShard('shard-1');
  await cluster.clock.advance(500);
  for (let seat = 0; seat < 6; seat += 1) {
    await cluster.send(event, cluster.hold(event, [seat]));
  }
});

const recovered = () => recover(cluster.journal, { eventId: event, ...inventory }, log);

/** The same journal with every row passed through `change`. */
function altered(change: (batch: StoredBatch) => StoredBatch) {
  const { journal } = cluster;
  return Object.assign(Object.create(journal) as typeof journal, {
    snapshots: () => journal.snapshots(event),
    async *read(eventId: EventId, after: number) {
      for await (const batch of journal.read(eventId, after)) yield change(batch);
    },
  });
}

describe('recovery', () => {
  it('computes the digest that the core defines', async () => {
    const { state } = await recovered();
    expect(snapshotDigest(encodeState(state))).toBe(digest(state));
  });

  it('gives the same state from the whole journal and from a snapshot with its tail', async () => {
    const whole = await recovered();
    expect(await takeSnapshot(cluster.journal, source, event, log)).toBe(true);
    await cluster.send(event, cluster.hold(event, [9]));
    const fromSnapshot = await recovered();
    expect(whole.state.version).toBe(7);
    expect(fromSnapshot.factsSinceSnapshot).toBe(1);
    expect(fromSnapshot.batchesSinceSnapshot).toBe(1);
    await cluster.journal.saveSnapshot(await broken({ digest: '0'.repeat(64) }));
    expect(digest((await recovered()).state)).toBe(digest(fromSnapshot.state));
  });

  it('passes over a snapshot with flipped bits or of an unreadable form', async () => {
    const truth = digest((await recovered()).state);
    for (const state of [Uint8Array.of(9, 9, 9), new Uint8Array(0)]) {
      await cluster.journal.saveSnapshot(await broken({ state }));
      const again = await recovered();
      expect(digest(again.state)).toBe(truth);
      expect(again.factsSinceSnapshot).toBe(again.state.version);
    }
  });

  it('replays when the newest snapshot is of an older form, sound as its digest is', async () => {
    const { state } = await recovered();
    const older = encodeState(state);
    older[0] = 1;
    const row = await broken({ state: older, digest: snapshotDigest(older) });
    await cluster.journal.saveSnapshot(row);
    const again = await recovered();
    expect(digest(again.state)).toBe(digest(state));
    expect(again.factsSinceSnapshot).toBe(state.version);
  });

  it('passes over a readable snapshot whose digest is of another state', async () => {
    const truth = digest((await recovered()).state);
    const state = encodeState(createState(inventory.layout, inventory.rules));
    await cluster.journal.saveSnapshot(await broken({ state }));
    const again = await recovered();
    expect(digest(again.state)).toBe(truth);
    expect(again.state.version).toBe(7);
  });

  it('spends what it does unit by unit, and does no more in a turn than that has', async () => {
    for (let n = 0; n < 40; n += 1) {
      await cluster.send(event, cluster.hold(event, [20 + n]), { userId: `usr_${n}` });
    }
    const whole = await recovered();
    const share = new CountingShare(limits.loopUnitsPerFact * 4);
    const inTurns = await recover(cluster.journal, { eventId: event, ...inventory }, log, share);
    expect(digest(inTurns.state)).toBe(digest(whole.state));
    const facts = whole.state.version;
    expect(share.spent).toBeGreaterThan(facts * limits.loopUnitsPerFact);
    expect(share.turns).toBeGreaterThanOrEqual(facts / 4 - 1);
    expect(share.mostInATurn).toBeLessThan(limits.loopUnitsPerFact * 6);
  });

  it('loads a snapshot unit by unit too: its digest, its entries and its tail', async () => {
    for (let n = 0; n < limits.loopEntriesAtOnce / 2; n += 1) {
      await cluster.send(event, cluster.hold(event, [20 + n]), { userId: `usr_${n}` });
    }
    expect(await takeSnapshot(cluster.journal, source, event, log)).toBe(true);
    const share = new CountingShare(1);
    const { state } = await recover(cluster.journal, { eventId: event, ...inventory }, log, share);
    expect(digest(state)).toBe(digest((await recovered()).state));
    // The digest, the empty state, and all but the last piece of the entries.
    expect(share.turns).toBe(3);
    expect(share.mostInATurn).toBeLessThanOrEqual(limits.loopEntriesAtOnce);
  });

  it('takes no second snapshot of the same state', async () => {
    expect(await takeSnapshot(cluster.journal, source, event, log)).toBe(true);
    expect(await takeSnapshot(cluster.journal, source, event, log)).toBe(false);
  });

  it('goes on with a kept fold, not where the journal took another way (G2)', async () => {
    const folds = keptFolds();
    const take = () => takeSnapshot(cluster.journal, source, event, log, { folds });
    expect(await take()).toBe(true);
    await cluster.send(event, cluster.hold(event, [9]));
    expect(await take()).toBe(true);
    const snapshots: StoredSnapshot[] = [];
    for await (const one of cluster.journal.snapshots(event)) snapshots.push(one);
    expect(snapshots[0]).toMatchObject({ seq: 8, batchNo: 8 });
    expect(snapshots[0].digest).toBe(digest((await recovered()).state));
    await cluster.send(event, cluster.hold(event, [12]));
    cluster.journal.store.loseTail(event, 7);
    for (const fromEpoch of [1, 2]) {
      await cluster.journal.takeOver({ eventId: event, incarnation: 'else-1', fromEpoch });
    }
    await expect(take()).rejects.toThrow('breaks the hash chain');
    expect(folds.take(event)).toBeUndefined();
  });

  it('stops at a batch whose facts were altered (G9)', async () => {
    const journal = altered((batch) => {
      if (batch.batchNo !== 3) return batch;
      const facts = batch.facts.slice();
      facts[facts.length - 1] ^= 1;
      return { ...batch, facts };
    });
    const reading = recover(journal, { eventId: event, ...inventory }, log);
    await expect(reading).rejects.toThrow('batch 3 was altered');
  });

  it('stops behind a batch that was changed together with its hash (G9)', async () => {
    const journal = altered((batch) => {
      if (batch.batchNo !== 3) return batch;
      const prevHash = new Uint8Array(32);
      return { ...batch, prevHash, hash: batchHash(prevHash, batch) };
    });
    const reading = recover(journal, { eventId: event, ...inventory }, log);
    await expect(reading).rejects.toThrow('batch 3 breaks the hash chain');
  });

  it('stops at a batch that miscounts its facts', async () => {
    const { batchNo } = await recovered();
    const journal = altered((batch) => {
      if (batch.batchNo !== batchNo) return batch;
      const more = { ...batch, lastSeq: batch.lastSeq + 1 };
      return { ...more, hash: batchHash(batch.prevHash, more) };
    });
    const reading = recover(journal, { eventId: event, ...inventory }, log);
    await expect(reading).rejects.toThrow(`batch ${batchNo} miscounts`);
  });

  it('stops at a gap in the journal', async () => {
    const journal = altered((batch) => (batch.batchNo === 4 ? { ...batch, batchNo: 5 } : batch));
    const reading = recover(journal, { eventId: event, ...inventory }, log);
    await expect(reading).rejects.toThrow('batch 5 does not follow 3');
  });
});

/** A turn of the loop ends when it is asked for another. */
class CountingShare implements LoopShare {
  turns = 0;
  spent = 0;
  mostInATurn = 0;
  private inThisTurn = 0;

  constructor(private readonly unitsPerTurn: number) {}

  spend(units: number): boolean {
    this.spent += units;
    this.inThisTurn += units;
    this.mostInATurn = Math.max(this.mostInATurn, this.inThisTurn);
    return this.inThisTurn < this.unitsPerTurn;
  }

  turn(): Promise<void> {
    this.turns += 1;
    this.inThisTurn = 0;
    return Promise.resolve();
  }
}

/** A snapshot row that the journal accepts and that is wrong inside. */
async function broken(over: Partial<StoredSnapshot>): Promise<StoredSnapshot> {
  const { batchNo, epoch, hash, state } = await recovered();
  const good = { eventId: event, batchNo, epoch, seq: state.version, hash };
  return { ...good, digest: 'f'.repeat(64), state: new Uint8Array(8), ...over };
}
