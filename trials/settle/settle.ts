import { main } from './run-settle.js';

/** Each child has a listener of its own for the end of this process. */
process.setMaxListeners(64);
process.exit(await main(process.argv.slice(2)));
