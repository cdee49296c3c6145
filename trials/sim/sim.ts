import { main } from './run-sim.js';

/** Started by trials/sim.mjs. */
process.exitCode = await main(process.argv.slice(2));
