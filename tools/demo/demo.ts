import { main } from './run-demo.js';

/** Started by tools/demo.mjs. */
process.exitCode = await main(process.argv.slice(2));
