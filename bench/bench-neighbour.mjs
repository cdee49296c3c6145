/** npm run bench:neighbour: what one address costs other buyers, whatever it asks. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/neighbour/run-neighbour.js');
process.exitCode = await main(process.argv.slice(2));
