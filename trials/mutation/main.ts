import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';
import { printMessage, printText } from '#ops/system/terminal.js';
import { helpText, parseOptions, type MutationOptions } from './options.js';
import { KeptOutcomes, type Outcome } from './outcome.js';
import { runMutations } from './run-mutations.js';
import { mutationTables, pagePath, withTables } from './table.js';

/** npm run mutation: is there a test for every guard? See options.ts. */
export async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  if (parsed.kind === 'wrong') {
    printMessage(`npm run mutation: ${parsed.message}`);
    return 2;
  }
  if (parsed.kind === 'help') {
    printText(helpText);
    return 0;
  }
  const { options } = parsed;
  if (options.list) {
    options.mutations.forEach(({ name, guard }) => printText(`${name.padEnd(20)} ${guard}`));
    return 0;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return report(options, await run(options));
}

function run({ mutations, jobs, results }: MutationOptions): Promise<readonly Outcome[]> {
  const kept = new KeptOutcomes(projectRoot, results);
  return runMutations({
    project: projectRoot,
    mutations,
    jobs,
    baseline: true,
    kept,
    tell: printText,
  });
}

function report({ markdown, write }: MutationOptions, outcomes: readonly Outcome[]): number {
  const tables = mutationTables(outcomes);
  if (markdown) printText(`\n${tables}`);
  if (write) {
    const page = path.join(projectRoot, pagePath);
    writeFileSync(page, withTables(readFileSync(page, 'utf8'), tables));
  }
  const caught = outcomes.filter(({ verdict }) => verdict === 'caught');
  const survived = outcomes.filter(({ verdict }) => verdict === 'survived');
  const others = outcomes.length - caught.length - survived.length;
  printText(`${caught.length} caught, ${survived.length} survived, ${others} inconclusive`);
  return caught.length === outcomes.length ? 0 : 1;
}
