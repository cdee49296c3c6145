import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';

import type { BookReply, BookingView } from '#libs/contracts/payments.js';
import type { HoldId } from '#libs/inventory/ids.js';

import { audit, eventually } from './audit.js';
import { openRig, type PaymentsRig, type StartedPayments } from './payments-rig.js';
import { orderFaults, readLedger } from './simulator-control.js';

interface HoldOptions {
  readonly userId?: string;
  readonly totalMinor?: number;
  readonly ttlMs?: number;
  /** Seats; default 1. */
  readonly count?: number;
}

/** What the specs of payments share: one rig a file, one payments process a test. */
export interface PaymentsBench {
  readonly rig: PaymentsRig;
  /** The process of this test; may be replaced by another. */
  payments: StartedPayments;
  /** The seat of the newest hold. */
  readonly seat: number;
  readonly userId: string;
  hold(options?: HoldOptions): Promise<HoldId>;
  newKey(): string;
  capturedNow(): Promise<number>;
}

/**
 * Registers the hooks of a spec file. After every test, whatever it did, all attempts must settle
 * and the provider, the bookings and our ledger must tell the same story (G5).
 */
export function paymentsBench(): PaymentsBench {
  const bench = new Bench();
  beforeAll(async () => {
    bench.rig = await openRig();
  });
  afterAll(() => bench.rig.stop());
  beforeEach(async () => {
    bench.payments = await bench.rig.start();
  });
  afterEach(async () => {
    const { rig } = bench;
    rig.inventory.interfere = null;
    await orderFaults(rig.stripeUrl, []);
    const seen = await eventually(
      () => audit(rig.pool, rig.stripeUrl),
      ({ unsettled, balances: { provider_receivable: held = 0 }, captured, disputed }) =>
        unsettled.length === 0 && held === captured - disputed,
    );
    await bench.payments.stop();
    const { balances } = seen;
    expect(seen).toMatchObject({ unsettled: [], stillAuthorised: 0, capturedTwice: [] });
    expect(seen.booked).toBe(seen.captured);
    expect(balances.provider_receivable ?? 0).toBe(seen.captured - seen.disputed);
    // Finance may have paid some of it otherwise, and some may be lost to banks.
    const { ticket_sales: sales = 0, bank = 0, disputed_funds: open = 0 } = balances;
    const { booking_fees: fees = 0, tax_payable: tax = 0 } = balances;
    expect(sales + fees + tax + bank + seen.captured).toBe(seen.disputed - open);
  });
  return bench;
}

export function confirmed(reply: BookReply): BookingView {
  if (reply.kind !== 'confirmed') throw new Error(`not confirmed: ${JSON.stringify(reply)}`);
  return reply.booking;
}

class Bench implements PaymentsBench {
  rig!: PaymentsRig;
  payments!: StartedPayments;
  seat = 0;
  readonly userId = 'usr_ada';
  private keys = 0;

  hold({ count = 1, ...options }: HoldOptions = {}): Promise<HoldId> {
    const seats = Array.from({ length: count }, (_, i) => this.seat + 1 + i);
    this.seat += count;
    return this.rig.inventory.hold({ userId: this.userId, seats, totalMinor: 5_000, ...options });
  }

  newKey(): string {
    this.keys += 1;
    return `key-${this.keys}`;
  }

  async capturedNow(): Promise<number> {
    return (await readLedger(this.rig.stripeUrl)).captured;
  }
}
