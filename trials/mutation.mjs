/** npm run mutation: every guard is taken out once, and a test must notice. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('trials/mutation/main.js');
process.exitCode = await main(process.argv.slice(2));
