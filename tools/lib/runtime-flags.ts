/**
 * Node flags of the processes that allocate for every request. V8 sizes its young generation for
 * small programs (16 MiB): at tens of thousands of holds a second what a request allocates is
 * copied before it can die. 64 MiB took the core's median from 0.49 to 0.61 million decisions per
 * CPU second in interleaved runs; it costs up to 192 MiB of memory a process.
 */
export const runtimeFlags = ['--min-semi-space-size=64', '--max-semi-space-size=64'] as const;
