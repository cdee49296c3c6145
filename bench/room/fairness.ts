/** How the order of positions and the order of admissions agree. */
export interface Turn {
  readonly position: number;
  readonly admittedAtMs: number;
  readonly untilMs: number;
}

export interface Fairness {
  readonly admitted: number;
  /** Pairs of whom the one in front was admitted later, of all pairs. */
  readonly inversions: number;
  readonly pairs: number;
  /** By how much at most, and in the middle of all inversions' largest for each person. */
  readonly latestMs: number;
  readonly medianMs: number;
  /** Of the places that were called, those whose owner did not come in time. */
  readonly lapsed: number;
  readonly called: number;
  /** Admitted at once, above what may be; 0: never above. */
  readonly overshoot: number;
}

export function fairnessOf(turns: readonly Turn[], called: number, activeMax: number): Fairness {
  const inOrder = [...turns].sort((a, b) => a.position - b.position);
  const times = inOrder.map(({ admittedAtMs }) => admittedAtMs);
  const waits = waitsFor(times);
  const unfair = waits.filter((ms) => ms > 0).sort((a, b) => a - b);
  return {
    admitted: turns.length,
    inversions: inversionsOf(times),
    pairs: (turns.length * (turns.length - 1)) / 2,
    latestMs: unfair.at(-1) ?? 0,
    medianMs: unfair[unfair.length >> 1] ?? 0,
    lapsed: called - turns.length,
    called,
    overshoot: Math.max(0, mostAtOnce(turns) - activeMax),
  };
}

/** For each, how long before him the first of those behind him was admitted. */
function waitsFor(times: readonly number[]): number[] {
  let first = Infinity;
  const waits = times.map(() => 0);
  for (let i = times.length - 1; i >= 0; i -= 1) {
    waits[i] = Math.max(0, times[i] - first);
    first = Math.min(first, times[i]);
  }
  return waits;
}

/** Pairs out of order, counted while they are sorted. */
function inversionsOf(times: readonly number[]): number {
  if (times.length < 2) return 0;
  const middle = times.length >> 1;
  const [left, right] = [times.slice(0, middle), times.slice(middle)];
  const within = inversionsOf(left) + inversionsOf(right);
  left.sort((a, b) => a - b);
  right.sort((a, b) => a - b);
  let [between, passed] = [0, 0];
  for (const time of left) {
    while (passed < right.length && right[passed] < time) passed += 1;
    between += passed;
  }
  return within + between;
}

function mostAtOnce(turns: readonly Turn[]): number {
  const steps = turns.flatMap(({ admittedAtMs, untilMs }) => [
    [admittedAtMs, 1] as const,
    [untilMs, -1] as const,
  ]);
  // Who goes in the same moment has gone.
  steps.sort(([a, up], [b, down]) => a - b || up - down);
  let [now, most] = [0, 0];
  for (const [, step] of steps) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
