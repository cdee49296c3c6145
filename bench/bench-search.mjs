/** npm run bench:search: how long searches take in a large catalogue. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/search/run-search.js');
process.exitCode = await main(process.argv.slice(2));
