import { expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import { DatabaseAnswers } from './database-answers.js';

it('a database is away when it said nothing for a while, until it answers (DA1)', async () => {
  const clock = new VirtualClock();
  const answers = new DatabaseAnswers(clock);
  await clock.advance(limits.databaseSilentMs);
  expect(answers.away).toBe(false);
  await clock.advance(1);
  expect(answers.away).toBe(true);
  answers.answered();
  expect(answers.away).toBe(false);
});
