import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { codeMax, IdKey, wordsOf } from '../state/id-key.js';

/**
 * The ids of a column in a snapshot, as they are packed in memory, without the words at the
 * beginning that all of them have: our own ids of one event differ only behind them.
 *
 *   words in common, those | 1, code of all; or 0, a code each in two bytes | words in all | words
 *
 * IB1  As many words in common as there are: the same ids are the same bytes (G9).
 * IB2  What is read is an id as `IdKey` packs it, or the block is refused: two packed forms of one
 *      text would be two ids (G4).
 */
const [codeEach, codeOfAll] = [0, 1];

/** `load`: the id at a place, in a key that may be the same at each call. */
export function writeIds(to: ByteWriter, count: number, load: (i: number) => IdKey): void {
  const first = new IdKey();
  const codes = new Uint16Array(count);
  let common = 0;
  let words = 0;
  let isOneCode = true;
  for (let i = 0; i < count; i++) {
    const key = load(i);
    if (i === 0) {
      first.load(key.words, 0, key.code);
      common = key.size;
    }
    let same = 0;
    const most = Math.min(common, key.size);
    while (same < most && key.words[same] === first.words[same]) same++;
    common = same;
    words += key.size;
    codes[i] = key.code;
    isOneCode &&= key.code === first.code;
  }
  to.uint(common);
  for (let i = 0; i < common; i++) to.int32(first.words[i]);
  to.byte(isOneCode ? codeOfAll : codeEach);
  if (isOneCode) to.uint(first.code);
  else for (const code of codes) to.int16(code);
  to.uint(words - common * count);
  to.align();
  for (let i = 0; i < count; i++) {
    const key = load(i);
    to.int32s(key.words, common, key.size);
  }
}

/** Reads the ids of such a block one after the other. */
export class IdBlock {
  private readonly key = new IdKey();
  private readonly common: number;
  /** Two bytes each; null: all have the code of `key`. */
  private readonly codes: Uint8Array | null;
  private readonly code: number;
  private readonly words: Int32Array;
  private at = 0;
  private read = 0;

  constructor(
    private readonly from: ByteReader,
    private readonly count: number,
  ) {
    const common = from.size(4);
    if (common > wordsMax) from.fail('not ids');
    this.key.reserve(common);
    from.words(this.key.words, 0, common);
    this.common = common;
    const form = from.byte();
    if (form > codeOfAll) from.fail('not ids');
    this.code = form === codeOfAll ? from.below(codeMax + 1) : 0;
    this.codes = form === codeOfAll ? null : from.part(count * 2);
    const words = from.uint();
    from.align();
    this.words = from.int32s(words);
  }

  /** That the longest id will most likely take; 0 when nobody knows. */
  get idWords(): number {
    return this.codes === null ? Math.min(usualWordsMax, wordsOf(this.code)) : 0;
  }

  /** In a key that is the block's own and changes with the next call. */
  next(): IdKey {
    const { key, codes, common, words, read: i } = this;
    if (i >= this.count) this.from.fail('fewer ids than are named');
    const code = codes === null ? this.code : codes[2 * i] | (codes[2 * i + 1] << 8);
    const size = wordsOf(code);
    const { at } = this;
    if (size < common || size - common > words.length - at) this.from.fail('not an id');
    if (!key.take(words, at, common, code)) this.from.fail('not an id');
    this.at = at + size - common;
    this.read = i + 1;
    return key;
  }

  /** To be called after the last one. */
  end(): void {
    if (this.read !== this.count || this.at !== this.words.length) this.from.fail('not ids');
  }
}

const wordsMax = wordsOf(codeMax);
/** Room is taken for ids up to this length before they are read. */
const usualWordsMax = 16;
