import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';

const bufferBytes = 8 * 2 ** 20;
/** Small objects between two buffers: 4 MiB, so that 16 MiB lie between two collections. */
const objects = 1_024;
const numbersInObject = 512;

/**
 * Has the engine collect its young generation until what lives there now is old, and until it has
 * written to both halves of the memory in which a recovery's objects will lie: on a virtual machine
 * the first touch of a page costs as much as a hold. An object is old when it has outlived two
 * collections, and there is one for each 32 MB of buffers. They are taken and dropped; nobody
 * writes to them, so they cost nothing. `breathe` is awaited behind each.
 */
export async function growOld(breathe: () => Promise<void>): Promise<void> {
  for (let bytes = 0; bytes < limits.rehearsalBuffersBytes; bytes += bufferBytes) {
    assert(new Uint8Array(bufferBytes).length === bufferBytes, 'there is memory');
    for (let i = 0; i < objects; i += 1) {
      assert(new Array<number>(numbersInObject).fill(i).length === numbersInObject, 'as above');
    }
    await breathe();
  }
}
