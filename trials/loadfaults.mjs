/** npm run loadfaults: overload, slow and dead clients, reconnect storms, checked. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('trials/loadfaults/run-overload.js');
process.exitCode = await main(process.argv.slice(2));
