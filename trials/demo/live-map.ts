import type { SeatWord, WatchedFrame } from '#libs/oracle/evidence.js';
import { MapHash } from '#libs/oracle/map-hash.js';

/** The frames of the live map that change it. */
export type MapFrame =
  | { readonly type: 'snapshot'; readonly version: number; readonly statuses: string }
  | {
      readonly type: 'diff';
      readonly from: number;
      readonly to: number;
      readonly changes: readonly (readonly [seat: number, letter: string])[];
    };

const words: Readonly<Record<string, SeatWord>> = {
  f: 'free',
  h: 'held',
  b: 'booked',
  x: 'blocked',
};

/**
 * One client's seat map, folded from the frames just as they come: a diff that does not fit is
 * applied all the same, and left for the independent check to find.
 */
export class LiveMap {
  version = 0;
  readonly frames: WatchedFrame[] = [];
  readonly #words: SeatWord[];
  readonly #hash = new MapHash();
  readonly #counts: Record<SeatWord, number>;

  constructor(private readonly seatIds: readonly string[]) {
    this.#words = seatIds.map(() => 'free');
    this.#counts = { free: seatIds.length, held: 0, booked: 0, blocked: 0 };
  }

  apply(frame: MapFrame, receivedAtMs: number): void {
    const isSnapshot = frame.type === 'snapshot';
    if (isSnapshot) {
      for (let seat = 0; seat < this.seatIds.length; seat++) this.#set(seat, frame.statuses[seat]);
    } else {
      for (const [seat, letter] of frame.changes) this.#set(seat, letter);
    }
    this.version = isSnapshot ? frame.version : frame.to;
    this.frames.push({
      kind: frame.type,
      from: isSnapshot ? frame.version : frame.from,
      to: this.version,
      mapHash: this.#hash.value,
      receivedAtMs,
    });
  }

  wordOf(seat: number): SeatWord {
    return this.#words[seat];
  }

  count(word: SeatWord): number {
    return this.#counts[word];
  }

  /** Seats that are not free. */
  taken(): Map<string, SeatWord> {
    const taken = new Map<string, SeatWord>();
    this.#words.forEach((word, seat) => {
      if (word !== 'free') taken.set(this.seatIds[seat], word);
    });
    return taken;
  }

  #set(seat: number, letter: string): void {
    const before = this.#words[seat];
    const after = words[letter] ?? 'free';
    if (before === after) return;
    this.#hash.change(this.seatIds[seat], before, after);
    this.#words[seat] = after;
    this.#counts[before]--;
    this.#counts[after]++;
  }
}
