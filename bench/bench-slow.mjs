/** npm run bench:slow: a shard that comes back, and one at half speed, with rebalancing. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/moves/run-slow.js');
process.exitCode = await main(process.argv.slice(2));
