import { readFileSync } from 'node:fs';
import { compareReports, differenceLines } from './compare.js';
import type { SuiteReport } from './suite-report.js';

/** npm run bench -- --compare A.json B.json. Returns the exit code: 0 done, 2 it could not. */
export function main(files: readonly string[]): Promise<number> {
  if (files.length !== 2) {
    console.error('npm run bench -- --compare wants two files that --out wrote');
    return Promise.resolve(2);
  }
  try {
    const [a, b] = files.map(readReport);
    if (machineOf(a) !== machineOf(b)) {
      console.log(`two machines: ${machineOf(a)}; ${machineOf(b)}`);
    }
    differenceLines(compareReports(a, b)).forEach((line) => console.log(line));
    return Promise.resolve(0);
  } catch (error) {
    console.error(`npm run bench -- --compare: ${(error as Error).message}`);
    return Promise.resolve(2);
  }
}

function readReport(file: string): SuiteReport {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Partial<SuiteReport>;
  if (!Array.isArray(report.contests) || !Array.isArray(report.figures)) {
    throw new Error(`${file} is no report of the suite`);
  }
  return report as SuiteReport;
}

const machineOf = ({ machine }: SuiteReport): string =>
  `${machine.cores} x ${machine.cpu}, Node ${machine.node}, fsync ${machine.fsyncUs} us`;
