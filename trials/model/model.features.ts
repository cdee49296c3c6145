import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';

/**
 * The model of ownership, checked exhaustively within its bounds, and then without each guard. It
 * needs spin and a C compiler; where they are not installed it says so and checks nothing.
 */
const model = path.join(projectRoot, 'trials/model/ownership.pml');
const memoryMiBMax = 2_000;
const runMsMax = 150_000;

const compilers = ['cc', 'gcc', 'clang'];
const answers = (program: string, flag: string): boolean =>
  spawnSync(program, [flag], { stdio: 'ignore' }).status === 0;

const compiler = compilers.find((name) => answers(name, '--version'));
const present = compiler !== undefined && answers('spin', '-V');

interface Outcome {
  readonly errors: number;
  readonly violated: string;
  readonly states: number;
}

function check(switches: readonly string[], optimise: string): Outcome {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-model-'));
  const run = (program: string, args: readonly string[]): string => {
    const options = { cwd: folder, encoding: 'utf8', timeout: runMsMax } as const;
    const { status, stdout, stderr, error } = spawnSync(program, args, options);
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? stdout + stderr}`);
    return stdout;
  };
  try {
    copyFileSync(model, path.join(folder, 'ownership.pml'));
    run('spin', ['-a', ...switches.map((name) => `-D${name}`), 'ownership.pml']);
    const flags = ['-w', optimise, '-DSAFETY', '-DVECTORSZ=2048', `-DMEMLIM=${memoryMiBMax}`];
    run(compiler ?? '', [...flags, '-o', 'pan', 'pan.c']);
    const report = run('./pan', ['-m400000']);
    if (/max search depth too small|out of memory/.test(report)) throw new Error(report);
    return {
      errors: Number(/errors: (\d+)/.exec(report)?.[1] ?? NaN),
      violated: /pan:1: (.*)/.exec(report)?.[1] ?? '',
      states: Number(/(\d+) states, stored/.exec(report)?.[1] ?? 0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Sound = [what: string, switches: string[]];
type Needed = [guard: string, violated: RegExp, switches: string[]];

/** Bounds that together reach every step of the model. */
export const sound: Sound[] = [
  ['two owners, a crash, a time-out, a suspicion', []],
  ['three owners', ['OWNERS=3', 'TIMEOUTS=0', 'DECISIONS=2']],
  ['a live move', ['MOVES=1', 'CRASHES=0', 'DECISIONS=2']],
  ['an ownership row that was set back', ['SETBACKS=1', 'TIMEOUTS=0', 'DECISIONS=2']],
  ['a database that lost its last batch', ['LOSSES=1', 'CRASHES=0', 'TIMEOUTS=0']],
];

/** Guards that another one stands in for; trials/model/README.md says which. */
export const redundant: Sound[] = [
  ["the predecessor's epoch", ['NO_EPOCH', 'DECISIONS=2']],
  ["the predecessor's hash", ['NO_HASH', 'DECISIONS=2']],
  ['the new epoch after a failed move', ['NO_NEW_EPOCH', 'MOVES=1', 'CRASHES=0', 'DECISIONS=2']],
  ['the row that catches up', ['NO_CATCH_UP', 'SETBACKS=1', 'TIMEOUTS=0', 'DECISIONS=2']],
];

const loss = ['LOSSES=1', 'CRASHES=0', 'TIMEOUTS=0'];
export const needed: Needed[] = [
  ["the predecessor's epoch and hash", /\.ep<=/, ['NO_EPOCH', 'NO_HASH']],
  ['the primary key', /\.no!=/, ['NO_KEY']],
  ['the announce before an owner serves', /serving\[k\]<=/, ['NO_ANNOUNCE']],
  ['the smaller epoch before an announce', /\.ep<=/, ['NO_ANNOUNCE_EPOCH']],
  ['the compare-and-set', /rows<12/, ['NO_CAS']],
  ['the last look before an owner serves', /tep==ep/, ['NO_LAST_LOOK']],
  ['the output gate', /acked/, ['NO_GATE']],
  ['the identity of a settled batch', /acked/, ['NO_IDENTITY']],
  ['the identical batch appended again', /denied/, ['NO_REAPPEND']],
  ['the doubt about an unknown commit', /acked/, ['BELIEVE_COMMIT']],
  ['the quarantine', /rowQuarantined/, ['NO_QUARANTINE', ...loss]],
  ['the hash in the look for lost batches', /rowQuarantined/, ['NUMBER_ONLY', ...loss]],
];

export interface ModelCases {
  readonly sound: Sound[];
  readonly redundant: Sound[];
  readonly needed: Needed[];
  /** Of the compiler. `-O2` takes 5 s more for each, and pays where minutes are searched. */
  readonly optimise: '-O0' | '-O2';
}

/** Sound with these bounds and without these second lines; unsound without these guards. */
export function modelFeatures(cases: ModelCases): void {
  if (!present) {
    it('skipped: no spin', () => {
      process.stdout.write('  model: skipped: no spin (apt-get install spin gcc)\n');
      expect(present).toBe(false);
    });
    return;
  }
  describe('the model of ownership', () => {
    it.each(cases.sound)(
      'keeps its properties with %s',
      (_what, switches) => {
        const { errors, violated, states } = check(switches, cases.optimise);
        expect({ errors, violated }).toEqual({ errors: 0, violated: '' });
        expect(states).toBeGreaterThan(10_000);
      },
      2 * runMsMax,
    );

    for (const [guard, switches] of cases.redundant) {
      it(
        `keeps them without ${guard}, which is a second line`,
        () => expect(check(switches, cases.optimise)).toMatchObject({ errors: 0, violated: '' }),
        2 * runMsMax,
      );
    }

    it.each(cases.needed)(
      'loses one without %s',
      (_guard, violated, switches) => {
        const outcome = check(switches, cases.optimise);
        expect(outcome.errors).toBe(1);
        expect(outcome.violated).toMatch(violated);
      },
      2 * runMsMax,
    );
  });
}
