/** One thing that must hold while something bad is done to the system, and what was seen. */
export interface Check {
  readonly fault: string;
  readonly name: string;
  readonly seen: string;
  readonly wanted: string;
  readonly holds: boolean;
  /** Must hold on any machine; the others are about time, and need one that is not busy. */
  readonly exact: boolean;
}

export function checkLines(checks: readonly Check[]): string[] {
  const row = (fault: string, name: string, seen: string, wanted: string, verdict: string) =>
    `${fault.padEnd(12)}${name.padEnd(42)}${seen.padStart(18)}${wanted.padStart(16)}  ${verdict}`;
  return [
    row('fault', 'check', 'seen', 'wanted', ''),
    ...checks.map(({ fault, name, seen, wanted, holds }) =>
      row(fault, name, seen, wanted, holds ? 'ok' : 'BROKEN'),
    ),
  ];
}

/** Collects the checks of one fault. */
export class Checks {
  readonly list: Check[] = [];

  constructor(private readonly fault: string) {}

  /** `count` of what must not happen at all. */
  never(name: string, count: number): void {
    this.add(name, shown(count, ''), '0', count === 0, true);
  }

  /** Without some of it the fault was none. */
  some(name: string, count: number): void {
    this.add(name, shown(count, ''), '> 0', count > 0, true);
  }

  atMost(name: string, value: number, most: number, unit = ''): void {
    this.add(name, shown(value, unit), `<= ${shown(most, unit)}`, value <= most);
  }

  atLeast(name: string, value: number, least: number, unit = ''): void {
    this.add(name, shown(value, unit), `>= ${shown(least, unit)}`, value >= least);
  }

  private add(name: string, seen: string, wanted: string, holds: boolean, exact = false): void {
    this.list.push({ fault: this.fault, name, seen, wanted, holds, exact });
  }
}

function shown(value: number, unit: string): string {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}
