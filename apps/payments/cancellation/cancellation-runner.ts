import { limits } from '#libs/contracts/limits.js';
import type { CommandId, UserId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';

import type { RefundAsk, RefundStore } from '../refunds/refund-ask.js';
import type { RefundId } from '../refunds/refund.js';
import { retryDelayMs } from '../saga/decide-saga.js';
import { WokenScan } from '../woken-scan.js';
import type { CancellationStore } from './cancellation-store.js';
import {
  cancellationAsker,
  namedCancellation,
  unpaidReason,
  type CancellationPage,
  type EventCancellation,
  type PageDone,
} from './event-cancellation.js';

export interface CancellationPorts {
  readonly table: CancellationStore;
  readonly refunds: Pick<RefundStore, 'request'>;
  /** Refunds are due. */
  readonly wakeRefunds: () => void;
  readonly inventory: Pick<InventoryClient, 'call'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly random: Random;
  readonly log: Log;
  readonly scanMs: number;
}

/**
 * Carries out what cancels events, one page of bookings after the other: whoever scans when one is
 * due and nobody's. A process that dies leaves it where it was (EC2).
 */
export class CancellationRunner {
  private readonly scans = new WokenScan(
    () => this.scan(),
    (err) => this.ports.log.warn({ err }, 'the scan for cancelled events failed'),
  );
  private cancelScan: (() => void) | null = null;

  constructor(private readonly ports: CancellationPorts) {}

  start(): void {
    this.cancelScan = this.ports.clock.every(this.ports.scanMs, () => this.wake());
    this.wake();
  }

  wake(): void {
    this.scans.wake();
  }

  async stop(): Promise<void> {
    this.cancelScan?.();
    await this.scans.stop();
  }

  private async scan(): Promise<void> {
    const due = await this.ports.table.claimDue();
    if (due === null) return;
    await this.turn(due);
    // Another event may be due.
    this.wake();
  }

  private async turn(cancellation: EventCancellation): Promise<void> {
    const { log } = this.ports;
    if (cancellation.state === 'REQUESTED') return this.tell(cancellation);
    const page = await this.ports.table.page(cancellation);
    const done = await this.ask(cancellation, page);
    if (done.asked.length > 0) this.ports.wakeRefunds();
    const state = await this.ports.table.keep(cancellation, done);
    const about = { ...namedCancellation(cancellation), asked: done.asked.length };
    if (state === null) log.warn(about, 'the lease of a cancelled event was lost');
    else if (state === 'DONE') log.info(about, 'a cancelled event is done');
    else if (done.asked.length > 0) log.info(about, 'bookings of a cancelled event go back');
  }

  /**
   * EC1. Each try is a command of its own, since an owner stays with a "no": that it is cancelled
   * already is the answer of one before.
   */
  private async tell(cancellation: EventCancellation): Promise<void> {
    const { inventory, table, random, log } = this.ports;
    const { eventId, role, asker, trace, tries } = cancellation;
    const result = await inventory.call({
      eventId,
      commandId: `cancel.${eventId}.${tries}` as CommandId,
      keyed: true,
      userId: 'operator' as UserId,
      request: { type: 'CancelEvent' },
      by: { role: 'operator', name: `${role} ${asker}` },
      withinMs: limits.commandDeadlineMsMax,
      trace,
    });
    const refusal =
      result.kind === 'answered' && result.answer.kind === 'refused'
        ? result.answer.refusal.code
        : null;
    if (result.kind === 'answered' && (refusal === null || refusal === 'event_cancelled')) {
      const kept = await table.began(cancellation);
      if (kept) log.warn(namedCancellation(cancellation), 'an event is cancelled');
      return;
    }
    const error = refusal ?? `inventory: ${result.kind}`;
    log.warn({ ...namedCancellation(cancellation), error }, 'an event cannot be cancelled yet');
    await table.miss(cancellation, error, retryDelayMs(tries, random.fraction()));
  }

  private async ask(
    cancellation: EventCancellation,
    { room, bookings }: CancellationPage,
  ): Promise<PageDone> {
    const asked: PageDone['asked'][number][] = [];
    const left: PageDone['left'][number][] = [];
    for (const { bookingId, isPaid } of bookings) {
      if (!isPaid) {
        left.push({ bookingId, reason: unpaidReason });
        continue;
      }
      const refundId = `rfd_${this.ports.random.token(24)}` as RefundId;
      const made = await this.ports.refunds.request(askOf(cancellation, bookingId, refundId));
      if (made.kind === 'refund') asked.push(bookingId);
      else left.push({ bookingId, reason: made.kind === 'refused' ? made.reason : made.kind });
    }
    return { asked, left, isLast: bookings.length < room };
  }
}

/** All that is left of it, under one key for ever (EC2). */
function askOf(
  { role, reason, feePerPlaceMinor, keepsBookingFee }: EventCancellation,
  bookingId: RefundAsk['bookingId'],
  refundId: RefundId,
): RefundAsk {
  return {
    ...{ refundId, bookingId, userId: null, role, reason },
    asker: cancellationAsker,
    requestKey: bookingId,
    fingerprint: `whole, ${feePerPlaceMinor} kept${keepsBookingFee ? ' and fees' : ''}`,
    offSale: false,
    terms: {
      ...{ wish: { what: 'whole' }, prices: null, currency: null },
      ...{ feePerPlaceMinor, keepsBookingFee },
    },
    trace: derivedTrace(`${cancellationAsker}/${bookingId}`),
  };
}
