import { run } from './named.js';

/** Started by bench/bench.mjs. */
process.exitCode = await run(process.argv.slice(2));
