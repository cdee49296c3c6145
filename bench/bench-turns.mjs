/** npm run bench:turns: the longest turn of a shard's loop while large events come and go. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/turns/run-turns.js');
process.exitCode = await main(process.argv.slice(2));
