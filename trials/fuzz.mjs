/** npm run fuzz: everything that reads bytes from outside, fed with damaged ones. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('trials/fuzz/run-fuzz.js');
process.exitCode = await main(process.argv.slice(2));
