import type { AreaFrame, DiffFrame, MapFrame, SnapshotFrame } from '#libs/contracts/live-frames.js';
import type { SaleStatusCode } from '#libs/contracts/wire.js';

export type SeatWord = 'free' | 'held' | 'booked' | 'blocked';
/** What may be shown of a seat: nothing, while nobody knows. */
export type ShownWord = SeatWord | 'unknown';

/** Is told of each seat whose status changed, while the map changes. */
export type SeatListener = (seat: number, before: SeatWord, after: SeatWord) => void;

const letters = 'fhbx';
const words: readonly SeatWord[] = ['free', 'held', 'booked', 'blocked'];
/** A letter of a newer gateway is taken for this one: nobody can buy such a seat here. */
const unknownLetter = words.indexOf('blocked');
/** By the code of a letter: a stadium is 50,000 of them, before anything is on the screen. */
const statusOfCode = new Uint8Array(128).fill(unknownLetter);
for (let at = 0; at < letters.length; at += 1) statusOfCode[letters.charCodeAt(at)] = at;

/**
 * One event's seat map as a client has it, kept up to date by the frames of a live map (G6). It
 * knows nothing of connections: live-connection.ts brings the frames and mends gaps.
 *
 * CM1  A diff is applied when it continues the version the map has, and is of this plan; else
 *      nothing changes and the caller is told: a part of it would be a wrong map of a right
 *      version.
 * CM2  A snapshot replaces everything, whatever its version: the gateway decides who needs one.
 * CM8  While its connection is not live the map stays as it was at its version, and shows no seat
 *      as free or taken: what was free then may be somebody's by now.
 */
export class LiveMap {
  /** null before the first snapshot. */
  version: number | null = null;
  saleStatus: SaleStatusCode | null = null;
  /** Of the layout document whose order of seats this is. */
  layoutHash: string | null = null;
  /** Frames come, and this is how it is now; set by the connection (CM8). */
  fresh = false;
  readonly areas = new Map<string, AreaFrame>();
  /** Per seat its place in `words`. */
  #seats = new Uint8Array(0);
  /** Seats by that place. */
  readonly #counts = [0, 0, 0, 0];

  constructor(private readonly onSeat: SeatListener = () => undefined) {}

  get seatCount(): number {
    return this.#seats.length;
  }

  /** One letter a seat, as in a snapshot. */
  get statuses(): string {
    return Array.from(this.#seats, (status) => letters[status]).join('');
  }

  /** False: a diff that does not continue this map (CM1). */
  apply(frame: MapFrame): boolean {
    if (frame.type === 'snapshot') this.#replace(frame);
    else if (!this.#continues(frame)) return false;
    else this.#change(frame);
    return true;
  }

  /** A seat that the map does not have (yet) is nobody's to buy: blocked. */
  wordOf(seat: number): SeatWord {
    return words[this.#seats[seat]] ?? 'blocked';
  }

  /** CM8 */
  shownWord(seat: number): ShownWord {
    return this.fresh ? this.wordOf(seat) : 'unknown';
  }

  /** The places of all seats in `free, held, booked, blocked`; read it, never write it. */
  get bytes(): Readonly<Uint8Array> {
    return this.#seats;
  }

  count(word: SeatWord): number {
    return this.#counts[words.indexOf(word)];
  }

  #replace(frame: SnapshotFrame): void {
    const { statuses } = frame;
    if (statuses.length !== this.#seats.length) this.#resize(statuses.length);
    for (let seat = 0; seat < statuses.length; seat++) this.#set(seat, statuses.charCodeAt(seat));
    this.areas.clear();
    for (const area of frame.areas) this.areas.set(area.area, area);
    this.saleStatus = frame.sale_status;
    this.layoutHash = frame.layout_hash;
    this.version = frame.version;
  }

  #continues({ from, changes }: DiffFrame): boolean {
    return from === this.version && changes.every(([seat]) => seat < this.#seats.length);
  }

  #change(frame: DiffFrame): void {
    for (const [seat, letter] of frame.changes) this.#set(seat, letter.charCodeAt(0));
    for (const area of frame.areas ?? []) this.areas.set(area.area, area);
    this.saleStatus = frame.sale_status ?? this.saleStatus;
    this.version = frame.to;
  }

  /** Another plan: every seat starts as free. */
  #resize(seatCount: number): void {
    this.#seats = new Uint8Array(seatCount);
    this.#counts.fill(0);
    this.#counts[0] = seatCount;
  }

  #set(seat: number, letterCode: number): void {
    const before = this.#seats[seat];
    const after = statusOfCode[letterCode] ?? unknownLetter;
    if (before === after) return;
    this.#seats[seat] = after;
    this.#counts[before] -= 1;
    this.#counts[after] += 1;
    this.onSeat(seat, words[before], words[after]);
  }
}
