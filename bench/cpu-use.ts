import { readdirSync, readFileSync } from 'node:fs';

/** CPU time by name of process, in microseconds, its children included. Null without /proc. */
export type CpuUse = Readonly<Record<string, number>>;

export interface NamedProcess {
  readonly name: string;
  readonly pid: number;
}

/** The kernel's clock tick that /proc counts in is 1/100 s on every Linux that Node runs on. */
const usPerTick = 10_000;

export function cpuUse(processes: readonly NamedProcess[]): CpuUse | null {
  const all = readProcesses();
  if (all === null) return null;
  const use: Record<string, number> = {};
  for (const { name, pid } of processes) {
    // shard-1, shard-2 and so on are one row.
    const row = name.replace(/-\d+$/, '');
    use[row] = (use[row] ?? 0) + treeUs(pid, all);
  }
  return use;
}

export function cpuSpent(before: CpuUse | null, after: CpuUse | null): CpuUse | null {
  if (before === null || after === null) return null;
  return Object.fromEntries(
    Object.entries(after).map(([name, us]) => [name, us - (before[name] ?? 0)]),
  );
}

interface ProcessStat {
  readonly parent: number;
  readonly us: number;
}

function treeUs(pid: number, all: ReadonlyMap<number, ProcessStat>): number {
  let us = all.get(pid)?.us ?? 0;
  for (const [child, { parent }] of all) if (parent === pid) us += treeUs(child, all);
  return us;
}

function readProcesses(): Map<number, ProcessStat> | null {
  const processes = new Map<number, ProcessStat>();
  try {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const stat = readStat(entry);
      if (stat !== null) processes.set(Number(entry), stat);
    }
  } catch {
    return null;
  }
  return processes;
}

function readStat(pid: string): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may contain spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Its own, and that of the children that have ended: a sum that never goes down.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), us: ticks * usPerTick };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}
