import os from 'node:os';

/**
 * Node flags of the processes that allocate for every request. V8 sizes its heap for small
 * programs: at tens of thousands of holds a second what a request allocates is copied before it can
 * die (a young generation of 16 MiB), and the whole heap is marked several times a second. The
 * latter because V8 counts the bytes of buffers as old from the first: with 26 MiB of live objects
 * it allows 8 MiB of frames between two full collections, a quarter of a second's.
 *
 * 64 MiB took the core's median from 0.49 to 0.61 million decisions per CPU second, in interleaved
 * runs; it costs up to 192 MiB of memory a process. The old space of 256 MiB is a floor for the
 * limit, not memory that is taken: it took 40 % of a shard's CPU per hold away.
 */
export const runtimeFlags = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--initial-old-space-size=256',
] as const;

/**
 * Environment of a shard: memory that malloc takes from the system in large pieces may come in huge
 * pages. A take-over reads and unpacks megabytes into memory that was never used before, and on a
 * virtual machine the first touch of each 4 KiB costs as much as a hold. Other C libraries ignore
 * it, and so does a kernel without transparent huge pages.
 */
export const shardEnvironment = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' } as const;

/**
 * Environment of our own NATS server. It has a few hundred large messages a second to pass on:
 * Go's threads, one a core, spend much of their time in waking each other. On two cores, one thread
 * in place of two took a third of its CPU per hold away, in interleaved runs.
 */
export const natsEnvironment = (cores: number = os.availableParallelism()) => ({
  GOMAXPROCS: String(Math.max(1, Math.floor(cores / 4))),
});
