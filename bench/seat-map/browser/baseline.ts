import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { machineName } from '../../machine.js';

/** Figures of one run by name; all of them are better when they are smaller. */
export type Figures = Readonly<Record<string, number>>;

/** Above it a change is shown: runs of one build differ by less. */
const changeShown = 0.1;

/** One a machine: figures of two are not compared. */
export const baselineFile = (root: string): string => {
  const name = machineName()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return path.join(root, 'bench/seat-map/baselines', `${name}.json`);
};

export function readBaseline(file: string): Figures | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : null;
}

export function keepBaseline(file: string, figures: Figures): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

/** A line a figure: what it is, what it was, and how much it changed when that is much. */
export function comparison(figures: Figures, before: Figures | null): string[] {
  return Object.entries(figures).map(([name, figure]) => {
    const was = before?.[name];
    const line = `${name.padEnd(44)} ${figure.toFixed(1).padStart(10)}`;
    if (was === undefined || was === 0) return line;
    const change = figure / was - 1;
    const shown = `${change > 0 ? '+' : ''}${Math.round(change * 100)} %`;
    const mark = Math.abs(change) <= changeShown ? '' : change > 0 ? '  SLOWER' : '  faster';
    return `${line}   baseline ${was.toFixed(1).padStart(10)}  ${shown.padStart(6)}${mark}`;
  });
}
