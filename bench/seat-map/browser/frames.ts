/** One event of Chromium's trace, as far as it is read here; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of it, while its thread had a processor: others on the machine are not in it. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly frame?: string } };
}

/**
 * What each frame cost the page's main thread, in ms of processor: the tasks that ran from one
 * frame's begin to the next one's, script, style, layout and paint together. A frame in which
 * nothing ran is none.
 */
export function frameCosts(events: readonly TraceEvent[]): number[] {
  const [pid, tid] = mainThreadOf(events);
  const own = events.filter((event) => event.pid === pid && event.tid === tid);
  const begins = own
    .filter(beginsFrame)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const costs = new Array<number>(Math.max(0, begins.length - 1)).fill(0);
  for (const { name, ph, ts, dur = 0, tdur = dur } of own) {
    if (name !== 'RunTask' || ph !== 'X') continue;
    const at = lastAtOrBefore(begins, ts + dur);
    if (at >= 0 && at < costs.length) costs[at] += tdur / 1_000;
  }
  return costs.filter((cost) => cost > 0);
}

const beginsFrame = ({ name, ph }: TraceEvent): boolean => name === 'AnimationFrame' && ph === 'b';

/** Of the renderer whose main thread made the most frames: the page that is measured. */
function mainThreadOf(events: readonly TraceEvent[]): readonly [pid: number, tid: number] {
  const frames = new Map<string, number>();
  for (const event of events) {
    if (!beginsFrame(event)) continue;
    const { pid, tid } = event;
    frames.set(`${pid} ${tid}`, (frames.get(`${pid} ${tid}`) ?? 0) + 1);
  }
  const [most = '0 0'] = [...frames].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const [pid, tid] = most.split(' ').map(Number);
  return [pid, tid];
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
