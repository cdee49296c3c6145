import { assert } from './assert.js';

export interface ByteCacheOptions<Key, Value> {
  /** What may be kept of values that nobody uses. */
  readonly bytesMax: number;
  /** Of a value as it is now; asked again by resize(). */
  readonly bytesOf: (value: Value) => number;
  /** Kept whatever it costs: somebody holds it, and dropping it would free nothing. */
  readonly inUse?: (key: Key, value: Value) => boolean;
  readonly dropped?: (key: Key, value: Value) => void;
}

/**
 * A cache that is bounded by what its values weigh, not by how many they are: one stadium weighs as
 * much as a thousand club nights.
 *
 * BC1  get() is one look into a map and one assignment: it may stand on a hot path.
 * BC2  Over the bound, what was not asked for since it was last passed goes first ("second
 *      chance"), and what is in use not at all. Each add passes each value at most twice.
 * BC3  A value that is heavier than the bound is kept until the next one comes.
 */
export class ByteCache<Key, Value> {
  private readonly cells = new Map<Key, Cell<Value>>();
  private sum = 0;

  constructor(private readonly options: ByteCacheOptions<Key, Value>) {
    assert(options.bytesMax > 0, 'a cache has room');
  }

  get size(): number {
    return this.cells.size;
  }

  get bytes(): number {
    return this.sum;
  }

  get(key: Key): Value | undefined {
    const cell = this.cells.get(key);
    if (cell === undefined) return undefined;
    cell.asked = true;
    return cell.value;
  }

  /** Does not count as asking for it. */
  peek(key: Key): Value | undefined {
    return this.cells.get(key)?.value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    const bytes = this.options.bytesOf(value);
    this.cells.set(key, { value, bytes, asked: false });
    this.sum += bytes;
    this.shrink(this.options.bytesMax, key);
  }

  /** Drops what may be dropped until so many more bytes fit. False: they do not. */
  makeRoom(bytes: number): boolean {
    this.shrink(this.options.bytesMax - bytes);
    return this.sum + bytes <= this.options.bytesMax;
  }

  /** Of all values, with this one as heavy as it has become: what resize() would begin with. */
  bytesWith(key: Key): number {
    const cell = this.cells.get(key);
    return cell === undefined ? this.sum : this.sum + this.options.bytesOf(cell.value) - cell.bytes;
  }

  /** The value has become heavier or lighter. */
  resize(key: Key): void {
    const cell = this.cells.get(key);
    if (cell === undefined) return;
    const bytes = this.options.bytesOf(cell.value);
    this.sum += bytes - cell.bytes;
    cell.bytes = bytes;
    this.shrink(this.options.bytesMax, key);
  }

  delete(key: Key): boolean {
    const cell = this.cells.get(key);
    if (cell === undefined) return false;
    this.cells.delete(key);
    this.sum -= cell.bytes;
    this.options.dropped?.(key, cell.value);
    return true;
  }

  *entries(): Iterable<readonly [Key, Value]> {
    for (const [key, { value }] of this.cells) yield [key, value];
  }

  private shrink(bytesMax: number, but?: Key): void {
    for (let left = this.cells.size * 2; left > 0 && this.sum > bytesMax; left--) {
      const [first] = this.cells;
      const [key, cell] = first;
      const kept = key === but || (this.options.inUse?.(key, cell.value) ?? false);
      if (!kept && !cell.asked) this.delete(key);
      else {
        cell.asked = false;
        this.cells.delete(key);
        this.cells.set(key, cell);
      }
    }
  }
}

interface Cell<Value> {
  readonly value: Value;
  bytes: number;
  asked: boolean;
}
