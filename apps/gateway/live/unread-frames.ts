import { limits } from '#libs/contracts/limits.js';

/** A socket or a stream, as far as it counts here. */
export interface FrameReader {
  /** null: an address without a limit. */
  readonly limitKey: string | null;
  /** Bytes that waited for the network when it was last looked at. */
  buffered: number;
}

/**
 * Frames of live maps that were sent and not yet taken by the network, as sums that are kept (G8).
 * A map that is not read stays in memory once for each who does not read it.
 *
 * UF1  At one address at most unreadFramesPerAddressMax wait; who would be sent more is cut, and so
 *      is who has more than his part of it when the sum is over.
 * UF2  Over all at most unreadFramesMax wait; over it, who has more than his part is cut when he is
 *      looked at. While the sum is over, somebody has more than his part.
 */
export class UnreadFrames {
  bytes = 0;
  cut = 0;
  private readonly byAddress = new Map<string, number>();

  /** Whether so many bytes more may be sent to it (UF1). An address without any may have one. */
  admits({ limitKey }: FrameReader, bytes: number): boolean {
    const unread = limitKey === null ? 0 : this.of(limitKey);
    return unread === 0 || unread + bytes <= limits.unreadFramesPerAddressMax;
  }

  /** So many bytes wait in it now. False: it is to be cut. */
  note(reader: FrameReader, bytes: number): boolean {
    const change = bytes - reader.buffered;
    if (change !== 0) {
      reader.buffered = bytes;
      this.bytes += change;
      if (reader.limitKey !== null) this.charge(reader.limitKey, change);
    }
    return bytes === 0 || !this.isTooMuch(reader);
  }

  private isTooMuch({ limitKey, buffered }: FrameReader): boolean {
    if (this.bytes > limits.unreadFramesMax && buffered > partOfAll) return true;
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

const partOfAll = Math.floor(limits.unreadFramesMax / limits.socketsMax);
const partOfAddress = Math.floor(limits.unreadFramesPerAddressMax / limits.socketsPerAddressMax);
