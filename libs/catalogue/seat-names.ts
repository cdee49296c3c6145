import { limits } from '#libs/contracts/limits.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

import { isPlainJson } from './plain-json.js';

/**
 * Public seat ids to seat indexes and back, for the edge: a hold names its seats by their ids.
 *
 * SN1  An id is found by its UTF-8 bytes as they stand in a request, without a string being made of
 *      them, and only by an exact comparison of all bytes; the hash only says where to look.
 * SN2  Built once a plan. Ids are unique, which the import has checked.
 *
 * Open addressing with linear probing, at most half full: a cell is the hash and the index side by
 * side, so that a miss costs one cache line and a hit three. A Map of the same 200,000 ids was 4 %
 * of a gateway's time, and the strings that it needs another 5 %.
 */
export class SeatNames {
  /** Index to id. */
  readonly ids: readonly string[];
  /** Hash and index + 1, in turn; 0 is an empty cell. */
  private readonly cells: Int32Array;
  private readonly mask: number;
  private readonly bytes: Buffer;
  /** Where the id of a seat begins in `bytes`; one more says where the last one ends. */
  private readonly starts: Uint32Array;
  /** No id has a character that JSON would escape. */
  private readonly plain: boolean;

  /** `filled` false: by inPieces(), which does it itself. */
  constructor(ids: readonly string[], filled = true) {
    this.ids = ids;
    const all = ids.join('');
    this.bytes = Buffer.from(all, 'utf8');
    this.starts = new Uint32Array(ids.length + 1);
    this.plain = isPlainJson(all);
    const cellCount = 2 ** Math.ceil(Math.log2(Math.max(4, ids.length * 2)));
    this.cells = new Int32Array(cellCount * 2);
    this.mask = cellCount - 1;
    if (filled) ids.forEach((id, seat) => this.place(id, seat));
  }

  /** The same, without stopping the loop for a large plan. */
  static async inPieces(ids: readonly string[], share: LoopShare): Promise<SeatNames> {
    const names = new SeatNames(ids, false);
    for (let seat = 0; seat < ids.length; seat++) {
      const begins = seat % limits.rowsAtOnce === 0;
      if (begins && !share.spend(limits.rowsAtOnce / 2)) await share.turn();
      names.place(ids[seat], seat);
    }
    return names;
  }

  /** -1: no seat has this id. */
  find(id: string): number {
    const bytes = Buffer.from(id, 'utf8');
    return this.findBytes(bytes, 0, bytes.length);
  }

  /** The same for an id that stands in `bytes`, from `from` up to before `to`. */
  findBytes(bytes: Uint8Array, from: number, to: number): number {
    const { cells, mask } = this;
    const hash = hashOf(bytes, from, to);
    for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
      const seat = cells[cell * 2 + 1] - 1;
      if (seat === -1) return -1;
      if (cells[cell * 2] === hash && this.isAt(seat, bytes, from, to)) return seat;
    }
  }

  /** The id of a seat as a JSON string. */
  json(seat: number): string {
    const id = this.ids[seat];
    return this.plain ? `"${id}"` : JSON.stringify(id);
  }

  private place(id: string, seat: number): void {
    const { cells, mask, starts } = this;
    const end = starts[seat] + Buffer.byteLength(id, 'utf8');
    starts[seat + 1] = end;
    const hash = hashOf(this.bytes, starts[seat], end);
    let cell = hash & mask;
    while (cells[cell * 2 + 1] !== 0) cell = (cell + 1) & mask;
    cells[cell * 2] = hash;
    cells[cell * 2 + 1] = seat + 1;
  }

  private isAt(seat: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[seat];
    if (this.starts[seat + 1] - start !== to - from) return false;
    const own = this.bytes;
    for (let i = from, j = start; i < to; i++, j++) if (bytes[i] !== own[j]) return false;
    return true;
  }
}

/** FNV-1a with the finalizer of MurmurHash3: ids of one plan differ in their last characters. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
