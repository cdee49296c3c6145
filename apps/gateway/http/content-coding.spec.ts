import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { codingFor } from './content-coding.js';

describe('the coding of an answer', () => {
  it.each([
    ['', 'identity'],
    ['identity', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['GZIP;Q=1, BR;Q=0.5', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['*', 'br'],
    ['*;q=0', 'identity'],
    ['identity;q=0', 'identity'],
    ['gzip;q=0, identity;q=0', 'identity'],
    ['gzip, identity;q=0', 'gzip'],
    ['*;q=0, identity;q=0', 'identity'],
    ['gzip;q=0.001', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['deflate, zstd', 'identity'],
    ['gzip;q=2', 'identity'],
    ['gzip;q=', 'identity'],
    [',, ;q=1 ,gzip', 'gzip'],
  ])('for "%s" is %s', (header, coding) => {
    expect(codingFor(header)).toBe(coding);
  });

  it('is worked out for any number of headers in bounded memory', () => {
    for (let i = 0; i < limits.codingsRememberedMax * 3; i++)
      codingFor(`gzip;q=0.${i % 1000}, x${i}`);
    expect(codingFor('gzip')).toBe('gzip');
  });
});
