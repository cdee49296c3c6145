import { parseArgs } from 'node:util';
import { shownPath } from '#ops/system/paths.js';
import { printText } from '#ops/system/terminal.js';
import { allTargets } from './all-targets.js';
import { keepInput, knownInputs, readInput } from './corpus.js';
import { fuzz, type FuzzReport } from './engine.js';
import type { FuzzTarget } from './target.js';

const helpText = `npm run fuzz -- [options]

  --minutes M   how long, shared by the targets (1)
  --target T    only this one; may be repeated: ${allTargets.map(({ name }) => name).join(', ')}
  --seed S      repeat a run; printed by each
  --replay F    run one input of the corpus and nothing else; wants --target

A finding is made small, kept under trials/fuzz/corpus and printed with the command that
repeats it. Exit code 1: there was one.`;

/** npm run fuzz. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    printText(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const { targets, seed, minutes, replay } = options;
  printText(`seed ${seed}`);
  const msMax = (minutes * 60_000) / targets.length;
  const reports: FuzzReport[] = [];
  for (const target of targets) {
    const known = replay === null ? knownInputs(target.name) : [readInput(replay)];
    const inputsMax = replay === null ? Infinity : 0;
    const report = await fuzz(target, known, { seed, msMax, inputsMax });
    reports.push(report);
    tell(report);
  }
  printText(['', ...tableLines(reports)].join('\n'));
  return reports.some(({ finding }) => finding !== null) ? 1 : 0;
}

interface Options {
  readonly targets: readonly FuzzTarget[];
  readonly seed: number;
  readonly minutes: number;
  readonly replay: string | null;
}

function optionsOf(args: readonly string[]): Options | null {
  const one = { type: 'string' } as const;
  const target = { type: 'string', multiple: true } as const;
  try {
    const options = { minutes: one, target, seed: one, replay: one };
    const { values } = parseArgs({ args: [...args], options });
    const minutes = Number(values.minutes ?? 1);
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
    const wanted = values.target ?? allTargets.map(({ name }) => name);
    const targets = allTargets.filter(({ name }) => wanted.includes(name));
    const sound = targets.length === new Set(wanted).size && minutes > 0 && Number.isInteger(seed);
    const replay = values.replay ?? null;
    return sound && (replay === null || targets.length === 1)
      ? { targets, seed, minutes, replay }
      : null;
  } catch {
    return null;
  }
}

function tell({ target, finding }: FuzzReport): void {
  if (finding === null) return;
  const file = keepInput(target, finding.input);
  printText(`\n${target}: ${finding.message}`);
  printText(`  ${finding.input.length} bytes, kept as ${shownPath(file)}`);
  printText(`  npm run fuzz -- --target ${target} --replay ${shownPath(file)}`);
}

export function tableLines(reports: readonly FuzzReport[]): string[] {
  const row = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(11) : cell.padStart(11))).join('');
  return [
    row(['target', 'inputs', 'accepted', 'refused', 'inputs/s', 'slowest ms', 'finding']),
    ...reports.map(({ target, inputs, accepted, refused, ms, inputMs, finding }) =>
      row([
        target,
        String(inputs),
        String(accepted),
        String(refused),
        String(Math.round((inputs / ms) * 1_000)),
        inputMs.toFixed(1),
        finding === null ? 'none' : 'YES',
      ]),
    ),
  ];
}
