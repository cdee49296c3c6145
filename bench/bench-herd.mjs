/** npm run bench:herd: a shard with thousands of events is killed; who is back when? */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/moves/run-herd.js');
process.exitCode = await main(process.argv.slice(2));
