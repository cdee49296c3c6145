/** npm run sim: whole sales on a virtual clock, with every fault there is, one seed each. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('trials/sim/sim.js');
