import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EdgeResponse } from '../edge/edge.js';

/** An answer that the network did not take at once. */
interface Unread {
  readonly res: EdgeResponse;
  readonly body: Uint8Array;
  /** null: an address without a limit. */
  readonly addressKey: string | null;
  readonly sinceMs: number;
  offset: number;
}

/**
 * Large answers on their way to readers who take them slowly, or not at all (G8). A reader costs
 * no copy, but keeps its body alive: eighty who stop reading eighty versions of a seat list would
 * keep all eighty.
 *
 * UA1  Of all answers at one address at most unreadBytesPerAddressMax are unread; more are refused.
 * UA2  All bodies with a reader weigh at most unreadBodyBytesMax, each counted once however many
 *      read it, and at most unreadAnswersMax are unread: over it, who has read longest is cut.
 * UA3  Who takes less than unreadBytesPerSecondMin after unreadGraceMs is cut.
 */
export class UnreadAnswers {
  cut = 0;
  /** Oldest first. */
  private readonly answers = new Set<Unread>();
  private readonly readersOf = new Map<Uint8Array, number>();
  private readonly byAddress = new Map<string, number>();
  private held = 0;
  private readonly stopSweep: () => void;

  constructor(private readonly clock: Clock) {
    this.stopSweep = clock.every(limits.unreadSweepMs, () => this.sweep());
  }

  get count(): number {
    return this.answers.size;
  }

  /** Of the bodies that have a reader. */
  get bodyBytes(): number {
    return this.held;
  }

  /** Whether the address may begin another answer of so many bytes (UA1). */
  admits(addressKey: string | null, bytes: number): boolean {
    if (addressKey === null) return true;
    const unread = this.byAddress.get(addressKey) ?? 0;
    return unread === 0 || unread + bytes <= limits.unreadBytesPerAddressMax;
  }

  /** Status and headers are written. The body goes as the client reads. */
  hand(res: EdgeResponse, body: Uint8Array, addressKey: string | null): void {
    const [, done] = res.tryEnd(body, body.byteLength);
    if (done) return;
    const sinceMs = this.clock.monotonicMs();
    const answer = { res, body, addressKey, sinceMs, offset: 0 };
    this.begin(answer);
    res.onAborted(() => this.end(answer));
    res.onWritable((offset) => this.goOn(answer, offset));
    this.makeRoom(answer);
  }

  close(): void {
    this.stopSweep();
  }

  private goOn(answer: Unread, offset: number): boolean {
    const { res, body, addressKey } = answer;
    const [sent, done] = res.tryEnd(body.subarray(offset), body.byteLength);
    if (done) this.end(answer);
    else {
      const now = res.getWriteOffset();
      this.charge(addressKey, answer.offset - now);
      answer.offset = now;
    }
    return sent;
  }

  private begin(answer: Unread): void {
    const { body, addressKey } = answer;
    this.answers.add(answer);
    const readers = this.readersOf.get(body) ?? 0;
    if (readers === 0) this.held += body.byteLength;
    this.readersOf.set(body, readers + 1);
    this.charge(addressKey, body.byteLength);
  }

  private end(answer: Unread): void {
    const { body, addressKey, offset } = answer;
    if (!this.answers.delete(answer)) return;
    const readers = (this.readersOf.get(body) ?? 1) - 1;
    if (readers > 0) this.readersOf.set(body, readers);
    else {
      this.readersOf.delete(body);
      this.held -= body.byteLength;
    }
    this.charge(addressKey, offset - body.byteLength);
  }

  private charge(addressKey: string | null, bytes: number): void {
    if (addressKey === null) return;
    const unread = (this.byAddress.get(addressKey) ?? 0) + bytes;
    if (unread > 0) this.byAddress.set(addressKey, unread);
    else this.byAddress.delete(addressKey);
  }

  private makeRoom(but: Unread): void {
    for (const answer of this.answers) {
      const full =
        this.held > limits.unreadBodyBytesMax || this.answers.size > limits.unreadAnswersMax;
      if (!full || answer === but) return;
      this.cutOff(answer);
    }
  }

  private sweep(): void {
    const nowMs = this.clock.monotonicMs();
    for (const answer of this.answers) {
      const slowMs = nowMs - answer.sinceMs - limits.unreadGraceMs;
      if (slowMs * limits.unreadBytesPerSecondMin > answer.offset * 1_000) this.cutOff(answer);
    }
  }

  private cutOff(answer: Unread): void {
    this.cut += 1;
    this.end(answer);
    answer.res.close();
  }
}
