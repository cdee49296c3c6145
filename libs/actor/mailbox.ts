import { assert } from '#libs/platform/assert.js';

/** A bounded queue: full means refused (G8). A ring that grows by doubling up to its bound. */
export class Mailbox<Item> {
  private ring: (Item | undefined)[] = new Array<Item | undefined>(16);
  private head = 0;
  private count = 0;

  constructor(private readonly itemsMax: number) {
    assert(itemsMax >= 1, 'a mailbox needs room for one item');
  }

  get length(): number {
    return this.count;
  }

  /** False when full: the item was not taken. */
  push(item: Item): boolean {
    if (this.count === this.itemsMax) return false;
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = item;
    this.count += 1;
    return true;
  }

  /** The item that waits behind `ahead` others. */
  peek(ahead = 0): Item | undefined {
    if (ahead >= this.count) return undefined;
    return this.ring[(this.head + ahead) & (this.ring.length - 1)];
  }

  shift(): Item | undefined {
    if (this.count === 0) return undefined;
    const item = this.ring[this.head];
    this.ring[this.head] = undefined;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count -= 1;
    return item;
  }

  private grow(): void {
    const bigger = new Array<Item | undefined>(this.ring.length * 2);
    for (let i = 0; i < this.count; i += 1) {
      bigger[i] = this.ring[(this.head + i) & (this.ring.length - 1)];
    }
    this.ring = bigger;
    this.head = 0;
  }
}
