/** npm run attack: every route by everybody, and tries that no caller should get through with. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('trials/attack/run-attack.js');
process.exitCode = await main(process.argv.slice(2));
