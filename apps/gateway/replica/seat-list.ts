import { limits } from '#libs/contracts/limits.js';
import { isForSale } from '#libs/inventory/layout.js';
import { assert } from '#libs/platform/assert.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

import type { EventEntry } from '../events/event-book.js';
import { seatRowsOf, type SeatRows } from './seat-rows.js';
import { statusLetters } from './seat-map.js';

/** By SeatStatus: what buyers read. */
export const seatStatusWords = ['AVAILABLE', 'HELD', 'BOOKED', 'BLOCKED'] as const;

/**
 * The words as they stand in a row, all of one length: JSON lets spaces follow a value. So a seat's
 * status is always at the same place, and a change overwrites eleven bytes; compressed, the spaces
 * are nothing.
 */
const slotBytes = Math.max(...seatStatusWords.map((word) => word.length)) + 2;
const words = seatStatusWords.map((word) => Buffer.from(`"${word}"`.padEnd(slotBytes)));
/** ASCII letter of a seat map to its word. */
const wordOfLetter: Buffer[] = [];
statusLetters.forEach((letter, status) => (wordOfLetter[letter.charCodeAt(0)] = words[status]));

/** A row is no shorter. */
export const listBytesMin = 80;

const empty = Buffer.from('[]\n');
const close = Buffer.from('\n]\n');

/**
 * The JSON list of all seats of one event at any state of its map.
 *
 * SL1  No turn of the loop has more of it than its share: rows are made, statuses filled in and
 *      bytes copied in pieces, however many seats there are.
 * SL2  A list is of exactly the statuses it was asked for, whatever changes meanwhile: one is made
 *      after the other, from a copy that the caller does not write to.
 *
 * The list as it was last asked for stays as a draft: the next one costs its changes, and a copy
 * where the bytes must outlive it.
 */
export class SeatList {
  private draft: Draft | null = null;
  private asked = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly entry: EventEntry,
    private readonly share: LoopShare,
  ) {}

  /** Bytes that stay between two lists. */
  get bytes(): number {
    return this.draft === null ? 0 : this.draft.body.byteLength * 2;
  }

  /** There is a draft, or will be in a moment: the next list costs its changes. */
  get begun(): boolean {
    return this.asked;
  }

  /**
   * The list at these statuses, in bytes of its own. `letters`: one ASCII letter a seat; the caller
   * does not write to them any more.
   */
  render(letters: Uint8Array): Promise<Buffer> {
    return this.at(letters, (body) => this.copy(body));
  }

  /** The same for who is through with the bytes when its promise resolves: they are the draft's. */
  at<Result>(letters: Uint8Array, use: (body: Buffer) => Promise<Result>): Promise<Result> {
    this.asked = true;
    const used = this.last.then(async () => use(await this.filled(letters)));
    this.last = used.catch(() => undefined);
    return used;
  }

  /** Nobody asked for a while: the next list is begun from the start. */
  forget(): void {
    this.draft = null;
    this.asked = false;
  }

  private async filled(letters: Uint8Array): Promise<Buffer> {
    assert(letters.length === this.entry.layout.layout.seatCount, 'a letter for each seat');
    if (letters.length === 0) return empty;
    const draft = (this.draft ??= await this.begin());
    await this.fill(draft, letters);
    return draft.body;
  }

  private async begin(): Promise<Draft> {
    const { layout, detail } = this.entry;
    const { seatCount, categoryOfSeat } = layout.layout;
    const rows = await seatRowsOf(layout, this.share);
    const tails = detail.rules.prices.map((price) =>
      Buffer.from(`,"price":${isForSale(price) ? price : 'null'}}`),
    );
    let bytes = rows.heads.byteLength + close.byteLength;
    for (let seat = 0; seat < seatCount; seat++) {
      if (seat % scannedAtOnce === 0) await this.spend(scannedUnits);
      bytes += slotBytes + tails[categoryOfSeat[seat]].byteLength;
    }
    const body = Buffer.allocUnsafeSlow(bytes);
    const slots = new Uint32Array(seatCount);
    let at = 0;
    for (let seat = 0; seat < seatCount; seat++) {
      if (seat % limits.rowsAtOnce === 0) await this.spend(limits.rowsAtOnce / 4);
      at += rows.heads.copy(body, at, seat === 0 ? 0 : rows.ends[seat - 1], rows.ends[seat]);
      slots[seat] = at;
      at += slotBytes;
      at += tails[categoryOfSeat[seat]].copy(body, at);
    }
    close.copy(body, at);
    // No letter is 0: the first list fills in every status.
    return { rows, body, slots, letters: new Uint8Array(seatCount) };
  }

  private async fill(draft: Draft, letters: Uint8Array): Promise<void> {
    const { body, slots, letters: shown } = draft;
    let patched = 0;
    for (let seat = 0; seat < letters.length; seat++) {
      if (seat % scannedAtOnce === 0) await this.spend(scannedUnits);
      if (shown[seat] === letters[seat]) continue;
      shown[seat] = letters[seat];
      body.set(wordOfLetter[letters[seat]], slots[seat]);
      patched += 1;
      if (patched % patchedAtOnce === 0) await this.spend(patchedUnits);
    }
  }

  private async copy(body: Buffer): Promise<Buffer> {
    const copy = Buffer.allocUnsafeSlow(body.byteLength);
    for (let at = 0; at < body.byteLength; at += copiedAtOnce) {
      await this.spend(copiedAtOnce / limits.rowBytesPerUnit);
      body.copy(copy, at, at, at + copiedAtOnce);
    }
    return copy;
  }

  private async spend(units: number): Promise<void> {
    if (!this.share.spend(units)) await this.share.turn();
  }
}

const scannedAtOnce = 16_384;
const scannedUnits = 32;
const patchedAtOnce = 1_024;
const patchedUnits = patchedAtOnce / limits.rowPatchesPerUnit;
const copiedAtOnce = 128 * 1024;

interface Draft {
  /** Kept so that other events of the plan find them. */
  readonly rows: SeatRows;
  readonly body: Buffer;
  /** Where the status of a seat stands in the body. */
  readonly slots: Uint32Array;
  /** The statuses that stand there. */
  readonly letters: Uint8Array;
}
