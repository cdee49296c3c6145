import type { PublicLayout } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { LoopShare } from '#libs/platform/loop-share.js';

/**
 * What never changes of each seat's row in the list, as bytes: everything up to its status. Made
 * once a plan, in pieces, and shared by all events that are played there.
 */
export interface SeatRows {
  /** The beginnings of all rows, one after the other. */
  readonly heads: Buffer;
  /** Where the beginning of a seat's row ends; the next one starts there. */
  readonly ends: Uint32Array;
}

/** Held by those who use them: a plan that nobody lists any more has none. */
const known = new WeakMap<PublicLayout, WeakRef<SeatRows>>();
const making = new WeakMap<PublicLayout, Promise<SeatRows>>();

export function seatRowsOf(layout: PublicLayout, share: LoopShare): Promise<SeatRows> {
  const rows = known.get(layout)?.deref();
  if (rows !== undefined) return Promise.resolve(rows);
  const running = making.get(layout);
  if (running !== undefined) return running;
  const make = makeRows(layout, share).finally(() => making.delete(layout));
  making.set(layout, make);
  return make;
}

async function makeRows(layout: PublicLayout, share: LoopShare): Promise<SeatRows> {
  const { seatCount } = layout.layout;
  const ends = new Uint32Array(seatCount);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (let from = 0; from < seatCount; from += limits.rowsAtOnce) {
    const to = Math.min(seatCount, from + limits.rowsAtOnce);
    if (!share.spend(to - from)) await share.turn();
    let text = '';
    let row = -1;
    let ofRow = '';
    for (let seat = from; seat < to; seat++) {
      if (layout.layout.rowOfSeat[seat] !== row) {
        row = layout.layout.rowOfSeat[seat];
        ofRow = rowText(layout, seat);
      }
      const head = headOf(layout, seat, ofRow);
      text += head;
      bytes += Buffer.byteLength(head);
      ends[seat] = bytes;
    }
    pieces.push(Buffer.from(text));
  }
  const heads = Buffer.allocUnsafeSlow(bytes);
  let at = 0;
  for (const piece of pieces) {
    if (!share.spend(piece.byteLength / limits.rowBytesPerUnit)) await share.turn();
    at += piece.copy(heads, at);
  }
  const rows = { heads, ends };
  known.set(layout, new WeakRef(rows));
  return rows;
}

function rowText({ layout, rowOf }: PublicLayout, seat: number): string {
  const section = layout.sections[layout.sectionOfRow[layout.rowOfSeat[seat]]];
  return `"section":${JSON.stringify(section)},"row":${JSON.stringify(rowOf[seat])}`;
}

function headOf({ seats, numberOf, labels }: PublicLayout, seat: number, ofRow: string): string {
  const before = `${seat === 0 ? '[' : ','}\n{"seat_id":${seats.json(seat)},${ofRow}`;
  const number = JSON.stringify(numberOf[seat]);
  return `${before},"number":${number},"label":${JSON.stringify(labels.of(seat))},"status":`;
}
