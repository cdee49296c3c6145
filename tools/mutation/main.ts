import { writeFileSync } from 'node:fs';
import { markdownTable } from '../generate/markdown-table.js';
import { projectRoot } from '../lib/paths.js';
import { mutations } from './all.js';
import type { Mutation } from './mutation.js';
import { runSpecs, type SpecOutcome } from './run-specs.js';
import { MutationTree } from './tree.js';

/**
 * npm run mutation: takes each guard out in turn, in a copy of the project, and runs the specs that
 * must notice. A guard that nothing misses is a survivor, and the command fails.
 *
 *   npm run mutation                      all of them
 *   npm run mutation -- WORD...           those whose name contains a word
 *   npm run mutation -- --list            their names
 *   npm run mutation -- --report FILE     the table goes to a file as well
 */
const timeoutMs = 90_000;

interface Result extends SpecOutcome {
  readonly mutation: Mutation;
}

export async function main(args: readonly string[]): Promise<number> {
  const { words, report, list } = parse(args);
  const wanted = mutations.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (list) {
    wanted.forEach(({ name, guard }) => process.stdout.write(`${name.padEnd(20)} ${guard}\n`));
    return 0;
  }
  if (wanted.length === 0) throw new Error(`no mutation is called ${words.join(' or ')}`);
  const tree = new MutationTree(projectRoot);
  process.once('exit', () => tree.remove());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  if (!(await baselinePasses(tree, wanted))) return 1;
  const results: Result[] = [];
  for (const mutation of wanted) results.push(await tryOne(tree, mutation));
  return tell(results, report);
}

/** Without a mutation everything passes, or a failure would prove nothing. */
async function baselinePasses(tree: MutationTree, wanted: readonly Mutation[]): Promise<boolean> {
  const runs = new Map(
    wanted.map(({ specs, tests }) => [`${specs.join()} ${tests}`, { specs, tests }]),
  );
  for (const { specs, tests } of runs.values()) {
    const { failed, testsRun } = await runSpecs(tree.root, { specs, tests, timeoutMs });
    if (failed === null && testsRun > 0) continue;
    process.stdout.write(`without any mutation, ${specs.join(', ')}: ${failed ?? 'no test ran'}\n`);
    return false;
  }
  return true;
}

async function tryOne(tree: MutationTree, mutation: Mutation): Promise<Result> {
  const { specs, tests } = mutation;
  const outcome = await tree.with(mutation, () => runSpecs(tree.root, { specs, tests, timeoutMs }));
  const verdict = outcome.failed === null ? 'SURVIVED' : 'caught by';
  const seconds = outcome.seconds.toFixed(1).padStart(5);
  process.stdout.write(
    `${seconds} s  ${mutation.name.padEnd(20)} ${verdict} ${outcome.failed ?? ''}\n`,
  );
  return { mutation, ...outcome };
}

function tell(results: readonly Result[], report: string | null): number {
  const survivors = results.filter(({ failed }) => failed === null);
  const table = markdownTable(
    ['Guard taken out', 'For', 'File', 'Caught by', 'Seconds'],
    results.map(({ mutation, failed, seconds }) => [
      mutation.guard,
      mutation.guarantee,
      mutation.file,
      failed ?? 'nothing',
      seconds.toFixed(1),
    ]),
  );
  if (report !== null) writeFileSync(report, `${table}\n`);
  process.stdout.write(`\n${table}\n\n`);
  const caught = results.length - survivors.length;
  process.stdout.write(`${caught} caught, ${survivors.length} survived\n`);
  return survivors.length === 0 ? 0 : 1;
}

function parse(args: readonly string[]) {
  const words: string[] = [];
  let report: string | null = null;
  let list = false;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--report') report = args[++i] ?? null;
    else if (args[i] === '--list') list = true;
    else if (args[i].startsWith('-')) throw new Error(`${args[i]} is not an option`);
    else words.push(args[i]);
  }
  return { words, report, list };
}
