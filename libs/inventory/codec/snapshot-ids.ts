import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { codeMax, IdKey, wordsOf } from '../state/id-key.js';

/**
 * A run of ids in a snapshot: packed words as they are in memory, without the words at the
 * beginning that the id before has as well. Our own ids of one event differ only behind them.
 *
 *   words in common << 1 (+ 1: the code follows), code?, words
 */
const newCode = 1;
const commonMax = 0x3f;

export class IdRunWriter {
  private readonly last = new IdKey();

  write(to: ByteWriter, key: IdKey): void {
    const before = this.last;
    const most = Math.min(commonMax, key.size, before.size);
    let common = 0;
    while (common < most && key.words[common] === before.words[common]) common++;
    const changed = key.code === before.code ? 0 : newCode;
    to.byte((common << 1) | changed);
    if (changed === newCode) to.uint(key.code);
    for (let i = common; i < key.size; i++) to.int32(key.words[i]);
    before.load(key.words, 0, key.code);
  }
}

export class IdRunReader {
  private readonly key = new IdKey();

  /** The next id of the run, in a key that is this run's own and changes with the next call. */
  read(from: ByteReader): IdKey {
    const { key } = this;
    const head = from.byte();
    const common = head >>> 1;
    if (common > key.size) from.fail('an id without a beginning');
    const code = (head & 1) === newCode ? from.below(codeMax + 1) : key.code;
    const size = code === key.code ? key.size : wordsOf(code);
    if (size < common || (size - common) * 4 > from.left) from.fail('not an id');
    key.reserve(size);
    from.words(key.words, common, size);
    key.loaded(code, size);
    if (!key.isSound) from.fail('not an id');
    return key;
  }
}
