import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { DisputeResult, DisputeSeen, DisputesFound } from '../provider/provider.js';
import type { Dispute } from './dispute.js';
import { DisputeRunner } from './dispute-runner.js';

const known = { disputeId: 'du_1', status: null, tries: 0 } as Dispute;
const open = {
  ...{ kind: 'dispute', id: 'du_1', attemptId: null, status: 'needs_response' },
} as DisputeSeen;

let done: string[];
let due: Dispute[];
let answer: DisputeResult;
let found: DisputesFound;

beforeEach(() => {
  [done, due, answer] = [[], [], open];
  found = { kind: 'found', ids: ['du_1'] };
});

async function work(ms: number): Promise<void> {
  const clock = new VirtualClock();
  const ports = {
    table: {
      find: (ids: readonly string[]) => {
        done.push(`found ${ids.join()}`);
        due.push(known);
        return Promise.resolve(ids.length);
      },
      claimDue: () => Promise.resolve(due.splice(0)),
      see: (_dispute: Dispute, { id }: { id: string }, nextLookMs: number) => {
        done.push(`saw ${id}, next in ${nextLookMs}`);
        return Promise.resolve(true);
      },
      miss: (_dispute: Dispute, error: string, isOver: boolean) => {
        done.push(`missed: ${error}${isOver ? ', for good' : ''}`);
        return Promise.resolve();
      },
    },
    provider: {
      askDispute: () => Promise.resolve(answer),
      disputesSince: () => Promise.resolve(found),
    },
    ...{ clock, random: systemRandom, scanMs: 1_000 },
    log: Object.assign(silentLog(), {
      error: (_about: object, text: string) => done.push(`error: ${text}`),
    }),
  };
  const runner = new DisputeRunner(ports);
  runner.start();
  await clock.advance(ms);
  await runner.stop();
}

const saw = `saw du_1, next in ${limits.disputePollMs}`;

describe('a dispute', () => {
  it('is looked at when somebody spoke of it, and once', async () => {
    due = [known];
    await work(10_000);
    expect(done).toEqual([saw]);
  });

  it('that was lost is asked for once a day, and who wins it after that is told', async () => {
    const lost = { ...open, status: 'lost' };
    [due, answer] = [[known], lost];
    await work(1);
    [due, answer] = [[{ ...known, status: 'lost' }], { ...open, status: 'won', attemptId: 'a' }];
    await work(1);
    expect(done).toEqual([
      `saw du_1, next in ${limits.disputeLostPollMs}`,
      ...[saw, 'error: a lost payment is back'],
    ]);
  });

  it('is found though nobody spoke of it', async () => {
    await work(limits.disputesListMs);
    expect(done).toEqual(['found du_1', saw]);
  });

  it('is looked for again when the provider does not answer', async () => {
    found = { kind: 'unclear', reason: 'timeout' };
    await work(limits.disputesListMs);
    expect(done).toEqual([]);
  });

  it('is asked for again when nothing was heard, and not when there is none', async () => {
    due = [known];
    answer = { kind: 'unclear', reason: 'timeout' };
    await work(1);
    due = [known];
    answer = { kind: 'refused', code: 'resource_missing', fault: 'request' };
    await work(1);
    due = [known];
    answer = { kind: 'refused', code: 'invalid_api_key', fault: 'access' };
    await work(1);
    expect(done).toEqual([
      'missed: timeout',
      'missed: resource_missing, for good',
      'missed: invalid_api_key',
    ]);
  });
});
