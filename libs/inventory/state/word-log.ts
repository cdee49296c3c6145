const offsetBits = 14;
/** 64 KiB. */
const chunkWordsMax = 1 << offsetBits;
const chunkWordsAtFirst = 64;
/** A log of a MiB and more grows by two: fresh memory costs less in large pieces. */
const chunksBeforeSlabs = 16;
const chunksInSlab = 32;
const none = new Int32Array(0);

/**
 * Entries of words, forgotten in the order in which they were made. They lie in chunks, so the log
 * grows without copying and a chunk is used again when all in it is forgotten. An entry is in one
 * piece; one that is larger than a chunk gets a chunk to itself.
 */
export class WordLog {
  private readonly chunks: Int32Array[] = [];
  private readonly freeChunks: number[] = [];
  private current = -1;
  private used = 0;

  /** Those in use. */
  get chunkCount(): number {
    return this.chunks.length - this.freeChunks.length;
  }

  /** Position of a new entry of at least one word. */
  allocate(size: number): number {
    if (this.current < 0 || this.used + size > this.chunks[this.current].length) this.open(size);
    const position = ((this.current << offsetBits) | this.used) >>> 0;
    this.used += size;
    return position;
  }

  chunkAt(position: number): Int32Array {
    return this.chunks[position >>> offsetBits];
  }

  offsetAt(position: number): number {
    return position & (chunkWordsMax - 1);
  }

  /** Forgets the oldest entry; `next` is the one after it, of which there must be one. */
  forget(oldest: number, next: number): void {
    const chunk = oldest >>> offsetBits;
    if (chunk === next >>> offsetBits) return;
    if (this.chunks[chunk].length !== chunkWordsMax) this.chunks[chunk] = none;
    this.freeChunks.push(chunk);
  }

  private open(size: number): void {
    const before = this.current < 0 ? 0 : this.chunks[this.current].length;
    this.current = this.freeChunks.pop() ?? this.chunks.length;
    this.used = 0;
    const kept = this.chunks[this.current] ?? none;
    if (kept.length >= size && kept.length > 0) return;
    const usual = Math.min(chunkWordsMax, Math.max(chunkWordsAtFirst, before * 2));
    const isNew = this.current === this.chunks.length;
    if (isNew && this.current >= chunksBeforeSlabs && size <= chunkWordsMax) this.openSlab();
    else this.chunks[this.current] = new Int32Array(Math.max(size, usual));
  }

  /** Several chunks at once; the first of them is taken. */
  private openSlab(): void {
    const { chunks, freeChunks } = this;
    const slab = new Int32Array(chunksInSlab * chunkWordsMax);
    for (let at = 0; at < slab.length; at += chunkWordsMax) {
      chunks.push(slab.subarray(at, at + chunkWordsMax));
    }
    for (let i = 1; i < chunksInSlab; i++) freeChunks.push(chunks.length - i);
  }
}
