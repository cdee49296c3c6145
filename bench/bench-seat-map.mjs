/** npm run bench:seat-map: what drawing and hitting 50,000 seats costs, without a GPU. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/seat-map/run-seat-map.js');
process.exitCode = main();
