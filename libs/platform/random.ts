import { randomFillSync } from 'node:crypto';

/** Randomness as a port. `token(n)` is n characters of [a-z0-9], about 5.17 bits each. */
export interface Random {
  token(length: number): string;
  /** Uniform in [0, 1). For jitter, never for ids. */
  fraction(): number;
}

const alphabet = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789', 'latin1');
const poolLength = 4096;
/** Characters not given out yet, made many at a time: one is then a copy and not a system call. */
let pool = '';
let used = 0;

/** By random byte. Rejection sampling: bytes of 252 and above would favour the first letters. */
const characters = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 252 ? alphabet[byte % alphabet.length] : 0,
);
const bytes = Buffer.alloc(poolLength);

function refill(): void {
  randomFillSync(bytes);
  let length = 0;
  for (let i = 0; i < poolLength; i++) {
    const character = characters[bytes[i]];
    bytes[length] = character;
    if (character !== 0) length += 1;
  }
  pool = bytes.toString('latin1', 0, length);
  used = 0;
}

export const systemRandom: Random = {
  token(length) {
    let text = '';
    while (text.length < length) {
      if (used === pool.length) refill();
      const end = Math.min(pool.length, used + length - text.length);
      text += pool.slice(used, end);
      used = end;
    }
    return text;
  },
  fraction: () => Math.random(),
};
