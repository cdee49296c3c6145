import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { bySystem } from '#libs/inventory/by.js';
import { digest, encodeFacts, factLevelNewest, type Fact } from '#libs/inventory/inventory.js';
import type { EventId, SeatIndex, TimeMs } from '#libs/inventory/ids.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import type { StoredBatch } from '#libs/journal/journal.js';
import { silentLog } from '#libs/platform/log.js';
import type { LoopShare } from '#libs/platform/loop-share.js';
import { saleRules, smallHall } from '#libs/testing/small-hall.js';
import { recover, type RecoverySource } from './recovery.js';

const eventId = 'evt_stadium' as EventId;
const layout = smallHall(100, 200);
const request = { eventId, layout, rules: saleRules() };
const seats = Array.from({ length: layout.seatCount }, (_, seat) => seat as SeatIndex);

/** A whole stadium taken off sale and put on sale again, so often, in batches of so many facts. */
function journalOf(facts: number, perBatch: number): RecoverySource {
  const batches: StoredBatch[] = [];
  let prevHash: Uint8Array = new Uint8Array(32);
  for (let seq = 1; seq <= facts; seq += perBatch) {
    const some = Array.from({ length: perBatch }, (_, i) => wholeHall(seq + i));
    const batch = {
      eventId,
      batchNo: batches.length + 1,
      epoch: 1,
      firstSeq: seq,
      lastSeq: seq + perBatch - 1,
      prevHash,
      facts: encodeFacts(some, factLevelNewest),
    };
    const hash = batchHash(prevHash, batch);
    batches.push({ ...batch, hash, writtenAtMs: 0 });
    prevHash = hash;
  }
  return { snapshots: () => given([]), read: () => given(batches) };
}

async function* given<T>(rows: readonly T[]): AsyncIterable<T> {
  yield* await Promise.resolve(rows);
}

function wholeHall(seq: number): Fact {
  const said = { atMs: (1_000 + seq) as TimeMs, by: bySystem, seats, areas: [] };
  return seq % 2 === 1
    ? { type: 'SeatsBlocked', ...said, reason: '' }
    : { type: 'SeatsUnblocked', ...said };
}

class Turns implements LoopShare {
  count = 0;
  private left = limits.loopUnitsPerTurn;

  spend(units: number): boolean {
    this.left -= units;
    return this.left > 0;
  }

  turn(): Promise<void> {
    this.count += 1;
    this.left = limits.loopUnitsPerTurn;
    return Promise.resolve();
  }
}

describe('the fold of a journal', () => {
  it.each([1, 10])('takes turns by the seats of its facts, %d in a batch', async (perBatch) => {
    const facts = 60;
    const share = new Turns();
    const { state } = await recover(journalOf(facts, perBatch), request, silentLog(), share);
    const whole = await recover(journalOf(facts, facts), request, silentLog());
    expect(digest(state)).toBe(digest(whole.state));
    expect(state.version).toBe(facts);
    const seatsPerTurn = (facts * seats.length) / (share.count + 1);
    // A turn is exceeded by one fact at most (LS1).
    const most = limits.loopUnitsPerTurn * limits.loopFactBytesPerUnit + seats.length;
    expect(seatsPerTurn).toBeLessThan(most);
  });
});
