/** npm run bench:edges: the edge over node:http beside uWebSockets.js. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('bench/edges/edges.js');
