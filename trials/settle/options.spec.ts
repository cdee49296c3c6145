import { describe, expect, it } from '@jest/globals';
import { parseOptions, type SettleOptions } from './options.js';

const optionsOf = (...args: string[]): SettleOptions => {
  const parsed = parseOptions(args);
  if (parsed.kind !== 'options') throw new Error(JSON.stringify(parsed));
  return parsed.options;
};

describe('npm run settle', () => {
  it('breaks everything until two thousand bookings are confirmed, unless told otherwise', () => {
    const usual = { trial: 'faults', bookings: 2_000, webhooks: 'late', json: false };
    expect(optionsOf()).toMatchObject(usual);
    const told = optionsOf('--bookings', '50', '--webhooks', 'thrice', '--seed', '7');
    expect(told).toMatchObject({ bookings: 50, webhooks: 'thrice', seed: 7 });
  });

  it('is one of two other trials where their rate is given', () => {
    const lost = { trial: 'lost', perSecond: 50, minutes: 10, lostPercent: 2 };
    expect(optionsOf('--rate', '50')).toMatchObject(lost);
    const checkout = { trial: 'checkout', perSecond: 200, seconds: 30 };
    expect(optionsOf('--checkout', '200')).toMatchObject(checkout);
  });

  it.each([
    [['--bookings', '1'], '--bookings wants a number from 5 to 20000, not "1"'],
    [['--webhooks', 'twice'], '--webhooks wants one of late, thrice, none, not "twice"'],
    [['--rate', '50', '--lost', '51'], '--lost wants a number from 0 to 50, not "51"'],
    [['--rate', '50', '--bookings', '9'], '--bookings does not go with this trial, see --help'],
    [['--checkout', '0'], '--checkout wants a number from 1 to 1000, not "0"'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j in one line', (args, message) => {
    const parsed = parseOptions(args);
    expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) });
    expect((parsed as { message: string }).message).not.toContain('\n');
  });

  it('explains itself', () => {
    expect(parseOptions(['--help']).kind).toBe('help');
  });
});
