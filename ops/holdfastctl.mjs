#!/usr/bin/env node
/**
 * The operator's tool, as it is shipped: it never installs and never builds, for what runs beside
 * it runs from the same files. In a clone, `npm run ctl` builds first.
 */
import { existsSync } from 'node:fs';

const program = new URL('../dist/ops/holdfastctl/holdfastctl.js', import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  await main(process.argv.slice(2));
} else {
  process.stderr.write('holdfastctl: not built yet: run "npm run build" once\n');
  process.exitCode = 1;
}
