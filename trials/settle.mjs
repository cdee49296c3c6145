/** npm run settle: whatever goes wrong at the provider, money and seats agree in the end. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
await built('trials/settle/settle.js');
