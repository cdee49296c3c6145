import { beforeEach, describe, expect, it } from '@jest/globals';

import type { BookCall, BookReply } from '#libs/contracts/payments.js';
import type { BookingId, HoldId, UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Attempt } from '../saga/attempt.js';
import type { SagaRunner } from '../saga/saga-runner.js';
import { Settlements } from '../saga/settlements.js';
import { MemoryAttemptStore, MemoryAttempts } from '../store/memory-attempt-store.js';
import type { AttemptStore, LookBefore } from '../store/attempt-store.js';
import { fakeCatalogue } from '../testing/fake-catalogue.js';
import { BookingService } from './booking-service.js';
import { DeclineWatch } from './declines.js';
import { BookingViews } from './booking-views.js';

const call: BookCall = {
  userId: 'usr_ann' as UserId,
  holdId: 'rsv_show_0123456789abcdefghij' as HoldId,
  paymentToken: 'pm_card_visa',
  idempotencyKey: 'first',
  waitMs: 1_000,
  trace: 'a'.repeat(32),
};

const clock = new VirtualClock();
let booked: Set<BookingId>;
let table: MemoryAttempts;
let restMs = 0;
/** What it finds is of a moment before or after what happens meanwhile. */
let when: 'before' | 'after' = 'before';

beforeEach(() => {
  booked = new Set();
  restMs = 0;
  table = new MemoryAttempts(
    () => clock.nowMs(),
    (bookingId) => (booked.has(bookingId) ? { seats: [], areas: [] } : null),
  );
});

/** A store whose first look takes so long that `meanwhile` is over when it answers. */
class SlowStore extends MemoryAttemptStore {
  constructor(private meanwhile: (() => Promise<unknown>) | null) {
    super(table, 'worker', 60_000);
  }

  override async lookBefore(...of: Parameters<AttemptStore['lookBefore']>): Promise<LookBefore> {
    const { meanwhile } = this;
    this.meanwhile = null;
    if (when === 'before') await meanwhile?.();
    const found = await super.lookBefore(...of);
    if (when === 'after') await meanwhile?.();
    return found;
  }
}

/** A payments process in which whatever is taken on is paid and booked at once. */
function paymentsProcess(meanwhile: (() => Promise<unknown>) | null = null): BookingService {
  const store = new SlowStore(meanwhile);
  const take = (attempt: Attempt): void => {
    const row = table.rows.get(attempt.attemptId)!;
    table.rows.set(attempt.attemptId, { ...row, attempt: { ...attempt, state: 'CAPTURED' } });
    booked.add(attempt.bookingId);
  };
  const runner = { reserve: () => ({}), giveBack: () => undefined, take };
  return new BookingService({
    store,
    views: new BookingViews(fakeCatalogue),
    runner: runner as unknown as SagaRunner,
    settlements: new Settlements(clock, 100, (ids) => store.answerableAmong(ids)),
    catalogue: fakeCatalogue,
    random: systemRandom,
    declines: new DeclineWatch({ clock, log: silentLog() }),
    provider: { restMs: () => restMs },
    log: silentLog(),
  });
}

/** The answers of a process and of another one, which is asked and done in the midst of it. */
async function overtakenBy(key: string): Promise<readonly [BookReply, BookReply]> {
  let faster: BookReply | null = null;
  const other = paymentsProcess();
  const service = paymentsProcess(async () => {
    faster = await other.book({ ...call, idempotencyKey: key });
  });
  const [answer] = await Promise.all([service.book(call), clock.advance(5_000)]);
  return [answer, faster!];
}

describe('a booking that another process makes while this one looks for it', () => {
  it.each(['before', 'after'] as const)(
    'is the answer to its own key, done %s it looked (G4)',
    async (done) => {
      when = done;
      const [answer, faster] = await overtakenBy('first');
      expect(faster.kind).toBe('confirmed');
      expect(answer).toEqual(faster);
    },
  );

  it('is named to another key of the same buyer', async () => {
    when = 'before';
    const [answer, faster] = await overtakenBy('second');
    const { bookingId } = (faster as Extract<BookReply, { kind: 'confirmed' }>).booking;
    expect(answer).toEqual({ kind: 'hold_gone', reason: 'not_found', bookingId });
  });
});

async function answered(service: BookingService, some: Partial<BookCall>): Promise<BookReply> {
  const [answer] = await Promise.all([service.book({ ...call, ...some }), clock.advance(5_000)]);
  return answer;
}

describe('a key that is sent again', () => {
  it('to another release is the same: one that knows no alternative left it out (G4)', async () => {
    const service = paymentsProcess();
    const first = await answered(service, {});
    expect(first.kind).toBe('confirmed');
    const agreed = { acceptAlternative: 'same_category' } as const;
    expect(await answered(service, agreed)).toEqual(first);
    const other = await answered(service, { ...agreed, paymentToken: 'pm_card_amex' });
    expect(other.kind).toBe('key_reused');
  });

  it('is another request where the alternative was agreed to, and is no more', async () => {
    const service = paymentsProcess();
    await answered(service, { acceptAlternative: 'same_category' });
    expect((await answered(service, {})).kind).toBe('key_reused');
  });
});

describe('a booking while the provider fails', () => {
  it('is told at once when to come back, and nothing is begun', async () => {
    const service = paymentsProcess();
    restMs = 1_700;
    const away = await answered(service, {});
    expect(away).toEqual({ kind: 'unavailable', retryAfterMs: 1_700 });
    expect([table.rows.size, service.turnedAway.value]).toEqual([0, 1]);
    restMs = 0;
    expect((await answered(service, {})).kind).toBe('confirmed');
    // What is known is answered, however the provider is.
    restMs = 1_700;
    expect((await answered(service, {})).kind).toBe('confirmed');
  });

  it('goes on where seats cost nothing: no card is asked', async () => {
    restMs = 1_700;
    const free = await answered(paymentsProcess(), { paymentToken: '' });
    expect(free.kind).toBe('confirmed');
  });
});
