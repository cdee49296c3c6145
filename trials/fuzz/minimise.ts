/**
 * The smallest input that still fails in the same way, by cutting ever smaller pieces out and then
 * making single bytes plain (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
 * Input", 2002). At most triesMax runs.
 */
export async function minimised(
  input: Uint8Array,
  fails: (input: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  const take = async (candidate: Uint8Array): Promise<boolean> => {
    if (tries++ >= triesMax || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    let at = 0;
    while (at < best.length && tries < triesMax) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (!(await take(new Uint8Array(without)))) at += size;
    }
  }
  for (let at = 0; at < best.length; at++) {
    if (best[at] === 0x30) continue;
    const plain = best.slice();
    plain[at] = 0x30;
    await take(plain);
  }
  return best;
}

const triesMax = 3_000;
