import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** What the buyers did, as they were answered. */
export class Tally {
  sessions = 0;
  held = 0;
  /** 409: seats taken, kept for wheelchairs, or a choice that would leave a single seat alone. */
  conflicts = 0;
  /** Conflicts that were answered with a block that could be held at once, and was. */
  alternativesTaken = 0;
  booked = 0;
  declined = 0;
  released = 0;
  extended = 0;
  /** Bookings that came after the hold had run out. */
  tooLate = 0;
  /** Requests whose outcome was never learnt. */
  unknown = 0;
  /** Answers that no rule of the demo expects. */
  errors = 0;
  readonly errorCodes = new Map<string, number>();
  readonly holdLatencyUs: RecordableHistogram = createHistogram({ highest: 60_000_000 });
  readonly bookLatencyUs: RecordableHistogram = createHistogram({ highest: 60_000_000 });

  error(what: string): void {
    this.errors++;
    this.errorCodes.set(what, (this.errorCodes.get(what) ?? 0) + 1);
  }
}

export function recordMs(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1_000)));
}

export const percentileMs = (histogram: RecordableHistogram, percent: number): number =>
  histogram.count === 0 ? 0 : histogram.percentile(percent) / 1_000;
