import { limits } from '#libs/contracts/limits.js';
import type { HoldId } from '#libs/inventory/inventory.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

/**
 * Which holds an event knows, in four bytes each: enough to tell a stranger that the hold he made
 * up is not one, without the event.
 *
 * HM1  An id that is in it is always found. Another is taken for one of them with a chance of their
 *      number in 2^32, which costs no more than asking the event.
 */
export class HoldMarks {
  private constructor(private readonly marks: Uint32Array) {}

  /** Made in pieces: a sold event remembers tens of thousands. */
  static async of(holdIds: Iterable<HoldId>, share: LoopShare): Promise<HoldMarks> {
    const marks: number[] = [];
    for (const holdId of holdIds) {
      marks.push(markOf(holdId));
      const piece = marks.length % limits.loopEntriesAtOnce === 0;
      if (piece && !share.spend(limits.loopEntriesAtOnce)) await share.turn();
    }
    return new HoldMarks(Uint32Array.from(marks).sort());
  }

  get bytes(): number {
    return this.marks.byteLength;
  }

  mayHave(holdId: HoldId): boolean {
    const { marks } = this;
    const mark = markOf(holdId);
    let [from, to] = [0, marks.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (marks[middle] < mark) from = middle + 1;
      else to = middle;
    }
    return marks[from] === mark;
  }
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits, over the characters of an id, which are ASCII. */
function markOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
