import { beforeEach, describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import { keyLifetimeMs, type RefundResult } from '../provider/provider.js';
import type { Refund } from './refund.js';
import { RefundRunner, type RefundPorts } from './refund-runner.js';

const leaseMs = limits.refundLeaseMs;
const freed = {
  ...{ refundId: 'rfd_1', intentId: 'pi_1', state: 'SEATS_FREED', amountMinor: 100 },
  ...{ tries: 1, keyNo: 0, leaseNo: 2 },
} as Refund;
const found: RefundResult = { kind: 'refund', id: 're_1', status: 'succeeded', failure: '' };

let clock: VirtualClock;
let done: string[];
/** What happens while the database renews the lease; whether it did. */
let renew: () => Promise<boolean>;
let known: RefundResult | null;
let notAfterMs: number;
/** For how long the provider is asked too often. */
let waitMs: number;

beforeEach(() => {
  clock = new VirtualClock();
  [done, known, notAfterMs] = [[], null, NaN];
  renew = () => Promise.resolve(true);
  waitMs = 0;
});

async function work(ms = 1): Promise<void> {
  const untilMs = clock.nowMs() + waitMs;
  const due = [freed];
  const ports = {
    table: {
      leaseMs,
      claimDue: () => Promise.resolve(due.splice(0)),
      renew: () => renew(),
      advance: (refund: Refund, to: object) => {
        done.push('kept');
        return Promise.resolve({ ...refund, ...to });
      },
    },
    provider: {
      findRefund: () => {
        done.push('looked');
        return Promise.resolve(known);
      },
      sendRefund: (_request: object, untilMs: number) => {
        done.push('sent');
        notAfterMs = untilMs;
        return Promise.resolve(found);
      },
    },
    patience: { waitMs: () => Math.max(0, untilMs - clock.nowMs()) },
    ...{ clock, random: systemRandom, log: silentLog(), scanMs: 1_000 },
  };
  const runner = new RefundRunner(ports as unknown as RefundPorts);
  runner.start();
  await clock.advance(ms);
  await runner.stop();
}

describe('a refund that may have been sent', () => {
  it('is looked for, and sent within the lease of who sends it', async () => {
    const fromMs = clock.nowMs();
    await work();
    expect(done).toEqual(['looked', 'sent', 'kept']);
    expect(notAfterMs).toBeLessThan(fromMs + leaseMs);
    expect(notAfterMs).toBeGreaterThan(fromMs + limits.providerTimeoutMs);
  });

  it('waits while the provider is asked too often, and goes on by itself', async () => {
    waitMs = 1_500;
    await work(1_400);
    expect(done).toEqual([]);
    await work(2_001);
    expect(done).toEqual(['looked', 'sent', 'kept']);
  });

  it('is not sent when it is found', async () => {
    known = found;
    await work();
    expect(done).toEqual(['looked', 'kept']);
  });

  it('is neither sent nor kept by who lost it to another while he slept', async () => {
    renew = () => Promise.resolve(false);
    await work();
    expect(done).toEqual(['looked']);
  });

  it('is late when its worker slept for a day over the answer that it is his', async () => {
    renew = () => {
      clock.jump(keyLifetimeMs + 24 * 3_600_000);
      return Promise.resolve(true);
    };
    await work();
    expect(notAfterMs).toBeLessThan(clock.nowMs());
  });
});
