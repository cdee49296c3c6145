import type { Slot } from './slot.js';

/**
 * Events that wait to be brought up. After a failover what sells most must not stand behind what
 * sells little, and neither behind what sleeps.
 *
 * AQ1  Events with commands in their mailbox go before those that only have something due, or are
 *      only looked at.
 * AQ2  Of those with commands, the one with more of them goes first, by powers of two: a mailbox
 *      that grows while it waits is what "hot" means to the shard that takes over.
 * AQ3  Events of one rank go in the order in which they came to it.
 */
export class ActivationQueue {
  private readonly ranks: readonly Set<Slot>[] = Array.from({ length: ranksMax }, () => new Set());
  private readonly rankOf = new Map<Slot, number>();

  get length(): number {
    return this.rankOf.size;
  }

  /** Those that only have something due. */
  get quiet(): number {
    return this.ranks[0].size;
  }

  push(slot: Slot): void {
    this.place(slot, rankFor(slot));
  }

  /** A command came for an event that may be waiting here. */
  promote(slot: Slot): void {
    const present = this.rankOf.get(slot);
    if (present === undefined) return;
    const rank = rankFor(slot);
    if (rank <= present) return;
    this.ranks[present].delete(slot);
    this.place(slot, rank);
  }

  /** `withQuiet`: also one that nobody has asked for. */
  take(withQuiet = true): Slot | undefined {
    for (let rank = ranksMax - 1; rank >= (withQuiet ? 0 : 1); rank -= 1) {
      const slot = this.ranks[rank].values().next().value;
      if (slot === undefined) continue;
      this.ranks[rank].delete(slot);
      this.rankOf.delete(slot);
      return slot;
    }
    return undefined;
  }

  private place(slot: Slot, rank: number): void {
    this.ranks[rank].add(slot);
    this.rankOf.set(slot, rank);
  }
}

const ranksMax = 16;

/** 0 for an empty mailbox, else one more than the exponent of its length. */
function rankFor({ pressing }: Slot): number {
  return pressing === 0 ? 0 : Math.min(ranksMax - 1, 32 - Math.clz32(pressing));
}
