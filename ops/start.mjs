/** npm start: the whole system on one machine. */
import { built, setupOrExit } from './setup.mjs';

await setupOrExit();
const { main } = await built('ops/start/start.js');
await main(process.argv.slice(2));
