import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#ops/system/paths.js';
import { families, mutations, quickNames } from './all.js';
import { edit, type Mutation } from './mutation.js';
import { KeptOutcomes, type Outcome } from './outcome.js';
import { runMutations } from './run-mutations.js';

/** A part of npm run mutation, so that the tool and the guards cannot drift apart unseen. */
function run(some: readonly Mutation[]): Promise<readonly Outcome[]> {
  const kept = new KeptOutcomes(projectRoot, null);
  const tell = (): void => undefined;
  const how = { jobs: 1, baseline: false, kept, tell };
  return runMutations({ project: projectRoot, mutations: some, ...how });
}

describe('npm run mutation', () => {
  it('has one or two of each family in its quick part', () => {
    const counts = Object.entries(families).map(([family, members]) => {
      const quick = members.filter(({ name }) => quickNames.includes(name));
      return [family, quick.length];
    });
    expect(counts.filter(([, count]) => count !== 1 && count !== 2)).toEqual([]);
    expect(new Set(quickNames).size).toBe(quickNames.length);
  });

  it('finds a test that notices each of them', async () => {
    const outcomes = await run(mutations.filter(({ name }) => quickNames.includes(name)));
    expect(outcomes.filter(({ verdict }) => verdict !== 'caught')).toEqual([]);
    expect(outcomes).toHaveLength(quickNames.length);
  }, 480_000);

  it('tells what nobody notices, and what is not code any more, from what is caught', async () => {
    const mailbox = {
      guarantee: 'G8',
      guard: 'none',
      file: 'libs/actor/mailbox.ts',
      specs: ['libs/actor/mailbox.spec.ts'],
    } as const;
    const outcomes = await run([
      { ...mailbox, name: 'comment', edits: edit('A bounded queue', 'A queue with a bound') },
      { ...mailbox, name: 'syntax', edits: edit('this.count += 1;', 'this.count + = 1;') },
      { ...mailbox, name: 'name', edits: edit('this.count += 1;', 'noSuchThing += 1;') },
      { ...mailbox, name: 'bound', edits: edit('if (this.count === this.itemsMax)', 'if (false)') },
    ]);
    expect(outcomes.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['comment', 'survived'],
      ['syntax', 'inconclusive'],
      ['name', 'inconclusive'],
      ['bound', 'caught'],
    ]);
  }, 120_000);
});
