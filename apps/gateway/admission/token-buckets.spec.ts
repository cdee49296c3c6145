import { describe, expect, it } from '@jest/globals';

import { addressKeyOf, isLoopback } from './address.js';
import { TokenBuckets } from './token-buckets.js';

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;
const mapped = (...v4: number[]): ArrayBuffer =>
  bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...v4);

describe('a token bucket', () => {
  it('allows a burst, then the rate, and says how long to wait', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 3 }, 100);
    const bucket = buckets.bucketOf('a', 0);
    expect([1, 2, 3, 4].map(() => buckets.take(bucket, 1, 0))).toEqual([0, 0, 0, 100]);
    expect(buckets.take(bucket, 1, 50)).toBe(50);
    expect(buckets.take(bucket, 1, 100)).toBe(0);
  });

  it('never holds more than its burst', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 3 }, 100);
    const bucket = buckets.bucketOf('a', 0);
    expect(buckets.take(bucket, 3, 3_600_000)).toBe(0);
    expect(buckets.take(bucket, 1, 3_600_000)).toBe(100);
  });

  it('takes nothing when it refuses', () => {
    const buckets = new TokenBuckets({ perSecond: 10, burst: 5 }, 100);
    const bucket = buckets.bucketOf('a', 0);
    expect(buckets.take(bucket, 4, 0)).toBe(0);
    expect(buckets.take(bucket, 2, 0)).toBe(100);
    expect(buckets.take(bucket, 1, 0)).toBe(0);
  });

  it('is one of a bounded number: full ones are forgotten first', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, 10);
    const busy = buckets.bucketOf('busy', 0);
    buckets.take(busy, 2, 0);
    for (let i = 0; i < 500; i++) buckets.bucketOf(`k${i}`, 0);
    expect(buckets.size).toBeLessThanOrEqual(10);
    expect(buckets.bucketOf('busy', 0)).toBe(busy);
  });
});

describe('an address', () => {
  it('is loopback as IPv4, as IPv6 and as one in the other', () => {
    expect(isLoopback(bytes(127, 0, 0, 1))).toBe(true);
    expect(isLoopback(mapped(127, 3, 2, 1))).toBe(true);
    expect(isLoopback(bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))).toBe(true);
    expect(isLoopback(bytes(10, 0, 0, 1))).toBe(false);
    expect(isLoopback(mapped(10, 0, 0, 1))).toBe(false);
  });

  it('shares its limit with the whole IPv6 network of a customer', () => {
    const one = bytes(32, 1, 13, 184, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1);
    const two = bytes(32, 1, 13, 184, 0, 1, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9);
    const far = bytes(32, 1, 13, 184, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1);
    expect(addressKeyOf(one)).toBe(addressKeyOf(two));
    expect(addressKeyOf(one)).not.toBe(addressKeyOf(far));
    expect(addressKeyOf(mapped(1, 2, 3, 4))).toBe(addressKeyOf(bytes(1, 2, 3, 4)));
  });
});
