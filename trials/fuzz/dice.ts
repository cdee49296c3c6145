/** Chance that can be repeated: the same seed gives the same throws (Marsaglia's xorshift). */
export class Dice {
  private state: number;

  constructor(seed: number) {
    // Zero is the one state that never changes; near seeds must not look alike.
    this.state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) | 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** A whole number, 0..bound-1. */
  below(bound: number): number {
    return this.next() % bound;
  }

  oneOf<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)];
  }

  /** 32 bits, unsigned. */
  next(): number {
    let { state } = this;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state >>> 0;
  }
}
