import { main } from './run-demo.js';

/** Started by trials/demo.mjs. */
process.exitCode = await main(process.argv.slice(2));
