import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import type { HoldId, UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import type { CallResult, InventoryClient } from '#libs/routing/inventory-call.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { PaymentProvider, ProviderResult } from '../provider/provider.js';
import { SagaRunner } from '../saga/saga-runner.js';
import type { StepType } from '../saga/decide-saga.js';
import { Settlements } from '../saga/settlements.js';
import type { AttemptStore } from '../store/attempt-store.js';
import { MemoryAttempts, MemoryAttemptStore } from '../store/memory-attempt-store.js';
import { fakeCatalogue, showId } from '../testing/fake-catalogue.js';
import { BookingService } from './booking-service.js';
import { BookingViews } from './booking-views.js';
import { DeclineWatch } from './declines.js';

const leaseMs = 10_000;
const call: BookCall = {
  userId: 'usr_ann' as UserId,
  holdId: 'rsv_show_0123456789abcdefghij' as HoldId,
  paymentToken: 'pm_card_visa',
  idempotencyKey: 'first',
  waitMs: 8_000,
  trace: 'a'.repeat(32),
};

let clock: VirtualClock;
let table: MemoryAttempts;
/** Each is one statement of the table of attempts. */
let statements: string[];
/** What the owner and the provider were asked, with the keys by which they know it again. */
let asked: string[];
let captured: ProviderResult;
let runners: SagaRunner[];

const accepted = (outcome: object): CallResult =>
  ({
    ...{ kind: 'answered', replayed: false },
    answer: { kind: 'accepted', outcome },
  }) as unknown as CallResult;

const intent = (status: string): ProviderResult =>
  ({ kind: 'intent', intent: { id: 'pi_1', status, declineCode: null } }) as ProviderResult;

beforeEach(() => {
  clock = new VirtualClock();
  table = new MemoryAttempts(
    () => clock.nowMs(),
    () => null,
  );
  [statements, asked, runners] = [[], [], []];
  captured = intent('captured');
});

afterEach(async () => {
  const stopped = Promise.all(runners.map((runner) => runner.stop()));
  await clock.advance(1_000);
  await stopped;
});

function countedStore(worker: string): AttemptStore {
  const store = new MemoryAttemptStore(table, worker, leaseMs);
  return new Proxy(store, {
    get(of, name: keyof AttemptStore) {
      const ask = of[name];
      if (typeof ask !== 'function') return ask;
      return (...about: unknown[]) => {
        const state = name === 'advance' ? ` ${(about[1] as { state: string }).state}` : '';
        statements.push(name + state);
        return (ask as (...of: unknown[]) => unknown).apply(of, about);
      };
    },
  });
}

function paymentsProcess(
  worker: string,
  failpoint?: (at: 'before' | 'after', step: StepType) => void,
): { readonly service: BookingService; readonly runner: SagaRunner } {
  const store = countedStore(worker);
  const settlements = new Settlements(clock, 100_000, (ids) => store.answerableAmong(ids));
  const owner: InventoryClient['call'] = ({ request, commandId }) => {
    asked.push(commandId);
    if (request.type !== 'BeginPayment') return Promise.resolve(accepted({ type: 'done' }));
    const deadlineMs = clock.nowMs() + 600_000;
    const hold = { type: 'hold', seats: [4], areas: [], totalMinor: 5_000, deadlineMs };
    return Promise.resolve(accepted(hold));
  };
  const provider = {
    authorise: () => Promise.resolve(intent('authorised')),
    capture: (_id: string, key: string) => {
      asked.push(key);
      return Promise.resolve(captured);
    },
  } as unknown as PaymentProvider;
  const runner = new SagaRunner({
    store,
    settlements,
    ports: {
      inventory: { call: owner } as InventoryClient,
      provider,
      bookedPlaces: () => Promise.resolve(null),
      lookLate: () => Promise.resolve(null),
      clock,
      leaseMs,
    },
    clock,
    random: systemRandom,
    log: silentLog(),
    inWorkMax: 16,
    scanMs: 100,
    ...(failpoint === undefined ? {} : { failpoint }),
  });
  runners.push(runner);
  const service = new BookingService({
    store,
    views: new BookingViews(fakeCatalogue),
    runner,
    settlements,
    catalogue: fakeCatalogue,
    random: systemRandom,
    declines: new DeclineWatch({ clock, log: silentLog() }),
    provider: { restMs: () => 0 },
    log: silentLog(),
  });
  return { service, runner };
}

async function booked(service: BookingService): Promise<BookReply> {
  const [answer] = await Promise.all([service.book(call), clock.advance(9_000)]);
  return answer;
}

const row = () => {
  const [{ attempt }] = table.rows.values();
  return { ...attempt, short: attempt.attemptId };
};

describe('a booking', () => {
  it('costs five statements of payments, beside the batch that sells its seats', async () => {
    const answer = await booked(paymentsProcess('one').service);
    expect(answer).toMatchObject({ kind: 'confirmed', booking: { eventId: showId } });
    expect(statements).toEqual([
      ...['lookBefore', 'insert', 'advance AUTHORISING', 'advance AUTHORISED'],
      'advance CAPTURED',
    ]);
  });

  it('that is booked when its process dies is paid once by another (SR1)', async () => {
    const dead = paymentsProcess('one', (at, step) => {
      if (at === 'before' && step === 'capture') throw new Error('killed here');
    });
    await booked(dead.service);
    expect(row().state).toBe('AUTHORISED');
    paymentsProcess('two').runner.start();
    await clock.advance(2 * leaseMs);
    const { state, short } = row();
    expect(state).toBe('CAPTURED');
    expect(asked).toEqual([
      ...[`pay.${short}.begin`, `pay.${short}.book`, `pay.${short}.book`],
      `${short}.capture`,
    ]);
    expect(table.ledger).toHaveLength(2);
  });

  it('that cannot be captured at once is stored as booked, to be captured later', async () => {
    captured = { kind: 'unclear', reason: 'the bank is slow' } as ProviderResult;
    const { service, runner } = paymentsProcess('one');
    await booked(service);
    expect(row()).toMatchObject({ state: 'BOOKED', tries: 1, error: 'the bank is slow' });
    captured = intent('captured');
    runner.start();
    await clock.advance(leaseMs);
    expect(row().state).toBe('CAPTURED');
    expect(asked.filter((key) => key.endsWith('.book'))).toHaveLength(1);
  });

  it('whose authorisation is lost before the capture gives its seats back', async () => {
    captured = intent('cancelled');
    const answer = await booked(paymentsProcess('one').service);
    expect(answer.kind).toBe('declined');
    expect(row()).toMatchObject({ state: 'FAILED', reason: 'authorisation_lost' });
    expect(asked.at(-1)).toBe(`pay.${row().short}.cancel`);
  });
});
