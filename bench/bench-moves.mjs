/** npm run bench:moves: moving, killing and stopping shards under load, measured. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/moves/run-moves.js');
process.exitCode = await main(process.argv.slice(2));
