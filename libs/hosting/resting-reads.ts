import { LRUCache } from 'lru-cache';
import { read } from '#libs/actor/reads.js';
import { recover } from '#libs/actor/recovery.js';
import type { Catalogue } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import { isQuery } from '#libs/contracts/queries.js';
import type { Reply } from '#libs/contracts/wire.js';
import { knownHolds, nextWakeAt, type EventId, type UserId } from '#libs/inventory/inventory.js';
import { zeroHash } from '#libs/journal/batch-hash.js';
import type { Journal, Tail } from '#libs/journal/journal.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { LoopShare } from '#libs/platform/loop-share.js';
import { HoldMarks } from './hold-marks.js';
import type { Slot } from './slot.js';

/**
 * Answers looks at events that nobody owns, from their journals. To own an event costs a change of
 * its ownership row and an announce in its journal, for ever: strangers who look at events at rest
 * must not be able to write that (docs/decisions/0017-events-at-rest.md).
 *
 * RR1  An answer is no older than its question: the end of the journal is read after the question
 *      came. What was acknowledged is in the journal, so whoever has heard of it finds it (G6).
 * RR2  Nothing is answered for an event of which something is due: its owner is to do that first.
 * RR3  A map is kept as of the last batch of its journal, and used only while that is the last.
 * RR4  Of a hold it is only said that there is none: identities are free, and so are ids that
 *      somebody makes up. A hold that is known, or was, is spoken of by its owner: that has the
 *      time.
 */
export class RestingReads {
  private readonly kept = new LRUCache<EventId, AtRest>({
    maxSize: limits.restingMapBytesMax,
    sizeCalculation: ({ bytes }) => bytes,
  });

  constructor(private readonly ports: RestingReadsPorts) {}

  /** Answers the looks that wait, up to a command; or finds that the event needs an owner. */
  async answer(slot: Slot): Promise<void> {
    const asked = slot.mailbox.length;
    const { map, counters, holds, dueMs } = await this.atRest(slot.eventId);
    const nowMs = this.ports.clock.nowMs();
    if (dueMs <= nowMs + limits.wakeHorizonMs) {
      slot.ownerWanted = true;
      return;
    }
    for (let left = asked; left > 0; left -= 1) {
      const item = slot.mailbox.peek()?.item;
      if (item === undefined || !isQuery(item.request)) return;
      const { request } = item;
      if (request.type === 'GetHold' && holds.mayHave(request.holdId)) {
        slot.ownerWanted = true;
        return;
      }
      const answer = { GetSeatMap: map, DescribeEvent: counters, GetHold: noSuchHold }[
        request.type
      ];
      slot.mailbox.shift()?.answer(item.deadlineMs < nowMs ? { kind: 'too_late' } : answer);
    }
  }

  private async atRest(eventId: EventId): Promise<AtRest> {
    const { journal, catalogue, log, share } = this.ports;
    const tail = await journal.tail(eventId);
    const kept = this.kept.get(eventId);
    if (kept !== undefined && isAsOf(kept, tail)) return kept;
    const inventory = await catalogue.inventoryOf(eventId);
    if (inventory === null) throw new Error(`${eventId} has no seating plan`);
    const { layout, rules } = inventory;
    const recovered = await recover(journal, { eventId, layout, rules }, log, share);
    const { state, batchNo, epoch, hash } = recovered;
    // Nobody's: who reads the incarnation learns that the event is at rest.
    const nobody = { incarnation: '', mailbox: 0, nowMs: 0, userId: '' as UserId };
    const context = { ...nobody, epoch, batchNo };
    const holds = await HoldMarks.of(knownHolds(state), share);
    const atRest: AtRest = {
      batchNo,
      hash,
      map: read(state, { type: 'GetSeatMap' }, context),
      counters: read(state, { type: 'DescribeEvent' }, context),
      holds,
      dueMs: nextWakeAt(state) ?? Infinity,
      bytes: layout.seatCount + layout.areas.length * areaBytes + holds.bytes + entryBytes,
    };
    this.kept.set(eventId, atRest);
    return atRest;
  }
}

/** An event as its journal has it through batch `batchNo`. */
interface AtRest {
  readonly batchNo: number;
  readonly hash: Uint8Array;
  readonly map: Reply;
  readonly counters: Reply;
  readonly holds: HoldMarks;
  /** When somebody has to do something, Infinity: never. */
  readonly dueMs: number;
  readonly bytes: number;
}

export interface RestingReadsPorts {
  readonly journal: Journal;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Log;
  readonly share: LoopShare;
}

const noSuchHold: Reply = {
  kind: 'answered',
  answer: { kind: 'refused', refusal: { code: 'hold_not_found' } },
  replayed: false,
};

/** About what an entry takes beside its seats. */
const entryBytes = 1_024;
const areaBytes = 64;

function isAsOf({ batchNo, hash }: AtRest, tail: Tail | null): boolean {
  if (batchNo !== (tail?.batchNo ?? 0)) return false;
  return Buffer.compare(hash, tail?.hash ?? zeroHash) === 0;
}
