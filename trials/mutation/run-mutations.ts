import type { Mutation } from './mutation.js';
import type { KeptOutcomes, Outcome } from './outcome.js';
import { runSpecs, type SpecOutcome, type SpecRun } from './run-specs.js';
import { MutationTree } from './tree.js';

/** Of one spec file; an honest one takes a tenth of it. */
const limitMs = 120_000;

export interface MutationRun {
  readonly project: string;
  readonly mutations: readonly Mutation[];
  /** Mutations at the same time, each in a copy of the project. */
  readonly jobs: number;
  /** Run the specs without any mutation first; needless where that was done a moment ago. */
  readonly baseline: boolean;
  readonly kept: KeptOutcomes;
  readonly tell: (line: string) => void;
}

/**
 * Takes each guard out in turn and runs the specs that must notice, in the order given.
 *
 * 1. A spec that fails without any mutation proves nothing: its mutations are inconclusive.
 * 2. Only a test that says what is wrong has noticed. A run in which tests merely hang or break is
 *    done once more, for the machine may have been busy, and then it is inconclusive.
 */
export async function runMutations(run: MutationRun): Promise<readonly Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const queue: Mutation[] = [];
  for (const mutation of run.mutations) {
    const kept = run.kept.of(mutation);
    if (kept === undefined) queue.push(mutation);
    else outcomes.set(mutation.name, kept);
  }
  const jobs = Math.min(run.jobs, queue.length);
  const trees = Array.from({ length: jobs }, () => new MutationTree(run.project));
  const removeAll = (): void => trees.forEach((tree) => tree.remove());
  process.once('exit', removeAll);
  const work = async (tree: MutationTree): Promise<void> => {
    const baseline = run.baseline ? new Baseline(tree) : null;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const outcome = await tryOne(tree, baseline, next);
      outcomes.set(next.name, outcome);
      run.kept.add(next, outcome);
      run.tell(lineOf(outcome));
    }
  };
  try {
    await Promise.all(trees.map(work));
  } finally {
    process.off('exit', removeAll);
    removeAll();
  }
  return run.mutations.flatMap(({ name }) => outcomes.get(name) ?? []);
}

/** What each spec says without any mutation; asked once. */
class Baseline {
  private readonly problems = new Map<string, string | null>();

  constructor(private readonly tree: MutationTree) {}

  async problemOf({ specs, tests }: Mutation): Promise<string | null> {
    for (const spec of specs) {
      const key = `${spec} ${tests}`;
      const known = this.problems.get(key);
      const problem =
        known === undefined ? await this.ask({ specs: [spec], tests, limitMs }) : known;
      this.problems.set(key, problem);
      if (problem !== null) return problem;
    }
    return null;
  }

  private async ask(run: SpecRun): Promise<string | null> {
    let { failure, testsRun } = await runSpecs(this.tree.root, run);
    if (failure !== null) ({ failure, testsRun } = await runSpecs(this.tree.root, run));
    if (failure !== null) return `without it fails too: ${failure.test} ${failure.message}`;
    return testsRun > 0 ? null : `no test ran: ${run.specs.join(', ')}`;
  }
}

async function tryOne(
  tree: MutationTree,
  baseline: Baseline | null,
  mutation: Mutation,
): Promise<Outcome> {
  const { name, specs, tests } = mutation;
  const [spec] = specs;
  const problem = (await baseline?.problemOf(mutation)) ?? null;
  if (problem !== null) return { name, verdict: 'inconclusive', spec, by: problem, seconds: 0 };
  const once = () => runSpecs(tree.root, { specs, tests, limitMs });
  return tree.with(mutation, async () => {
    const first = await once();
    const vague = first.failure !== null && first.failure.kind !== 'says';
    return outcomeOf(mutation, vague ? await once() : first);
  });
}

function outcomeOf({ name, specs }: Mutation, { failure, seconds }: SpecOutcome): Outcome {
  const [first] = specs;
  if (failure === null) return { name, verdict: 'survived', spec: first, by: '', seconds };
  const { spec, test, kind, message } = failure;
  if (kind === 'says') return { name, verdict: 'caught', spec, by: test, seconds };
  return { name, verdict: 'inconclusive', spec, by: `${kind}: ${test} ${message}`, seconds };
}

function lineOf({ name, verdict, by, seconds }: Outcome): string {
  const shown = verdict === 'caught' ? 'caught by' : verdict.toUpperCase();
  return `${seconds.toFixed(1).padStart(5)} s  ${name.padEnd(20)} ${shown} ${by}`.trimEnd();
}
