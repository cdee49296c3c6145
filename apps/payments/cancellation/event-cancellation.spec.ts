import { describe, expect, it } from '@jest/globals';

import { afterRound } from './event-cancellation.js';

describe('a round over the bookings of a cancelled event', () => {
  it.each([
    ['done when nothing passes and nothing is open', { passing: 0, open: 0 }, 'done'],
    ['waited for while refunds are under way', { passing: 0, open: 3 }, 'wait'],
    ['begun again for a payment that is being captured (EC3)', { passing: 1, open: 0 }, 'again'],
    ['begun again though refunds are under way', { passing: 1, open: 3 }, 'again'],
  ] as const)('is %s', (_what, count, after) => {
    expect(afterRound(count)).toBe(after);
  });
});
