import { describe, expect, it } from '@jest/globals';
import { cancellationIn } from './cancellation.js';
import { checkEventFile, type EventFile } from './event-file.js';

const startsAtMs = Date.UTC(2027, 2, 1, 18, 30);

const checked = (cancellation: unknown, currency = 'GBP') =>
  checkEventFile({
    ...{ name: 'Hamlet', venue: 'Old Theatre', city: 'Leeds', currency },
    start: '2027-03-01T19:30:00+01:00',
    prices: { Stalls: '90' },
    ...(cancellation === undefined ? {} : { cancellation }),
  });

function read(cancellation: unknown): EventFile {
  const file = checked(cancellation);
  if (file.kind === 'valid') return file.value;
  throw new Error(JSON.stringify(file.problems));
}

const wrong = (cancellation: unknown, currency?: string): string => {
  const file = checked(cancellation, currency);
  return file.kind === 'valid' ? '' : `${file.problems[0].path} ${file.problems[0].message}`;
};

describe('whether buyers may cancel', () => {
  it('is said by hours before the start or by a time, with a fee of each place', () => {
    expect(read({ until: 24, fee: '2.50' }).cancellation).toEqual({
      untilMs: startsAtMs - 24 * 3_600_000,
      feeMinor: 250,
      keepsBookingFee: false,
    });
    expect(read({ until: '2027-02-01T00:00Z' }).cancellation).toEqual({
      untilMs: Date.UTC(2027, 1, 1),
      feeMinor: 0,
      keepsBookingFee: false,
    });
    expect(read({ until: 24, keep_booking_fee: true }).cancellation).toMatchObject({
      ...{ feeMinor: 0, keepsBookingFee: true },
    });
  });

  it('is not said, or said to be not, which is another thing for an event that is there', () => {
    expect('cancellation' in read(undefined)).toBe(false);
    expect(read(null).cancellation).toBeNull();
  });

  it.each([
    [{ until: '2027-03-01T19:31:00+01:00' }, /^cancellation.until must not be after the start/],
    [{ until: 'soon' }, /^cancellation.until must be a time/],
    [{ until: -1 }, /^cancellation/],
    [{ fee: '1' }, /^cancellation/],
    [{ until: 1, fee: '2.505' }, /^cancellation.fee must be an amount with at most 2 decimals/],
    [{ until: 1, fee: 2 }, /^cancellation/],
    [{ until: 1, fees: '2' }, /^cancellation/],
  ])('is refused where nobody could tell what it means: %j', (said, message) => {
    expect(wrong(said)).toMatch(message);
  });

  it('keeps no fee that leaves an amount which cannot go back', () => {
    expect(wrong({ until: 1, fee: '1.005' }, 'KWD')).toMatch(/^cancellation.fee is finer/);
    expect(wrong({ until: 1, fee: '1.010' }, 'KWD')).toBe('');
  });

  it('keeps its fee in the decimals of the event, or cannot', () => {
    const rule = { untilMs: 1, feeMinor: 250, keepsBookingFee: true };
    expect(cancellationIn(rule, 2, 3)).toEqual({ ...rule, feeMinor: 2_500 });
    expect(cancellationIn(rule, 2, 0)).toBe('too_fine');
    expect(cancellationIn(null, 2, 0)).toBeNull();
  });
});
