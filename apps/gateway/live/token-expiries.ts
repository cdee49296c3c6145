import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import { LookWhile } from '#libs/platform/look-while.js';

import type { Caller } from '../auth/authenticator.js';
import type { IssuerKey } from '../auth/issuer-keys.js';

/** How long what a token opened may last. */
export type TokenLife = Pick<Caller, 'expiresAtMs' | 'signedBy'>;

interface Waiting {
  /** Rounded up. */
  readonly second: number;
  readonly key: IssuerKey | null;
  readonly end: () => void;
}

/**
 * Ends live maps when the token that opened them is good for nothing any more: what they show of
 * their owner's reservations is his for as long as the token is.
 *
 * TX1  A map ends within expiryLookMs after its token, by the wall clock, as tokens are told by it.
 * TX2  expiredAtOnceMax end at one look: sessions that began together at the opening of a sale run
 *      out together, and come back together.
 * TX3  A map ends within expiryLookMs after the key that signed its token is withdrawn (IK1), also
 *      when it was withdrawn while the map was being opened; TX2 holds for these, too.
 */
export class TokenExpiries {
  private readonly bySecond = new Map<number, Set<Waiting>>();
  private readonly byKey = new Map<IssuerKey, Set<Waiting>>();
  private readonly looks: LookWhile;

  constructor(private readonly clock: Clock) {
    this.looks = new LookWhile(clock, limits.expiryLookMs, () => this.look());
  }

  /** Those that wait for their end. */
  get size(): number {
    let size = 0;
    for (const ends of this.bySecond.values()) size += ends.size;
    return size;
  }

  /** Calls `end` once; returns what cancels it. */
  add({ expiresAtMs, signedBy }: TokenLife, end: () => void): () => void {
    const waiting = { second: Math.ceil(expiresAtMs / 1_000), key: signedBy, end };
    put(this.bySecond, waiting.second, waiting);
    if (signedBy !== null) put(this.byKey, signedBy, waiting);
    this.looks.wake();
    return () => this.forget(waiting);
  }

  close(): void {
    this.looks.rest();
    this.bySecond.clear();
    this.byKey.clear();
  }

  /** True while somebody waits for his end. */
  private look(): boolean {
    let left: number = limits.expiredAtOnceMax;
    for (const ends of this.due(Math.floor(this.clock.nowMs() / 1_000))) {
      for (const waiting of ends) {
        if (left === 0) return true;
        left -= 1;
        this.forget(waiting);
        waiting.end();
      }
    }
    return this.bySecond.size > 0;
  }

  private *due(nowSecond: number): Generator<Set<Waiting>> {
    for (const [key, ends] of this.byKey) if (key.withdrawn) yield ends;
    for (const [second, ends] of this.bySecond) if (second <= nowSecond) yield ends;
  }

  private forget(waiting: Waiting): void {
    drop(this.bySecond, waiting.second, waiting);
    if (waiting.key !== null) drop(this.byKey, waiting.key, waiting);
  }
}

function put<K>(sets: Map<K, Set<Waiting>>, key: K, waiting: Waiting): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(waiting));
}

/** An empty set is not kept. */
function drop<K>(sets: Map<K, Set<Waiting>>, key: K, waiting: Waiting): void {
  const set = sets.get(key);
  if (set?.delete(waiting) === true && set.size === 0) sets.delete(key);
}
