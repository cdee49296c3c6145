import { randomFillSync } from 'node:crypto';

/** Randomness as a port. `token(n)` is n characters of [a-z0-9], about 5.17 bits each. */
export interface Random {
  token(length: number): string;
  /** Uniform in [0, 1). For jitter, never for ids. */
  fraction(): number;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const pool = new Uint8Array(4096);
let used = pool.length;

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++];
}

/** Rejection sampling: bytes of 252 and above would favour the first letters. */
export const systemRandom: Random = {
  token(length) {
    let text = '';
    while (text.length < length) {
      const byte = nextByte();
      if (byte < 252) text += alphabet[byte % 36];
    }
    return text;
  },
  fraction: () => Math.random(),
};
