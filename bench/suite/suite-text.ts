import { generatorBusyMax, type ContestLine } from '../peers/contest-lines.js';
import type { Spread } from '../summary.js';
import { groupsOf, groupTitle, labelOf } from './labels.js';
import { isMet, losses, type Figure, type SuiteReport, type SweepLine } from './suite-report.js';

/** For people, in a terminal. Refused, errors and time-outs are columns of their own. */
export function suiteLines(report: SuiteReport): string[] {
  const { machine } = report;
  return [
    ...(report.sweeps.length > 0
      ? ['sweep at 256 connections', ...report.sweeps.map(sweepLine), '']
      : []),
    ...groupsOf(report.contests).flatMap(([title, lines]) => [
      '',
      title,
      header,
      ...lines.map(row),
    ]),
    '',
    ...report.figures.map(figureLine),
    ...report.notRun.map(({ title, reason }) => `${title.padEnd(32)} not run: ${reason}`),
    ...lossLines(report),
    `machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB`,
    `Node ${machine.node}`,
    `Postgres ${machine.postgres}, ${machine.durability}; fsync ${machine.fsyncUs} us`,
    ...report.method,
    ...wrongLines(report.contests),
  ];
}

const widths = [42, 9, 15, 9, 8, 11, 8, 8, 10, 12, 20];
const header = cells([
  '',
  'held/s',
  'min-max',
  'refused',
  'errors',
  'time-outs',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'CPU s/1000',
  'Holdfast is',
]);

function row(line: ContestLine): string {
  const { acceptedPerSecond: rate, cpuSecondsPerThousand: cpu, holdfastRatio: ratio } = line;
  const bound = line.generatorBusy > generatorBusyMax ? '  (the generator is the limit)' : '';
  return (
    cells([
      `  ${labelOf(line)}`.slice(0, 41),
      thousands(rate.median),
      `${thousands(rate.min)}-${thousands(rate.max)}`,
      thousands(line.refused),
      thousands(line.errors),
      thousands(line.timeouts),
      ms(line.p50Us),
      ms(line.p99Us),
      ms(line.p999Us),
      cpu === null ? '' : cpu.median.toFixed(3),
      ratio === null ? '' : times(ratio),
    ]) + bound
  );
}

function cells(texts: readonly string[]): string {
  return texts
    .map((text, i) => (i === 0 ? text.padEnd(widths[0]) : text.padStart(widths[i])))
    .join('');
}

const sweepLine = ({ competitor, setting, acceptedPerSecond, best }: SweepLine): string =>
  `  ${competitor.padEnd(28)} ${setting.padEnd(30)} ${thousands(acceptedPerSecond).padStart(8)}/s` +
  (best ? '  best' : '');

function figureLine({ name, unit, value, target }: Figure): string {
  const band = `${number(value.median)} [${number(value.min)}-${number(value.max)}] ${unit}`;
  if (target === null) return `${name.padEnd(52)} ${band}`;
  const { atLeast, atMost } = target;
  const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return `${name.padEnd(52)} ${band}, ${wanted}: ${isMet(value, target) ? 'met' : 'missed'}`;
}

function lossLines(report: SuiteReport): string[] {
  return losses(report).map(
    (line) =>
      `Holdfast accepts less than ${line.title} (${line.durability}): ` +
      `${times(line.holdfastRatio as Spread)}, ${groupTitle(line)}`,
  );
}

function wrongLines(lines: readonly ContestLine[]): string[] {
  const found = lines.flatMap(({ title, wrong }) => wrong.map((text) => `  ${title}: ${text}`));
  return found.length === 0
    ? ['oracle: nothing was sold twice, and everything that was acknowledged was kept']
    : ['oracle:', ...found.slice(0, 20)];
}

export const times = ({ median, min, max }: Spread): string =>
  `${median.toFixed(2)}x [${min.toFixed(2)}-${max.toFixed(2)}]`;
const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (us: number): string => (us / 1_000).toFixed(us < 10_000 ? 2 : 1);
const number = (value: number): string =>
  Math.abs(value) >= 100 ? thousands(value) : value.toFixed(2);
