import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface SpecRun {
  readonly specs: readonly string[];
  /** Only tests whose name matches. */
  readonly tests?: string | undefined;
  readonly timeoutMs: number;
}

export interface SpecOutcome {
  /** Full name of the first test that failed; null: all passed. */
  readonly failed: string | null;
  readonly testsRun: number;
  readonly seconds: number;
}

interface JestReport {
  readonly numTotalTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
    }[];
  }[];
}

/**
 * Runs specs of the tree under `root`, each in a process of its own, up to the first that fails.
 * (Jest's own --bail ends it before it has written which test it was.)
 */
export async function runSpecs(root: string, run: SpecRun): Promise<SpecOutcome> {
  let testsRun = 0;
  let seconds = 0;
  for (const spec of run.specs) {
    const outcome = await runSpec(root, spec, run);
    testsRun += outcome.testsRun;
    seconds += outcome.seconds;
    if (outcome.failed !== null) return { failed: outcome.failed, testsRun, seconds };
  }
  return { failed: null, testsRun, seconds };
}

async function runSpec(root: string, spec: string, run: SpecRun): Promise<SpecOutcome> {
  const report = path.join(root, 'mutation-report.json');
  rmSync(report, { force: true });
  const startedMs = performance.now();
  const ended = await jest(root, report, spec, run);
  const seconds = (performance.now() - startedMs) / 1_000;
  if (!existsSync(report)) {
    const failed = ended ? 'the test runner itself' : `no end within ${run.timeoutMs / 1_000} s`;
    return { failed, testsRun: 0, seconds };
  }
  const json = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  return {
    failed: firstFailure(json),
    testsRun: json.numTotalTests - json.numPendingTests,
    seconds,
  };
}

function firstFailure({ testResults }: JestReport): string | null {
  for (const { name, message, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed !== undefined) return failed.fullName;
    if (assertionResults.length === 0) return `${path.basename(name)}: ${message.split('\n')[0]}`;
  }
  return null;
}

/** False when it had to be ended. */
function jest(root: string, report: string, spec: string, { tests, timeoutMs }: SpecRun) {
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--maxWorkers=1',
    '--json',
    `--outputFile=${report}`,
    ...(tests === undefined ? [] : ['--testNamePattern', tests]),
    '--runTestsByPath',
    spec,
  ];
  return new Promise<boolean>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    let ended = true;
    const timer = setTimeout(() => {
      ended = false;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(ended);
    });
  });
}
