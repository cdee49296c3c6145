import { createConfig, lint } from '@redocly/openapi-core';
import { describe, expect, it } from '@jest/globals';

describe('docs/openapi.json', () => {
  it('has no error in the eyes of a linter that others use', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lint({ ref: 'docs/openapi.json', config });
    const told = problems.map(({ severity, ruleId, message, location: [place] }) => {
      return `${severity} ${ruleId} ${place.pointer ?? ''}: ${message}`;
    });
    expect(told.filter((problem) => problem.startsWith('error'))).toEqual([]);
    // Probes are answered whatever the client does.
    expect(told.filter((problem) => !/4xx-response #\/paths\/~1[a-z]+\/get/.test(problem))).toEqual(
      [],
    );
  });
});
