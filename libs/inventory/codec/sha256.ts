/**
 * SHA-256, FIPS PUB 180-4 (August 2015), sections 4.1.2, 5.1.1 and 6.2. The core imports nothing,
 * so it brings its own; checked against the standard's examples in sha256.spec.ts.
 */
const roundConstants = Uint32Array.from(firstPrimes(64), (p) => fractionBits(Math.cbrt(p)));
const initialHash = Uint32Array.from(firstPrimes(8), (p) => fractionBits(Math.sqrt(p)));

/** 64 hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  const hash = initialHash.slice();
  const schedule = new Int32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) compress(hash, schedule, bytes, at);
  const tail = padded(bytes, whole);
  for (let at = 0; at < tail.length; at += 64) compress(hash, schedule, tail, at);
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** The last block or two: a one bit, zeros, the length in bits as a 64-bit number. */
function padded(bytes: Uint8Array, whole: number): Uint8Array {
  const rest = bytes.length - whole;
  const tail = new Uint8Array(rest + 9 > 64 ? 128 : 64);
  tail.set(bytes.subarray(whole));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);
  return tail;
}

function compress(hash: Uint32Array, w: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++) {
    const i = at + t * 4;
    w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
  }
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w[t - 15], w[t - 2]];
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
  }
  let [a, b, c, d] = [hash[0] | 0, hash[1] | 0, hash[2] | 0, hash[3] | 0];
  let [e, f, g, h] = [hash[4] | 0, hash[5] | 0, hash[6] | 0, hash[7] | 0];
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[t] + w[t]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}

/** The first 32 bits of the fractional part. */
function fractionBits(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}
