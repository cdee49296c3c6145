import { describe, expect, it } from '@jest/globals';
import { statementsIn } from './statement-log.js';

describe('the statements in the log of a server', () => {
  it('are those that were executed, whole, by who asked, and nothing else', () => {
    const log = [
      'hf-payments|LOG:  execute <unnamed>: SELECT 1',
      "hf-payments|DETAIL:  Parameters: $1 = 'a'",
      'hf-writer x1|LOG:  execute append: ',
      '\tWITH given AS (',
      '\t  SELECT 1)',
      'hf-payments|LOG:  statement: BEGIN',
      '|LOG:  received SIGHUP, reloading configuration files',
      'hf-payments|ERROR:  canceling statement due to user request',
      '',
    ];
    expect([...statementsIn(log.join('\n'))]).toEqual([
      ['hf-payments', 'SELECT 1'],
      ['hf-writer x1', 'WITH given AS ( SELECT 1)'],
      ['hf-payments', 'BEGIN'],
    ]);
  });
});
