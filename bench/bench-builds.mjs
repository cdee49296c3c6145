/** npm run bench:builds: what a hold costs in this build and in another, in turn. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('bench/builds/run-builds.js');
process.exitCode = await main(process.argv.slice(2));
