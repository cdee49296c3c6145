import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '#libs/oracle/verdict.js';
import { reportLines, reportOf } from './report.js';
import { Tally } from './tally.js';

const verdict = (wrong: number): Verdict => ({
  eventId: 'evt_x',
  clean: wrong === 0,
  batches: 1_197,
  facts: 1_573,
  epochs: 2,
  holds: { made: 170, released: 18, expired: 16, booked: 135, live: 1 },
  bookings: 135,
  checks: [
    {
      name: 'seat_one_owner',
      sentence: 'no seat is held or booked by two at once',
      looked: 746,
      wrong,
      examples: wrong === 0 ? [] : ['fact 7 SeatsHeld: seat 3 is taken again'],
    },
    {
      name: 'cancel_of_live_booking',
      sentence: 'only seats of live bookings are cancelled',
      looked: 0,
      wrong: 0,
      examples: [],
    },
  ],
});

const lines = (wrong: number): string[] => {
  const tally = new Tally();
  tally.held = 169;
  tally.tooLate = 2;
  tally.unknown = 1;
  for (let i = 0; i < 3; i++)
    tally.error('hold 400 a_code_that_is_quite_long_and_goes_on_for_ever');
  const report = reportOf({
    eventId: 'evt_x',
    buyers: 500,
    seats: 300,
    watchers: 50,
    seconds: 30,
    tally,
    api: { brokenConnections: 123, unavailable: 45, slowedDown: 6 },
    reconnects: 50,
    lag: { count: 9, p50Ms: 6.7, p99Ms: 25.4, maxMs: 1_234.5 },
    verdict: verdict(wrong),
  });
  return reportLines(report);
};

describe('What the demo prints at its end', () => {
  it('fits eighty columns', () => {
    expect(lines(0).filter((line) => line.length > 80)).toEqual([]);
  });

  it('ends with the verdict, after one line for each check and how much it looked at', () => {
    const printed = lines(0);
    expect(printed.at(-1)).toBe('verdict: clean (1197 batches, 1573 facts, 2 owners in turn)');
    expect(printed).toContain('  ok        746  no seat is held or booked by two at once');
    expect(printed).toContain('  -           0  only seats of live bookings are cancelled');
  });

  it('names the checks that failed, with examples', () => {
    const printed = lines(1);
    expect(printed.at(-1)).toBe('verdict: NOT CLEAN: seat_one_owner');
    expect(printed.join('\n')).toContain('fact 7 SeatsHeld: seat 3 is taken again');
  });
});
