import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface SpecRun {
  readonly specs: readonly string[];
  /** Only tests whose name matches. */
  readonly tests?: string | undefined;
  readonly limitMs: number;
}

export interface SpecFailure {
  readonly spec: string;
  /** Full name of the test. */
  readonly test: string;
  /** `says`: an expectation or an assertion. `hangs`, `breaks`: nothing that proves a point. */
  readonly kind: 'says' | 'hangs' | 'breaks';
  /** First line of the message. */
  readonly message: string;
}

export interface SpecOutcome {
  /** null: all passed. */
  readonly failure: SpecFailure | null;
  readonly testsRun: number;
  readonly seconds: number;
}

interface JestReport {
  readonly numTotalTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Runs specs of the tree under `root`, each in a process of its own, up to the first in which a
 * test says what is wrong; one that hangs or breaks counts when no other does.
 */
export async function runSpecs(root: string, run: SpecRun): Promise<SpecOutcome> {
  let testsRun = 0;
  let seconds = 0;
  let failure: SpecFailure | null = null;
  for (const spec of run.specs) {
    const outcome = await runSpec(root, spec, run);
    testsRun += outcome.testsRun;
    seconds += outcome.seconds;
    if (outcome.failure !== null) failure = outcome.failure;
    if (failure?.kind === 'says') break;
  }
  return { failure, testsRun, seconds };
}

async function runSpec(root: string, spec: string, run: SpecRun): Promise<SpecOutcome> {
  const report = path.join(root, 'mutation-report.json');
  rmSync(report, { force: true });
  const startedMs = performance.now();
  const ended = await jest(root, report, spec, run);
  const seconds = (performance.now() - startedMs) / 1_000;
  if (!existsSync(report)) {
    const message = ended ? 'the test runner ended' : `no end within ${run.limitMs / 1_000} s`;
    const failure = { spec, test: '', kind: ended ? 'breaks' : 'hangs', message } as const;
    return { failure, testsRun: 0, seconds };
  }
  const json = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const testsRun = json.numTotalTests - json.numPendingTests;
  return { failure: failureIn(spec, json), testsRun, seconds };
}

function failureIn(spec: string, { testResults }: JestReport): SpecFailure | null {
  const failures = testResults.flatMap(({ message, assertionResults }): SpecFailure[] => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && message !== '') {
      return [{ spec, test: '', kind: 'breaks', message: firstLine(message) }];
    }
    return failed.map(({ fullName, failureMessages: [first = ''] }) => {
      return { spec, test: fullName, kind: kindOf(first), message: firstLine(first) };
    });
  });
  return failures.find(({ kind }) => kind === 'says') ?? failures[0] ?? null;
}

/** A mutation must change what the code does, not stop it from being code. */
function kindOf(message: string): SpecFailure['kind'] {
  if (message.includes('Exceeded timeout of')) return 'hangs';
  const expected = message.includes('expect(');
  return !expected && /^(ReferenceError|SyntaxError|TypeError)/.test(message) ? 'breaks' : 'says';
}

const firstLine = (text: string): string => text.trim().split('\n')[0];

/** False when it had to be ended. */
function jest(root: string, report: string, spec: string, { tests, limitMs }: SpecRun) {
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--maxWorkers=1',
    '--forceExit',
    '--json',
    `--outputFile=${report}`,
    '--testEnvironment=./trials/mutation/first-failure.mjs',
    ...(tests === undefined ? [] : ['--testNamePattern', tests]),
    '--runTestsByPath',
    spec,
  ];
  return new Promise<boolean>((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    let ended = true;
    const stopWatch = watch(child, limitMs, () => {
      ended = false;
    });
    child.on('error', reject);
    child.on('close', () => {
      stopWatch();
      resolve(ended);
    });
  });
}

const lookMs = 500;

/** Ends a child that runs too long. Time in which this process stood still as well is not its. */
function watch(child: ChildProcess, limitMs: number, onEnd: () => void): () => void {
  let lastMs = performance.now();
  let ranMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    ranMs += Math.min(nowMs - lastMs, 2 * lookMs);
    lastMs = nowMs;
    if (ranMs < limitMs) return;
    onEnd();
    child.kill('SIGKILL');
  }, lookMs);
  return () => clearInterval(timer);
}
