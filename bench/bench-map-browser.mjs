/** npm run bench:map-browser: a stadium in a real browser while it sells. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/seat-map/browser/run-browser.js');
process.exitCode = await main(process.argv.slice(2));
