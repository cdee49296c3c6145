import { beforeEach, describe, expect, it } from '@jest/globals';

import { makeHoldId } from '#libs/contracts/ids.js';
import { limits } from '#libs/contracts/limits.js';
import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import type { EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Attempt } from '../saga/attempt.js';
import type { SagaRunner } from '../saga/saga-runner.js';
import { Settlements } from '../saga/settlements.js';
import { cardFingerprintOf } from '../simulator/test-cards.js';
import { MemoryAttemptStore, MemoryAttempts } from '../store/memory-attempt-store.js';
import { fakeCatalogue } from '../testing/fake-catalogue.js';
import { BookingService } from './booking-service.js';
import { BookingViews } from './booking-views.js';
import { DeclineWatch } from './declines.js';

let clock: VirtualClock;
let table: MemoryAttempts;
let asked: string[];
let calls = 0;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  table = new MemoryAttempts(
    () => clock.nowMs(),
    () => null,
  );
});

/** A payments process whose provider answers at once: cards are declined that say so. */
function paymentsProcess(settles = true): BookingService {
  const store = new MemoryAttemptStore(table, 'worker', 60_000);
  const settlements = new Settlements(clock, 100, (ids) => store.answerableAmong(ids));
  const take = (attempt: Attempt): void => {
    const token = attempt.paymentToken ?? '';
    asked.push(token);
    queueMicrotask(() => settlements.begun(attempt.attemptId));
    if (!settles) return;
    const card = cardFingerprintOf(token);
    const to = token.includes('Declined')
      ? ({ state: 'DECLINED', verdict: 'DECLINED', card } as const)
      : ({ state: 'CAPTURED' } as const);
    void store.advance(attempt, to, 0);
  };
  const runner = { reserve: () => ({}), giveBack: () => undefined, take };
  return new BookingService({
    store,
    views: new BookingViews(fakeCatalogue),
    runner: runner as unknown as SagaRunner,
    settlements,
    catalogue: fakeCatalogue,
    random: systemRandom,
    declines: new DeclineWatch({ clock, log: silentLog() }),
    provider: { restMs: () => 0 },
    log: silentLog(),
  });
}

const someHold = (): HoldId => makeHoldId('evt_show' as EventId, systemRandom.token(20));

function pay(service: BookingService, some: Partial<BookCall>): Promise<BookReply> {
  calls += 1;
  return service.book({
    userId: `usr_${calls}` as UserId,
    holdId: someHold(),
    paymentToken: `pm_1card${calls}_chargeDeclined`,
    idempotencyKey: `k${calls}`,
    waitMs: 0,
    ...some,
  });
}

const good = (): string => `pm_1good${calls}_visa`;

async function kindsOf(count: number, call: () => Promise<BookReply>): Promise<string[]> {
  const kinds: string[] = [];
  for (let i = 0; i < count; i += 1) kinds.push((await call()).kind);
  return kinds;
}

const shared = { userId: 'usr_ann' as UserId, holdId: someHold() };

describe('a buyer whose cards are declined', () => {
  it('pays with the fourth card after three mistakes', async () => {
    const service = paymentsProcess();
    expect(await kindsOf(3, () => pay(service, shared))).toEqual(Array(3).fill('declined'));
    const paid = await pay(service, { ...shared, paymentToken: good() });
    expect(paid.kind).toBe('confirmed');
  });

  it('has few tries for one reservation, whichever process he asks', async () => {
    const services = [paymentsProcess(), paymentsProcess(), paymentsProcess()];
    let turn = 0;
    const kinds = await kindsOf(112, () => pay(services[turn++ % 3], shared));
    expect(kinds.filter((kind) => kind === 'declined')).toHaveLength(4);
    expect(asked).toHaveLength(4);
    const refused = await pay(services[0], shared);
    expect(refused).toMatchObject({ kind: 'unavailable', tooManyDeclines: true });
  });

  it('waits longer after each, and may then try again', async () => {
    const service = paymentsProcess();
    await kindsOf(4, () => pay(service, shared));
    const waits: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const refused = await pay(service, shared);
      if (refused.kind !== 'unavailable') throw new Error(refused.kind);
      waits.push(refused.retryAfterMs);
      await clock.advance(refused.retryAfterMs);
      expect((await pay(service, shared)).kind).toBe('declined');
    }
    expect(waits[1]).toBeGreaterThan(waits[0]);
    expect(waits[2]).toBeGreaterThan(waits[1]);
  });

  it('is told again how an attempt ended that was made, by its key (CT2)', async () => {
    const service = paymentsProcess();
    const first = { ...shared, idempotencyKey: 'first', paymentToken: 'pm_1a_chargeDeclined' };
    expect((await pay(service, first)).kind).toBe('declined');
    await kindsOf(5, () => pay(service, shared));
    expect((await pay(service, first)).kind).toBe('declined');
  });

  it('is as good as new after an hour', async () => {
    const service = paymentsProcess();
    await kindsOf(10, () => pay(service, shared));
    await clock.advance(limits.declinesWithinMs + 1);
    expect((await pay(service, { ...shared, paymentToken: good() })).kind).toBe('confirmed');
  });
});

describe('who tries cards in another way', () => {
  it('has few tries as one buyer of many reservations', async () => {
    const service = paymentsProcess();
    const { userId } = shared;
    const kinds = await kindsOf(50, () => pay(service, { userId }));
    expect(kinds.filter((kind) => kind === 'declined')).toHaveLength(6);
  });

  it('has few payments under way at once (CT3)', async () => {
    const slow = paymentsProcess(false);
    const { userId } = shared;
    await kindsOf(50, () => pay(slow, { userId }));
    expect(asked).toHaveLength(limits.buyerPaymentsMax);
  });

  it('has few tries of one card, whoever he says he is', async () => {
    const service = paymentsProcess();
    const paymentToken = 'pm_1stolen_chargeDeclinedIncorrectCvc';
    const kinds = await kindsOf(50, () => pay(service, { paymentToken }));
    expect(kinds.filter((kind) => kind === 'declined')).toHaveLength(4);
    // Another card of another buyer is none of his.
    expect((await pay(service, { paymentToken: good() })).kind).toBe('confirmed');
  });

  it('has a bounded number from one address, and more than one buyer has', async () => {
    const service = paymentsProcess();
    const kinds = await kindsOf(200, () => pay(service, { addressKey: 'addressmark' }));
    expect(kinds.filter((kind) => kind === 'declined')).toHaveLength(31);
    expect((await pay(service, { paymentToken: good() })).kind).toBe('confirmed');
  });

  it('is no reason to refuse a test card of the provider’s, which is everybody’s', async () => {
    const service = paymentsProcess();
    const paymentToken = 'pm_card_chargeDeclined';
    const kinds = await kindsOf(20, () => pay(service, { paymentToken }));
    expect(new Set(kinds)).toEqual(new Set(['declined']));
  });
});

describe('the alarm', () => {
  it('is counted for each payment, and said once a minute', async () => {
    const lines: object[] = [];
    const log = { ...silentLog(), warn: (line: object) => void lines.push(line) };
    const watch = new DeclineWatch({ clock, log: log as never });
    const nothing = { count: 0, agoMs: 0 };
    const declines = { buyer: nothing, card: nothing, address: nothing, live: 0 };
    const call = { ...shared, paymentToken: '', idempotencyKey: '', waitMs: 0 };
    const tooMany = { ...declines, reservation: { count: 9, agoMs: 0 } };
    for (let i = 0; i < 7; i += 1) expect(watch.waitMs(tooMany, call)).toBeGreaterThan(0);
    expect(watch.refused.reservation.value).toBe(7);
    expect(lines).toHaveLength(1);
    await clock.advance(limits.declinesAlarmMs);
    watch.waitMs(tooMany, call);
    expect(lines).toMatchObject([{ refused: 1 }, { refused: 7, shared: 'reservation' }]);
  });
});
