import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readStartTime, readTimeIn, startDay, startTimeText } from './start-time.js';

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

describe('a time of an event file', () => {
  const at = (text: string, zone: string | null) => {
    const time = readTimeIn(text, zone);
    return time.kind === 'wrong' ? time.message : startTimeText(time.time);
  };

  it.each([
    ['2027-03-01T19:30', 'Asia/Tokyo', '2027-03-01T19:30:00+09:00'],
    ['2027-07-01T19:30:00', 'Europe/Berlin', '2027-07-01T19:30:00+02:00'],
    ['2027-07-01T17:30:00Z', 'Europe/Berlin', '2027-07-01T19:30:00+02:00'],
    ['2027-07-01T19:30:00+02:00', 'Europe/Berlin', '2027-07-01T19:30:00+02:00'],
    ['2027-07-01T19:30:00+01:00', 'Africa/Casablanca', '2027-07-01T19:30:00+01:00'],
    ['2020-07-01T19:30:00+03:00', 'Europe/Berlin', '2020-07-01T19:30:00+03:00'],
  ])('%s in %s is %s', (text, zone, told) => expect(at(text, zone)).toBe(told));

  it.each([
    ['2027-03-28T02:30', 'Europe/Berlin', 'goes from 2027-03-28T01:59 to 2027-03-28T03:00'],
    ['2027-07-01T19:30:00+01:00', 'Europe/Berlin', 'that Europe/Berlin has then, +02:00'],
    ['2027-07-01T19:30:00', null, 'no "time_zone"'],
    ['2027-07-01T19:30:00', 'Africa/Casablanca', 'must have an offset'],
    ['2020-07-01T19:30:00', 'Europe/Berlin', 'must have an offset'],
    ['2027-02-30T19:30', 'Europe/Berlin', 'no calendar has'],
    ['tomorrow', 'Europe/Berlin', 'must be a time with a zone'],
  ])('%s in %s is refused', (text, zone, reason) => expect(at(text, zone)).toContain(reason));

  it('that the clock shows twice is the earlier, and says so', () => {
    const time = readTimeIn('2027-10-31T02:30', 'Europe/Berlin');
    expect(time).toMatchObject({
      time: { atMs: Date.parse('2027-10-31T02:30:00+02:00'), utcOffsetMinutes: 120 },
      note: 'comes twice in Europe/Berlin: taken as the earlier, +02:00; the later is +01:00',
    });
  });

  it('is on the day of the venue', () => {
    const atMs = Date.parse('2027-03-01T23:30:00-05:00');
    expect(startDay({ atMs, utcOffsetMinutes: -300 })).toBe('2027-03-01');
    expect(startDay({ atMs, utcOffsetMinutes: null })).toBe('2027-03-02');
  });
});
