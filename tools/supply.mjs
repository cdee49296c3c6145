/**
 * node tools/supply.mjs COMMAND: what Holdfast is made of. `sbom` and `licences` print it,
 * `pin-images` and `pin-uws` write digests into the files that name what is loaded.
 */
import { built, root, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
process.chdir(root);
const { supply } = await built('tools/supply/main.js');
process.exitCode = await supply(process.argv.slice(2));
