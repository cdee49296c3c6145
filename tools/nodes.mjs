/** npm run test:nodes: Holdfast on the newest Node of every supported line. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('tools/nodes/nodes.js');
