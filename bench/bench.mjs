/** npm run bench: measured figures, with their baselines in the same run. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('bench/bench.js');
