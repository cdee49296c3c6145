import type { Spread } from '../summary.js';
import { isMet, type Figure, type Target } from '../suite/suite-report.js';

export const figure = (
  name: string,
  unit: string,
  value: Spread | number,
  target: Target | null = null,
): Figure => ({
  ...{ name, unit, target },
  value: typeof value === 'number' ? { median: value, min: value, max: value } : value,
});

export const missed = ({ value, target }: Figure): boolean =>
  target !== null && !isMet(value, target);

export function figureLine(one: Figure): string {
  const { name, unit, value, target } = one;
  const band = value.min === value.max ? '' : ` [${text(value.min)} to ${text(value.max)}]`;
  const verdict = target === null ? '' : `, ${boundOf(target)}: ${missed(one) ? 'missed' : 'met'}`;
  return `${name.padEnd(54)} ${text(value.median)}${band} ${unit}${verdict}`;
}

const boundOf = ({ atLeast, atMost }: Target): string =>
  atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;

const text = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : String(Math.round(value * 1_000) / 1_000);
