import { pricesOf, type BookedPrices } from '#apps/payments/refunds/booked-prices.js';
import type {
  MemoryRefunds,
  MemoryRefundTable,
} from '#apps/payments/refunds/memory-refund-table.js';
import type { RefundAsk, Requested } from '#apps/payments/refunds/refund-ask.js';
import type { RefundId } from '#apps/payments/refunds/refund.js';
import type { RefundWish } from '#apps/payments/refunds/what-goes-back.js';
import type { Attempt } from '#apps/payments/saga/attempt.js';
import { derivedTrace } from '#libs/platform/trace.js';
import { factsOf } from '../ground/facts-of.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Bank } from './bank.js';
import type { BankDisputes } from './bank-disputes.js';
import type { Ground } from '../ground/ground.js';

/** What somebody was told who asked for a refund; null: nothing, or that it failed. */
export interface ToldOfRefund {
  readonly ask: RefundAsk;
  readonly reply: Requested;
}

/** Where they ask: some payments process. */
export interface RefundCounter {
  readonly refunds: MemoryRefunds;
  readonly bank: Pick<Bank, 'leftOf'>;
  readonly bankDisputes: Pick<BankDisputes, 'isLost'>;
  readonly toldOfRefunds: ToldOfRefund[];
  askForRefund(ask: RefundAsk, random: SeededRandom): Promise<Requested | null>;
}

const triesMax = 4;
const financeMs = 2_000;

/**
 * Support gives bookings back, some of their places, or an amount; buyers cancel what they bought;
 * both ask twice, under one key, at whichever process, and at the same time. Finance has what
 * failed tried once more.
 */
export class RefundPeople {
  private made = 0;

  constructor(
    private readonly counter: RefundCounter,
    private readonly table: Pick<MemoryRefundTable, 'retry' | 'close'>,
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

  start(): void {
    this.ground.clock.every(financeMs, () => this.retryFailed());
    this.schedule();
  }

  private schedule(): void {
    const { ground, random } = this;
    const perMinute = ground.swarm.intensity.give_back;
    if (perMinute === 0) return;
    ground.clock.after(random.waitMs(perMinute), () => {
      if (ground.weather.calm) return;
      this.giveBack();
      this.schedule();
    });
  }

  private giveBack(): void {
    const { counter, random, ground } = this;
    const paid = [...counter.refunds.attempts.rows.values()]
      .map(({ attempt }) => attempt)
      .filter(({ state }) => state === 'CAPTURED' || state === 'BOOKED');
    if (paid.length === 0) return;
    ground.weather.count('give_back');
    const attempt = random.pick(paid);
    const ask = this.askFor(attempt);
    void this.insist(ask);
    if (random.chance(0.3)) void this.insist(ask);
    // Somebody else wants it back at the same time.
    if (random.chance(0.3)) void this.insist(this.askFor(attempt));
  }

  private askFor(attempt: Attempt): RefundAsk {
    const { random } = this;
    this.made += 1;
    const no = this.made;
    const isBuyer = random.chance(0.4);
    const wish = this.wishOf(attempt, isBuyer);
    const asker = isBuyer ? attempt.userId : 'sue';
    return {
      refundId: `rfd_${no}` as RefundId,
      bookingId: attempt.bookingId,
      userId: isBuyer ? attempt.userId : null,
      asker,
      requestKey: `refund-${no}`,
      fingerprint: JSON.stringify([no, wish]),
      role: isBuyer ? 'buyer' : 'support',
      reason: 'asked for it',
      offSale: false,
      terms: {
        wish,
        prices: this.pricesOf(attempt),
        feePerPlaceMinor: isBuyer ? 0 : random.below(2) * 50,
        currency: null,
      },
      ...(isBuyer ? { cancelling: { amountMinor: null } } : {}),
      trace: derivedTrace(`refund ${no}`),
    };
  }

  private wishOf({ seats, amountMinor }: Attempt, isBuyer: boolean): RefundWish {
    const { random } = this;
    const kind = random.fraction();
    if (kind < 0.3 && seats.length > 0) {
      return { what: 'places', seats: [random.pick(seats)], areas: [] };
    }
    if (kind < 0.5 && !isBuyer && amountMinor > 0) {
      return { what: 'amount', amountMinor: 1 + random.below(amountMinor) };
    }
    return { what: 'whole' };
  }

  private pricesOf({ eventId, holdId }: Attempt): BookedPrices {
    const facts = factsOf(this.ground.store, eventId);
    const held = facts.find((fact) => fact.type === 'SeatsHeld' && fact.holdId === holdId);
    return pricesOf(held?.type === 'SeatsHeld' ? held : null);
  }

  /** The same again until there is an answer. */
  private async insist(ask: RefundAsk): Promise<void> {
    const { counter, random, ground } = this;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const reply = await counter.askForRefund(ask, random);
      const said = reply === null ? 'nothing' : 'reason' in reply ? reply.reason : reply.kind;
      ground.trace.note(ask.asker, `wants ${ask.bookingId} back as ${ask.refundId}: ${said}`);
      if (reply !== null) {
        counter.toldOfRefunds.push({ ask, reply });
        return;
      }
      await ground.sleep(random.between(0, 1_000));
    }
  }

  private retryFailed(): void {
    for (const { refund } of this.counter.refunds.rows.values()) {
      if (refund.state !== 'FAILED') continue;
      const { refundId, intentId, amountMinor } = refund;
      const { bank, bankDisputes } = this.counter;
      // Its buyer has his money from his bank, for good: there is none to send.
      const isPaid =
        intentId !== null && bankDisputes.isLost(intentId) && bank.leftOf(intentId) < amountMinor;
      if (isPaid) this.table.close(refundId);
      else this.table.retry(refundId);
    }
  }
}
