import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import { LookWhile } from '#libs/platform/look-while.js';

/** A socket or a stream, as far as it counts here. */
export interface FrameReader {
  /** null: an address without a limit. */
  readonly limitKey: string | null;
  /** Bytes that waited for the network when it was last looked at. */
  buffered: number;
  /** At once, without a word. */
  cutOff: () => void;
}

/**
 * Frames of live maps that were sent and not yet taken by the network, as sums that are kept (G8).
 * A map that is not read stays in memory once for each who does not read it.
 *
 * UF1  At one address at most unreadFramesPerAddressMax wait; who would be sent more is cut, and so
 *      is who has more than his part of it when the sum is over. Who has read everything is sent
 *      what fits his part, whatever his neighbours at the address leave: these parts are at most
 *      unreadFramesPerAddressMax once more.
 * UF2  Over all at most unreadFramesMax wait. Who has most unread is cut, of sockets and streams,
 *      at the next look (every socketLookMs); until then a newcomer is let in beside those who
 *      read nothing, up to twice as much.
 */
export class UnreadFrames {
  bytes = 0;
  cut = 0;
  private readonly waiting = new Set<FrameReader>();
  private readonly byAddress = new Map<string, number>();
  private readonly looks: LookWhile;

  constructor(clock: Clock) {
    this.looks = new LookWhile(clock, limits.socketLookMs, () => this.cutMost());
  }

  /** Whether so many bytes more may be sent to it. An address without any may have one (UF1). */
  admits({ limitKey, buffered }: FrameReader, bytes: number): boolean {
    if (this.bytes + bytes > 2 * limits.unreadFramesMax) return false;
    const unread = limitKey === null ? 0 : this.of(limitKey);
    if (unread === 0 || unread + bytes <= limits.unreadFramesPerAddressMax) return true;
    return buffered === 0 && bytes <= partOfAddress;
  }

  /** So many bytes wait in it now. False: it is to be cut (UF1). */
  note(reader: FrameReader, bytes: number): boolean {
    const change = bytes - reader.buffered;
    if (change !== 0) {
      reader.buffered = bytes;
      if (bytes === 0) this.waiting.delete(reader);
      else this.waiting.add(reader);
      this.bytes += change;
      if (this.bytes > limits.unreadFramesMax) this.looks.wake();
      if (reader.limitKey !== null) this.charge(reader.limitKey, change);
    }
    return bytes === 0 || !this.isTooMuch(reader);
  }

  stopLooking(): void {
    this.looks.rest();
  }

  /** UF2. True: there is still too much. */
  private cutMost(): boolean {
    const most = [...this.waiting].sort((a, b) => b.buffered - a.buffered);
    let over = this.bytes - limits.unreadFramesMax;
    for (const reader of most) {
      if (over <= 0) break;
      over -= reader.buffered;
      this.cut += 1;
      reader.cutOff();
    }
    return this.bytes > limits.unreadFramesMax;
  }

  private isTooMuch({ limitKey, buffered }: FrameReader): boolean {
    if (limitKey === null || buffered <= partOfAddress) return false;
    return this.of(limitKey) > limits.unreadFramesPerAddressMax;
  }

  private of(limitKey: string): number {
    return this.byAddress.get(limitKey) ?? 0;
  }

  private charge(limitKey: string, bytes: number): void {
    const unread = this.of(limitKey) + bytes;
    if (unread > 0) this.byAddress.set(limitKey, unread);
    else this.byAddress.delete(limitKey);
  }
}

const partOfAddress = Math.floor(limits.unreadFramesPerAddressMax / limits.socketsPerAddressMax);
