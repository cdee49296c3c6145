import type { Proof } from '../shop.js';

/**
 * Works out in the browser which place a draw gave, and checks a proof of it: the same as
 * `holdfastctl room verify` and the script in docs/reference/waiting-room.md, written for what
 * browsers have and sharing no code with the room.
 *
 * CKP1  Each promise is looked at by itself, and what is broken is named.
 * CKP2  What this browser cannot check (signatures, before 2025) is said, not taken for right.
 */
export type Broken = 'receipt' | 'head' | 'tree' | 'entrants' | 'secret' | 'position';

export interface Checked {
  readonly broken: readonly Broken[];
  /** False: this browser cannot. */
  readonly signatures: boolean;
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * `given`: the receipt of then, as this browser kept it; null: it has none. The answer is null
 * where this page cannot check anything: it is not served over TLS.
 */
export async function checkPlace(
  proof: Proof,
  given: string | null = null,
): Promise<Checked | null> {
  // A page that came without TLS has none, whatever the types say.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return null;
  const tools = toolsOf(subtle);
  const entry = await tools.sha(text(`holdfast entry\n${proof.room}\n${idsOf(proof)}`));
  const signed = await signatures(subtle, proof, hexOf(entry));
  const leaf = await tools.sha(bytes(0), entry);
  const checks: readonly (readonly [Broken, boolean])[] = [
    ['receipt', (signed?.receipt ?? true) && (given ?? proof.receipt) === proof.receipt],
    ['head', signed?.heads ?? true],
    ['tree', await isInTree(tools, proof, leaf)],
    ['entrants', await isGrown(tools, proof)],
    ['secret', await isCommitted(tools, proof)],
    ['position', await isDrawn(tools, proof)],
  ];
  const broken = checks.filter(([, holds]) => !holds).map(([what]) => what);
  return { broken, signatures: signed !== null };
}

/** The position that a draw gave to this index; null: this page cannot work it out. */
export async function drawnPosition(drawn: Drawn, index: number): Promise<number | null> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined || index >= drawn.head.size) return null;
  return positionIn(toolsOf(subtle), drawn, index);
}

export interface Drawn {
  readonly secret: string;
  readonly head: Head;
}

interface Tools {
  readonly sha: (...parts: readonly Bytes[]) => Promise<Bytes>;
  readonly keyed: (key: Bytes) => Promise<(message: Bytes) => Promise<Bytes>>;
}

const toolsOf = (subtle: SubtleCrypto): Tools => ({
  sha: async (...parts) => new Uint8Array(await subtle.digest('SHA-256', joined(parts))),
  async keyed(raw) {
    const how = { name: 'HMAC', hash: 'SHA-256' };
    const key = await subtle.importKey('raw', raw, how, false, ['sign']);
    return async (message) => new Uint8Array(await subtle.sign('HMAC', key, message));
  },
});

const idsOf = ({ user_id: user, nonce }: Proof): string => `${user}\n${nonce}`;

/** null: this browser does not know Ed25519. */
async function signatures(subtle: SubtleCrypto, proof: Proof, entry: string) {
  const { room, index, receipt, head, seen = [] } = proof;
  const raw = unhex(proof.verify_key);
  const key = await subtle
    .importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
    .catch(() => null);
  if (key === null) return null;
  const isSigned = (lines: readonly unknown[], signature: string): Promise<boolean> =>
    subtle.verify('Ed25519', key, unhex(signature), text(lines.join('\n')));
  const isHead = ({ size, root, at, final, signature }: Proof['head']): Promise<boolean> =>
    isSigned(['holdfast head', room, size, root, at, final ? 'final' : 'open'], signature);
  const heads = await Promise.all([head, ...seen.map((one) => one.head)].map(isHead));
  return {
    receipt: await isSigned(['holdfast receipt', room, index, entry], receipt),
    heads: heads.every(Boolean),
  };
}

async function isInTree(tools: Tools, { index, head, path }: Proof, leaf: Bytes): Promise<boolean> {
  if (index >= head.size) return false;
  const { now } = await walk(tools, { from: index, last: head.size - 1 }, path, leaf);
  return now === head.root;
}

/** Every head that was seen before is continued by the last one, and no final one is. */
async function isGrown(tools: Tools, { head, seen = [] }: Proof): Promise<boolean> {
  for (const { head: before, path } of seen) {
    if (before.final && before.size !== head.size) return false;
    if (before.size === head.size && before.root !== head.root) return false;
    if (before.size < head.size && !(await isContinued(tools, before, head, path))) return false;
    if (before.size > head.size) return false;
  }
  return true;
}

type Head = Pick<Proof['head'], 'size' | 'root'>;

async function isContinued(tools: Tools, before: Head, head: Head, path: readonly string[]) {
  let [from, last] = [before.size - 1, head.size - 1];
  while (from % 2 === 1) [from, last] = [from >>> 1, last >>> 1];
  const isWhole = Number.isInteger(Math.log2(before.size));
  const [first, ...rest] = [...(isWhole ? [before.root] : []), ...path];
  if (first === undefined) return false;
  const { old, now } = await walk(tools, { from, last }, rest, unhex(first));
  return old === before.root && now === head.root;
}

/** RFC 9162, 2.1: both roots that follow from these hashes, hex; '' where they do not fit. */
async function walk(
  { sha }: Tools,
  { from, last }: { readonly from: number; readonly last: number },
  hashes: readonly string[],
  start: Bytes,
): Promise<{ readonly old: string; readonly now: string }> {
  let [at, end, old, now] = [from, last, start, start];
  for (const hash of hashes) {
    const other = unhex(hash);
    if (at % 2 === 1 || at === end) {
      [old, now] = [await sha(bytes(1), other, old), await sha(bytes(1), other, now)];
      while (at % 2 === 0 && at !== 0) [at, end] = [at >>> 1, end >>> 1];
    } else now = await sha(bytes(1), now, other);
    [at, end] = [at >>> 1, end >>> 1];
  }
  return { old: hexOf(old), now: end === 0 ? hexOf(now) : '' };
}

async function isCommitted(tools: Tools, { secret, commitment, head }: Proof): Promise<boolean> {
  if (secret === null) return true;
  return head.final && hexOf(await tools.sha(unhex(secret))) === commitment;
}

async function isDrawn(tools: Tools, proof: Proof): Promise<boolean> {
  const { secret, head, index, position } = proof;
  if (secret === null) return position === null;
  return index < head.size && (await positionIn(tools, { secret, head }, index)) === position;
}

async function positionIn(tools: Tools, { secret, head }: Drawn, index: number): Promise<number> {
  const seed = await (await tools.keyed(unhex(secret)))(unhex(head.root));
  const mac = await tools.keyed(seed);
  const block = (message: string): Promise<Bytes> => mac(text(message));
  return (head.size <= shuffledMax ? shuffled : walked)(block, head.size, index);
}

const shuffledMax = 4_096;
/** HMAC under the seed of the draw. */
type Block = (message: string) => Promise<Bytes>;

/** Fisher and Yates; each swap by rejection. */
async function shuffled(block: Block, size: number, index: number): Promise<number> {
  const order = Array.from({ length: size }, (_, i) => i);
  const words: number[] = [];
  let blocks = 0;
  for (let i = size - 1; i > 0;) {
    if (words.length === 0) {
      const more = await block(`shuffle ${blocks}`);
      for (let at = 0; at < more.length; at += 4) words.push(numberAt(more, at));
      blocks += 1;
    }
    const word = words.shift() ?? 0;
    if (word >= 2 ** 32 - (2 ** 32 % (i + 1))) continue;
    const other = word % (i + 1);
    [order[i], order[other]] = [order[other], order[i]];
    i -= 1;
  }
  return order[index];
}

/** A Feistel network of 24 rounds, walked until it is inside. */
async function walked(block: Block, size: number, index: number): Promise<number> {
  const side = 2 ** Math.ceil(Math.log2(size) / 2);
  let at = index;
  do {
    let [left, right] = [Math.floor(at / side), at % side];
    for (let round = 0; round < 24; round += 1) {
      const mixed = numberAt(await block(`round ${round} ${right}`), 0);
      [left, right] = [right, (left + mixed) % side];
    }
    at = left * side + right;
  } while (at >= size);
  return at;
}

const bytes = (...values: readonly number[]): Bytes => Uint8Array.from(values);
const encoder = new TextEncoder();
const text = (plain: string): Bytes => encoder.encode(plain);
const unhex = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (some: Bytes): string =>
  Array.from(some, (byte) => byte.toString(16).padStart(2, '0')).join('');
const numberAt = (some: Bytes, at: number): number => new DataView(some.buffer).getUint32(at);

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
