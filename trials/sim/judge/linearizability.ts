/**
 * Is there an order of what clients saw of one seat that a seat could have had? Each operation
 * takes effect at one moment between its call and its answer; one without an answer at any later
 * moment, or never. The search of Wing & Gong (1993) with the memory of Lowe (2017): a set of
 * operations that were placed, with the seat's state after them, is looked at once.
 *
 * Trusts no journal. Bounded: a search that grows over its bound says so and proves nothing.
 */
export interface SeatOperation {
  /** For the report. */
  readonly name: string;
  readonly callMs: number;
  /** Infinity: never answered, or something that happens by itself; it need not have happened. */
  readonly answerMs: number;
  /** The state after it, or null where it could not have happened. */
  readonly step: (state: string) => string | null;
  /** It only looked: if it fits now, placing it now loses nothing. */
  readonly looks: boolean;
}

export type Linearized = 'yes' | 'no' | 'too_large';

export const freeSeat = 'free';
const statesMax = 200_000;

export function linearize(operations: readonly SeatOperation[]): Linearized {
  const inOrder = [...operations].sort((a, b) => a.callMs - b.callMs);
  return new Search(inOrder).run();
}

class Search {
  private readonly seen = new Set<string>();
  private readonly placed: Uint8Array;

  constructor(private readonly operations: readonly SeatOperation[]) {
    this.placed = new Uint8Array(operations.length);
  }

  run(): Linearized {
    try {
      return this.from(freeSeat, 0) ? 'yes' : 'no';
    } catch (error) {
      if (error instanceof RangeError) return 'too_large';
      throw error;
    }
  }

  /** Everything before `first` is placed or was passed over. */
  private from(state: string, first: number): boolean {
    const { operations, placed } = this;
    let start = first;
    while (start < operations.length && placed[start] === 1) start += 1;
    const untilMs = this.earliestAnswer(start);
    if (untilMs === Infinity) return true;
    const key = `${state}|${start}|${this.placedAfter(start, untilMs)}`;
    if (this.seen.has(key)) return false;
    if (this.seen.size >= statesMax) throw new RangeError('the search is too large');
    this.seen.add(key);
    const look = this.fittingLook(state, start, untilMs);
    if (look >= 0) return this.placing(look, state, start);
    for (let i = start; i < operations.length && operations[i].callMs <= untilMs; i += 1) {
      if (placed[i] === 1) continue;
      const next = operations[i].step(state);
      if (next !== null && this.placing(i, next, start)) return true;
    }
    return false;
  }

  private placing(index: number, state: string, start: number): boolean {
    this.placed[index] = 1;
    const found = this.from(state, start);
    if (!found) this.placed[index] = 0;
    return found;
  }

  /** Nothing may be placed that was called after this answer: it came after it. */
  private earliestAnswer(start: number): number {
    const { operations, placed } = this;
    let earliestMs = Infinity;
    for (let i = start; i < operations.length && operations[i].callMs <= earliestMs; i += 1) {
      if (placed[i] === 0) earliestMs = Math.min(earliestMs, operations[i].answerMs);
    }
    return earliestMs;
  }

  private fittingLook(state: string, start: number, untilMs: number): number {
    const { operations, placed } = this;
    for (let i = start; i < operations.length && operations[i].callMs <= untilMs; i += 1) {
      if (placed[i] === 0 && operations[i].looks && operations[i].step(state) !== null) return i;
    }
    return -1;
  }

  /** Which of the operations at and after `start` are placed, as text. */
  private placedAfter(start: number, untilMs: number): string {
    const { operations, placed } = this;
    let text = '';
    let last = start;
    for (let i = start; i < operations.length && operations[i].callMs <= untilMs; i += 1) {
      if (placed[i] === 1) text += `${i - last},`;
      if (placed[i] === 1) last = i;
    }
    return text;
  }
}
