import { main } from './run-edges.js';

/** Started by bench/bench-edges.mjs. */
process.exitCode = await main(process.argv.slice(2));
