import { createHash } from 'node:crypto';

export interface PlacementShard {
  readonly incarnation: string;
  /** Stable over restarts, so that a restarted shard gets its old events back. */
  readonly shardId: string;
  /** Greater than 0; twice the weight gets twice the events. */
  readonly weight: number;
}

/**
 * Weighted rendezvous hashing: every process that knows the same live shards chooses the same one
 * for an event, and when a shard leaves only its own events get another.
 *
 * Score -weight / ln(h), h uniform in (0, 1): Schindelhauer and Schomaker, "Weighted distributed
 * hash tables", SPAA 2005. Ties go to the smaller shard id.
 */
export function chooseShard<Shard extends PlacementShard>(
  eventId: string,
  shards: Iterable<Shard>,
): Shard | null {
  let best: Shard | null = null;
  let bestScore = -1;
  for (const shard of shards) {
    const score = -shard.weight / Math.log(unitHash(`${eventId}/${shard.shardId}`));
    const wins =
      best === null || score > bestScore || (score === bestScore && shard.shardId < best.shardId);
    if (wins) {
      best = shard;
      bestScore = score;
    }
  }
  return best;
}

/** 48 bits of sha256 as a number strictly between 0 and 1. */
function unitHash(text: string): number {
  const bits = createHash('sha256').update(text).digest().readUIntBE(0, 6);
  return (bits + 0.5) / 2 ** 48;
}
