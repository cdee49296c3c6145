import { describe, expect, it } from '@jest/globals';
import { releaseBefore } from './older-build.js';
import { helpText, parseOptions, type UpgradeOptions } from './options.js';

const optionsOf = (...args: string[]): UpgradeOptions => {
  const parsed = parseOptions(args);
  if (parsed.kind !== 'options') throw new Error(JSON.stringify(parsed));
  return parsed.options;
};

describe('npm run upgrade', () => {
  it('replaces the release before unless told otherwise', () => {
    expect(optionsOf()).toMatchObject({ from: null, revision: releaseBefore, json: false });
    const told = optionsOf('--from', '../older', '--buyers', '30', '--settle', '2');
    expect(told).toMatchObject({ from: '../older', buyers: 30, settleMs: 2_000 });
    expect(helpText).toContain(releaseBefore.slice(0, 12));
  });

  it.each([
    [['--buyers', '5'], '--buyers wants a number from 10 to 2000, not "5"'],
    [['--settle', '0'], '--settle wants a number from 1 to 60, not "0"'],
    [['--revision=--help'], '--revision wants a commit, not "--help"'],
    [['--revision', 'a b'], '--revision wants a commit, not "a b"'],
    [['--fast'], /Unknown option '--fast'/],
    [['now'], /Unexpected argument 'now'/],
  ])('refuses %j in one line', (args, message) => {
    const parsed = parseOptions(args);
    expect(parsed).toMatchObject({ kind: 'wrong', message: expect.stringMatching(message) });
    expect((parsed as { message: string }).message).not.toContain('\n');
  });
});
