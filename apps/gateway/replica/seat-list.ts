import type { EventEntry } from '../events/event-book.js';
import { seatsPerBlock, statusNames, type SeatMap } from './seat-map.js';

/**
 * The JSON list of all seats. What never changes of a seat is text already; a block of seats is
 * joined again only when one of them changed, so that a new version of a 50,000-seat map during
 * the rush costs a few blocks and one copy.
 */
export class SeatList {
  private heads: readonly string[] | null = null;
  private tails: readonly string[] = [];
  private readonly blocks: Buffer[] = [];
  private body: Buffer | null = null;
  private version = -1;

  constructor(private readonly entry: EventEntry) {}

  /** Valid for map.version; the same buffer until the version changes. Never written again. */
  of(map: SeatMap): Buffer {
    if (this.body !== null && this.version === map.version) return this.body;
    const heads = this.heads ?? this.prepare();
    const parts: Buffer[] = [Buffer.from('[')];
    for (let block = 0; block < map.dirtyBlocks.length; block++) {
      if (map.dirtyBlocks[block] === 1) {
        this.blocks[block] = this.render(map, block, heads);
        map.dirtyBlocks[block] = 0;
      }
      parts.push(this.blocks[block]);
    }
    parts.push(Buffer.from(']'));
    this.body = Buffer.concat(parts);
    this.version = map.version;
    return this.body;
  }

  private render(map: SeatMap, block: number, heads: readonly string[]): Buffer {
    const end = Math.min(heads.length, (block + 1) * seatsPerBlock);
    let text = '';
    for (let seat = block * seatsPerBlock; seat < end; seat++) {
      text += heads[seat] + statusNames[map.statusOf(seat)] + this.tails[seat];
    }
    return Buffer.from(text);
  }

  private prepare(): readonly string[] {
    const { layout, detail } = this.entry;
    const { categoryOfSeat } = layout.layout;
    const tails = detail.rules.prices.map((price) => `","price":${price}}`);
    this.tails = layout.seats.ids.map((_id, seat) => tails[categoryOfSeat[seat]]);
    this.heads = layout.seats.ids.map((id, seat) => {
      const row = JSON.stringify(layout.rowOf[seat]);
      const number = JSON.stringify(layout.numberOf[seat]);
      const comma = seat === 0 ? '' : ',';
      return `${comma}{"seat_id":${JSON.stringify(id)},"row":${row},"number":${number},"status":"`;
    });
    return this.heads;
  }
}
