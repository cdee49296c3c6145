import type { ContestLine } from '../peers/contest-lines.js';

/** What is safe, in a word: it tells two rows of one title apart. */
export function durabilityWord({ durability }: Pick<ContestLine, 'durability'>): string {
  if (durability === 'none') return 'nothing kept';
  return durability.includes('a second') ? 'everysec' : 'fsync';
}

export const labelOf = (line: Pick<ContestLine, 'title' | 'durability'>): string =>
  `${line.title}, ${durabilityWord(line)}`;

export function groupTitle({
  workload,
  connections,
  duePerSecond,
}: Pick<ContestLine, 'workload' | 'connections' | 'duePerSecond'>): string {
  const due = Math.round(duePerSecond ?? 0).toLocaleString('en-US');
  const load = duePerSecond === null ? 'closed loop' : `open loop, ${due}/s due`;
  return `${workload}, ${connections} ${connections === 1 ? 'connection' : 'connections'}, ${load}`;
}

/** In the order in which they came. */
export function groupsOf(lines: readonly ContestLine[]): [string, ContestLine[]][] {
  const groups = new Map<string, ContestLine[]>();
  for (const line of lines) {
    const key = groupTitle(line);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups];
}
