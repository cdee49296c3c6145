import type { SimResult } from './simulate.js';
import { faultKinds, type FaultKind } from './faults/swarm.js';

/** Adds up many seeds. */
export class SimReport {
  seeds = 0;
  last: SimResult | null = null;
  readonly failures: { readonly seed: number; readonly violations: readonly string[] }[] = [];
  private readonly faults = new Map<FaultKind, number>();
  private readonly looked = new Map<string, number>();
  private readonly sums = {
    commands: 0,
    accepted: 0,
    refused: 0,
    unknown: 0,
    takeOvers: 0,
    moves: 0,
    saleMs: 0,
    virtualMs: 0,
  };

  constructor(private readonly startedMs: number) {}

  add(result: SimResult): void {
    this.seeds += 1;
    this.last = result;
    const { seed, violations } = result;
    if (violations.length > 0) this.failures.push({ seed, violations });
    for (const [kind, count] of result.faults) addTo(this.faults, kind, count);
    for (const [name, count] of result.looked) addTo(this.looked, name, count);
    for (const key of Object.keys(this.sums) as (keyof typeof this.sums)[]) {
      this.sums[key] += result[key];
    }
  }

  /** For a progress line. */
  pace(nowMs: number): string {
    const { failures } = this;
    const wrong = failures.length === 0 ? 'none failed' : `${failures.length} failed`;
    return `${wrong}, ${Math.round(this.minutesPerMinute(nowMs))} sale minutes a minute`;
  }

  table(commit: string, nowMs: number): string {
    const { sums } = this;
    const rows: (readonly [string, number | string])[] = [
      ['seeds', this.seeds],
      ['simulated hours', (sums.virtualMs / 3_600_000).toFixed(1)],
      ['sale minutes a minute', Math.round(this.minutesPerMinute(nowMs))],
      ['commands', sums.commands],
      ['accepted', sums.accepted],
      ['refused', sums.refused],
      ['unknown at first', sums.unknown],
      ['take-overs', sums.takeOvers],
      ['moves by operators', sums.moves],
    ];
    const faults = faultKinds.map((kind) => [kind, this.faults.get(kind) ?? 0] as const);
    const sections = [
      section(`simulation of ${commit}`, rows),
      section('what was done to it', faults),
      section('what was looked at', [...this.looked]),
    ];
    const { failures } = this;
    const seeds = failures.map(({ seed }) => seed).join(', ');
    const verdict =
      failures.length === 0
        ? 'No seed broke a promise.'
        : `${failures.length} seeds broke a promise: ${seeds}`;
    return [...sections, verdict].join('\n\n');
  }

  plain(commit: string, nowMs: number): object {
    return {
      commit,
      seeds: this.seeds,
      ...this.sums,
      sale_minutes_per_minute: Math.round(this.minutesPerMinute(nowMs)),
      faults: Object.fromEntries(this.faults),
      looked: Object.fromEntries(this.looked),
      failures: this.failures,
    };
  }

  private minutesPerMinute(nowMs: number): number {
    return this.sums.saleMs / Math.max(1, nowMs - this.startedMs);
  }
}

function addTo<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}

function section(title: string, rows: readonly (readonly [string, number | string])[]): string {
  const lines = rows.map(([name, value]) => {
    const text = typeof value === 'number' ? value.toLocaleString('en-US') : value;
    return `  ${name.padEnd(34)}${text.padStart(14)}`;
  });
  return [title, ...lines].join('\n');
}
