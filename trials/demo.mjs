/** npm run demo: five hundred buyers fight for three hundred seats. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('trials/demo/demo.js');
