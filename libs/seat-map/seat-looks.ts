/**
 * What each seat is shown as, in one byte: what the live map says of it, or that nobody knows, or
 * that it is the buyer's own choice. The pages draw from this and from nothing else.
 *
 * LK1  While the live map is not fresh every seat is `unknown`, own choices too: never a green seat
 *      that may be gone.
 * LK2  A list of changes has every seat whose look is another one than when it was taken last,
 *      once; at first it has all of them.
 * LK3  A free seat that this buyer cannot have (kept for wheelchair users) is shown as blocked, and
 *      one that is not as he wishes as aside.
 */
export const looks = ['free', 'held', 'booked', 'blocked', 'unknown', 'mine', 'aside'] as const;
export type Look = (typeof looks)[number];

/** Places in `looks`; the first four are those of a live map's bytes. */
export const look = {
  free: 0,
  held: 1,
  booked: 2,
  blocked: 3,
  unknown: 4,
  mine: 5,
  aside: 6,
} as const;

/** What one who follows the looks has to do anew. */
export class LookChanges {
  readonly #seats: Uint32Array;
  readonly #marked: Uint8Array;
  #count: number;

  constructor(seatCount: number) {
    this.#seats = Uint32Array.from({ length: seatCount }, (_none, seat) => seat);
    this.#marked = new Uint8Array(seatCount).fill(1);
    this.#count = seatCount;
  }

  add(seat: number): void {
    if (this.#marked[seat] === 1) return;
    this.#marked[seat] = 1;
    this.#seats[this.#count++] = seat;
  }

  /** LK2; a view that the next change reuses. */
  take(): Uint32Array {
    const taken = this.#seats.subarray(0, this.#count);
    for (const seat of taken) this.#marked[seat] = 0;
    this.#count = 0;
    return taken;
  }
}

export class SeatLooks {
  /** Per seat its place in `looks`; read it, never write it. */
  readonly bytes: Uint8Array;
  readonly #statuses: Uint8Array;
  readonly #mine: Uint8Array;
  readonly #freeAs: Uint8Array;
  readonly #followers: LookChanges[] = [];
  #fresh = false;

  constructor(readonly seatCount: number) {
    this.bytes = new Uint8Array(seatCount).fill(look.unknown);
    this.#statuses = new Uint8Array(seatCount).fill(look.blocked);
    this.#mine = new Uint8Array(seatCount);
    this.#freeAs = new Uint8Array(seatCount);
  }

  lookOf(seat: number): Look {
    return looks[this.bytes[seat]];
  }

  /** Of one seat, from the live map: 0 to 3. */
  setStatus(seat: number, status: number): void {
    this.#statuses[seat] = status;
    this.#update(seat);
  }

  /** Of all seats, after a snapshot or when the connection became live or ceased to be. */
  setAll(statuses: Readonly<Uint8Array>, fresh: boolean): void {
    this.#fresh = fresh;
    const count = Math.min(statuses.length, this.seatCount);
    for (let seat = 0; seat < count; seat += 1) this.#statuses[seat] = statuses[seat];
    for (let seat = 0; seat < this.seatCount; seat += 1) this.#update(seat);
  }

  /** What the buyer has chosen or holds. */
  setMine(seats: Iterable<number>): void {
    const before = this.#mine.slice();
    this.#mine.fill(0);
    for (const seat of seats) this.#mine[seat] = 1;
    before.forEach((was, seat) => was !== this.#mine[seat] && this.#update(seat));
  }

  /** As what each seat is shown when it is free: `free`, `blocked` or `aside` (LK3). */
  setFreeAs(shown: Readonly<Uint8Array>): void {
    for (let seat = 0; seat < this.seatCount; seat += 1) {
      if (this.#freeAs[seat] === shown[seat]) continue;
      this.#freeAs[seat] = shown[seat];
      this.#update(seat);
    }
  }

  /** A list of its own for each who draws or counts seats, for as long as the looks are there. */
  follow(): LookChanges {
    const changes = new LookChanges(this.seatCount);
    this.#followers.push(changes);
    return changes;
  }

  #update(seat: number): void {
    const status = this.#statuses[seat];
    const others = status === look.free ? this.#freeAs[seat] : status;
    const shown = this.#mine[seat] === 1 ? look.mine : others;
    const now = this.#fresh ? shown : look.unknown;
    if (this.bytes[seat] === now) return;
    this.bytes[seat] = now;
    for (const changes of this.#followers) changes.add(seat);
  }
}
