import { describe, expect, it } from '@jest/globals';
import { Batcher } from './batcher.js';
import type { BatchStore, Hold, SingleStore } from './hold-store.js';
import { wrongWith, type Receipts } from './oracle.js';
import { actorWithoutJournal, sellsTwice } from './stores/memory.js';

const event = 1;
const seats = 50;
const buyers = 4;

/** Every buyer wants every seat, all at once. */
async function rush(store: SingleStore): Promise<{ receipts: Receipts; held: number }> {
  await store.addEvent(event, seats);
  const wanted = Array.from({ length: seats * buyers }, (_, n): Hold => {
    return { event, seat: n % seats, buyer: Math.floor(n / seats), command: `c${n}` };
  });
  const answers = await Promise.all(wanted.map(async (hold) => store.hold(hold)));
  const sold = wanted.filter((_, n) => answers[n]).map(({ seat }) => seat);
  const total = {
    accepted: sold.length,
    refused: wanted.length - sold.length,
    errors: 0,
    timeouts: 0,
  };
  const receipts = { total, acceptedTwice: sold.length - new Set(sold).size };
  return { receipts, held: await store.held(event) };
}

describe('The oracle of the peers', () => {
  it('finds the peer out that looks and then takes', async () => {
    const { receipts, held } = await rush(sellsTwice());
    const [twice, kept] = wrongWith(receipts, held);
    expect(twice).toBe('150 seats were sold to two buyers');
    expect(kept).toBe('200 acknowledged, only 50 kept');
  });

  it('finds nothing wrong with the actor, which decides once', async () => {
    const { receipts, held } = await rush(actorWithoutJournal());
    expect(receipts.total).toMatchObject({ accepted: seats, refused: seats * (buyers - 1) });
    expect(wrongWith(receipts, held)).toEqual([]);
  });

  it('allows for requests without an answer, and for no hold beyond them', () => {
    const total = { accepted: 10, refused: 3, errors: 1, timeouts: 1 };
    const receipts = { total, acceptedTwice: 0 };
    expect(wrongWith(receipts, 10)).toEqual([]);
    expect(wrongWith(receipts, 12)).toEqual([]);
    expect(wrongWith(receipts, 9)).toEqual(['10 acknowledged, only 9 kept']);
    expect(wrongWith(receipts, 13)).toEqual(['13 kept, only 10 acknowledged']);
    expect(wrongWith(receipts, null)).toEqual([]);
  });
});

describe('The batcher of the peers', () => {
  const hold = (seat: number): Hold => ({ event, seat, buyer: 1, command: `c${seat}` });

  function recorded(holdAll: BatchStore['holdAll']) {
    const sizes: number[] = [];
    const store = {
      holdAll: (holds: readonly Hold[]) => {
        sizes.push(holds.length);
        return holdAll(holds);
      },
    };
    return { sizes, store };
  }

  it('sends the holds of a tick together, and what came meanwhile as the next batch', async () => {
    const release: (() => void)[] = [];
    const { sizes, store } = recorded(async (holds) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return holds.map(({ seat }) => seat % 2 === 0);
    });
    const batcher = new Batcher(store, 1);
    const first = [hold(0), hold(1), hold(2)].map((one) => batcher.hold(one));
    await new Promise((resolve) => setImmediate(resolve));
    const second = [hold(3), hold(4)].map((one) => batcher.hold(one));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sizes).toEqual([3]);
    release[0]();
    expect(await Promise.all(first)).toEqual([true, false, true]);
    await new Promise((resolve) => setImmediate(resolve));
    release[1]();
    expect(await Promise.all(second)).toEqual([false, true]);
    expect(sizes).toEqual([3, 2]);
  });

  it('bounds a batch, and fails the holds of a batch that fails, and no others', async () => {
    let calls = 0;
    const { sizes, store } = recorded((holds) =>
      ++calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve(holds.map(() => true)),
    );
    const batcher = new Batcher(store, 2, 2);
    const settled = await Promise.allSettled([0, 1, 2, 3].map((seat) => batcher.hold(hold(seat))));
    expect(sizes).toEqual([2, 2]);
    expect(settled.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });
});
