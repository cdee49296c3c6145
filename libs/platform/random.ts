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

/** Rejection sampling: bytes of 252 and above would favour the first letters. */
function refill(): void {
  const bytes = randomFillSync(new Uint8Array(poolLength));
  let length = 0;
  for (const byte of bytes) if (byte < 252) bytes[length++] = alphabet[byte % alphabet.length];
  pool = Buffer.from(bytes.buffer, 0, length).toString('latin1');
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
