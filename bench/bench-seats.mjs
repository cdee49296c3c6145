/** npm run bench:seats: what lists of seats cost a gateway and its other buyers. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/seats/run-seats.js');
process.exitCode = await main(process.argv.slice(2));
