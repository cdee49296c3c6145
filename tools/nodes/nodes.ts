import { main } from './run-nodes.js';

/** Started by tools/nodes.mjs. */
process.exitCode = await main(process.argv.slice(2));
