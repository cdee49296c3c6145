/** npm run chaos: everything breaks under real buyers, and an independent check judges. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('trials/chaos/chaos.js');
