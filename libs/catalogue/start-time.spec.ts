import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readStartTime, startTimeText } from './start-time.js';

const read = (text: string) => {
  const time = readStartTime(text);
  return time === null ? null : startTimeText(time);
};

describe('the start of an event', () => {
  it.each([
    ['2027-03-01T19:30:00+01:00', '2027-03-01T19:30:00+01:00', 60],
    ['2027-07-01T19:30-05:00', '2027-07-01T19:30:00-05:00', -300],
    ['2027-01-01T00:15:00.250+05:45', '2027-01-01T00:15:00+05:45', 345],
    ['2027-01-01T20:00:00-03:30', '2027-01-01T20:00:00-03:30', -210],
    ['2027-03-01T19:30:00+00:00', '2027-03-01T19:30:00+00:00', 0],
    ['2027-03-01T19:30:00-00:00', '2027-03-01T19:30:00+00:00', 0],
    ['2027-03-01T19:30:00Z', '2027-03-01T19:30:00Z', null],
  ])('is told by the clock of the venue: %s', (text, told, offset) => {
    expect(readStartTime(text)?.utcOffsetMinutes).toBe(offset);
    expect(read(text)).toBe(told);
  });

  it('names the same moment in both forms', () => {
    const atMs = fc.integer({ min: 0, max: Date.UTC(2200, 0) / 1000 }).map((s) => s * 1000);
    const utcOffsetMinutes = fc.option(fc.integer({ min: -14 * 60, max: 14 * 60 }));
    fc.assert(
      fc.property(atMs, utcOffsetMinutes, (at, offset) => {
        const text = startTimeText({ atMs: at, utcOffsetMinutes: offset });
        expect(Date.parse(text)).toBe(at);
        expect(readStartTime(text)).toEqual({ atMs: at, utcOffsetMinutes: offset });
      }),
    );
  });

  it.each(['2027-03-01T19:30:00', '2027-02-30T19:30:00Z', '2027-02-30T23:30:00-05:00', 'noon'])(
    'is refused when it is none: %s',
    (text) => expect(readStartTime(text)).toBeNull(),
  );
});
