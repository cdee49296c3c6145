/**
 * Token buckets for one kind of key (address, user). A bucket refills continuously, so a caller
 * that was refused knows to the millisecond when to come back.
 *
 * TB1  Time is the caller's monotonic clock; a bucket never loses tokens by a clock that stands.
 * TB2  At most `bucketsMax` buckets: over it, those that are full again go first (forgetting them
 *      changes nothing), then the oldest (their keys start with a full bucket).
 */
export interface BucketRate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Bucket {
  tokens: number;
  atMs: number;
}

export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perMs: number;

  constructor(
    private readonly rate: BucketRate,
    private readonly bucketsMax: number,
  ) {
    this.perMs = rate.perSecond / 1000;
  }

  get size(): number {
    return this.buckets.size;
  }

  /** The bucket of a key; callers that ask often keep the reference. */
  bucketOf(key: string, nowMs: number): Bucket {
    const known = this.buckets.get(key);
    if (known !== undefined) return known;
    if (this.buckets.size >= this.bucketsMax) this.makeRoom(nowMs);
    const bucket = { tokens: this.rate.burst, atMs: nowMs };
    this.buckets.set(key, bucket);
    return bucket;
  }

  /** 0 = taken; otherwise milliseconds until `cost` tokens will be there. Nothing is taken then. */
  take(bucket: Bucket, cost: number, nowMs: number): number {
    const refilled = bucket.tokens + (nowMs - bucket.atMs) * this.perMs;
    bucket.tokens = refilled > this.rate.burst ? this.rate.burst : refilled;
    bucket.atMs = nowMs;
    if (bucket.tokens >= cost) {
      bucket.tokens -= cost;
      return 0;
    }
    return Math.max(1, Math.ceil((cost - bucket.tokens) / this.perMs));
  }

  private makeRoom(nowMs: number): void {
    for (const [key, bucket] of this.buckets) {
      const refilled = bucket.tokens + (nowMs - bucket.atMs) * this.perMs;
      if (refilled >= this.rate.burst) this.buckets.delete(key);
    }
    const keep = Math.floor(this.bucketsMax * 0.9);
    for (const key of this.buckets.keys()) {
      if (this.buckets.size <= keep) return;
      this.buckets.delete(key);
    }
  }
}
