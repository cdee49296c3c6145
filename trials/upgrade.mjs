/** npm run upgrade: one release replaces another and back, a process at a time, under buyers. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('trials/upgrade/upgrade.js');
