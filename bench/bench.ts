import { main } from './run-bench.js';

/** Started by bench/bench.mjs. */
process.exitCode = await main(process.argv.slice(2));
