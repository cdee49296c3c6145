#!/usr/bin/env node
/** npx holdfastctl, npm run ctl: the operator's tool. Builds first when the build is stale. */
import { built, setupOrExit } from './setup.mjs';

await setupOrExit();
const { main } = await built('ops/holdfastctl/holdfastctl.js');
await main(process.argv.slice(2));
