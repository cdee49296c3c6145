import { assert } from './assert.js';

const [buffers, bufferBytes] = [12, 8 * 2 ** 20];
/** Small objects between two buffers: 4 MiB, so that 16 MiB lie between two collections. */
const [objects, numbersInObject] = [1_024, 512];

export interface GrowOldOptions {
  /**
   * Writes to both halves of the young generation as well, as far as a recovery will: on a virtual
   * machine the first touch of a page can cost as much as a hold.
   */
  readonly touch: boolean;
  /** Awaited behind each piece of the work. */
  readonly breathe: () => Promise<void>;
}

/**
 * Has the engine collect until what lives now is old, for a process that has just started: the
 * first work that takes much memory otherwise copies all that the start left, in one turn of the
 * loop. An object is old when it has outlived two collections, and there is one for each 32 MB of
 * buffers (of the young generation; newer engines collect everything). They are taken and dropped,
 * and nobody writes to them.
 */
export async function growOld({ touch, breathe }: GrowOldOptions): Promise<void> {
  for (let i = 0; i < buffers; i += 1) {
    assert(new Uint8Array(bufferBytes).length === bufferBytes, 'there is memory');
    if (touch) touchYoung();
    await breathe();
  }
}

function touchYoung(): void {
  for (let i = 0; i < objects; i += 1) {
    assert(new Array<number>(numbersInObject).fill(i).length === numbersInObject, 'as above');
  }
}
