/** What V8's sampling profiler gives, as far as it is used: times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Of each sample: the id of the node that ran, and how long it was since the one before. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly children?: readonly number[];
}

/** Microseconds that each node itself ran. */
export function ownTimes({ samples, timeDeltas }: CpuProfile): Map<number, number> {
  const own = new Map<number, number>();
  samples.forEach((id, i) => own.set(id, (own.get(id) ?? 0) + Math.max(0, timeDeltas[i])));
  return own;
}

/**
 * Where a node's time belongs: the folder of our own file, the package, or what V8 says in
 * parentheses. Idle time is nobody's: null.
 */
export function stepOf({ callFrame: { functionName, url } }: ProfileNode): string | null {
  if (functionName === '(idle)' || functionName === '(root)') return null;
  const own = /\/dist\/((?:apps|libs)\/.+)\/[^/]+$/.exec(url);
  if (own !== null) return own[1].split('/').slice(0, 3).join('/');
  const packed = /\/dist\/packages\/([^/]+)\.js$/.exec(url);
  if (packed !== null) return packed[1];
  if (url.startsWith('node:')) return 'Node';
  // The kernel's work and that of uWebSockets.js have no JavaScript around them.
  if (functionName === '(program)') return 'native code and system calls';
  if (functionName === '(garbage collector)') return 'garbage collector';
  return url === '' ? "V8's own functions" : 'other';
}

export interface Step {
  readonly name: string;
  readonly usEach: number;
}

/** Microseconds of each step for one of `count` holds, dearest first. */
export function budgetOf(profile: CpuProfile, count: number): Step[] {
  const own = ownTimes(profile);
  const sums = new Map<string, number>();
  for (const node of profile.nodes) {
    const step = stepOf(node);
    if (step !== null) sums.set(step, (sums.get(step) ?? 0) + (own.get(node.id) ?? 0));
  }
  return [...sums]
    .map(([name, us]) => ({ name, usEach: us / count }))
    .filter(({ usEach }) => usEach >= 0.05)
    .sort((a, b) => b.usEach - a.usEach);
}
