import { limits } from '#libs/contracts/limits.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';

import type { ProviderPatience, RefundProvider } from '../provider/provider.js';
import { retryDelayMs } from '../saga/decide-saga.js';
import { WokenScan } from '../woken-scan.js';
import {
  decideRefund,
  nextRefundStep,
  type RefundInput,
  type RefundStep,
} from './decide-refund.js';
import { isOpen, namedRefund, type Refund } from './refund.js';
import type { RefundStore } from './refund-ask.js';

export interface RefundPorts {
  readonly table: Omit<RefundStore, 'request'>;
  readonly inventory: Pick<InventoryClient, 'call'>;
  readonly provider: RefundProvider;
  readonly patience: ProviderPatience;
  readonly clock: Pick<Clock, 'every' | 'nowMs'>;
  readonly random: Random;
  readonly log: Log;
  readonly scanMs: number;
  /** For tests: called before a step is executed and again before its result is kept. */
  readonly failpoint?: (at: 'before' | 'after', step: RefundStep['type']) => Promise<void> | void;
}

/**
 * Works refunds off, wherever they were asked for: whatever is due and nobody's, step by step until
 * it is over or to be tried later. A process that dies leaves them to who scans when its lease is
 * over; the keys are the same then (MR3).
 */
export class RefundRunner {
  private readonly inWork = new Set<Promise<void>>();
  private readonly scans = new WokenScan(
    () => this.scan(),
    (err) => this.ports.log.warn({ err }, 'the scan for unfinished refunds failed'),
  );
  private cancelScan: (() => void) | null = null;

  constructor(private readonly ports: RefundPorts) {}

  get working(): number {
    return this.inWork.size;
  }

  start(): void {
    this.cancelScan = this.ports.clock.every(this.ports.scanMs, () => this.wake());
    this.wake();
  }

  wake(): void {
    this.scans.wake();
  }

  /** Takes nothing new, lets running steps end; the rest is whoever's, when the lease is over. */
  async stop(): Promise<void> {
    this.cancelScan?.();
    await this.scans.stop();
    await Promise.all(this.inWork);
  }

  /** While the provider is asked too often, nothing is begun: the next scan comes soon (RQ1). */
  private async scan(): Promise<void> {
    if (this.ports.patience.waitMs() > 0) return;
    const room = limits.refundsInWorkMax - this.inWork.size;
    if (room <= 0) return;
    const due = await this.ports.table.claimDue(room);
    for (const refund of due) this.take(refund);
  }

  private take(refund: Refund): void {
    const work = this.work(refund)
      .catch((error: unknown) => {
        this.ports.log.error({ err: error, ...namedRefund(refund) }, 'a step of a refund failed');
      })
      .finally(() => {
        this.inWork.delete(work);
        this.wake();
      });
    this.inWork.add(work);
  }

  private async work(first: Refund): Promise<void> {
    let refund: Refund | null = first;
    do refund = await this.turn(refund);
    while (refund !== null && isOpen(refund.state) && !this.scans.isStopping);
  }

  /** One step. null: paused, or no longer ours. */
  private async turn(refund: Refund): Promise<Refund | null> {
    const { table, random, log, failpoint } = this.ports;
    const step = nextRefundStep(refund);
    await failpoint?.('before', step.type);
    const input = await this.execute(refund, step);
    if (input === null) {
      log.warn({ ...namedRefund(refund), step: step.type }, 'the lease of a refund was lost');
      return null;
    }
    await failpoint?.('after', step.type);
    const to = decideRefund(refund, input);
    const delayMs = retryDelayMs(refund.tries, random.fraction(), limits.refundPollMsMax);
    const next = await table.advance(refund, to, delayMs);
    const details = { ...namedRefund(refund), step: step.type, from: refund.state, ...to };
    if (next === null) log.warn(details, 'the lease of a refund was lost');
    else if (to.state === 'FAILED') log.error(details, 'a refund failed: finance decides');
    else if (to.error !== undefined) log.warn(details, 'a step of a refund is tried again later');
    else log.info(details, 'a step of a refund is done');
    return to.pause === true ? null : next;
  }

  /** null: it may be another's, and nothing was sent. */
  private async execute(refund: Refund, step: RefundStep): Promise<RefundInput | null> {
    const { provider } = this.ports;
    switch (step.type) {
      case 'free':
        return this.free(refund);
      case 'send':
        return this.send(refund, step);
      case 'ask':
        return { type: 'provider', result: await provider.askRefund(step.providerRefundId) };
      case 'none':
        return { type: 'nothing' };
    }
  }

  /**
   * A refusal means that the places are not in the booking, and so not the buyer's: only refunds
   * take them out, each its own (MR2). It is the answer of before, which the owner has forgotten.
   */
  private async free(refund: Refund): Promise<RefundInput> {
    const { refundId, bookingId, eventId, userId, seats, areas, offSale, trace } = refund;
    const request: Command = {
      type: 'CancelBooking',
      bookingId,
      ...(seats.length === 0 ? {} : { seats }),
      ...(areas.length === 0 ? {} : { areas }),
      ...(offSale ? { offSale } : {}),
    };
    const result = await this.ports.inventory.call({
      eventId,
      commandId: `refund.${refundId}` as CommandId,
      keyed: true,
      userId,
      request,
      withinMs: limits.commandDeadlineMsMax,
      trace,
    });
    if (result.kind !== 'answered') return { type: 'unclear', reason: `inventory: ${result.kind}` };
    const { answer } = result;
    if (answer.kind === 'accepted') return { type: 'freed' };
    const { code } = answer.refusal;
    const gone = code === 'booking_not_found' || code === 'not_in_booking';
    return gone ? { type: 'freed' } : { type: 'unclear', reason: code };
  }

  /** Within the lease, from the last question whose it is until the last try (MR3). */
  private async send(
    refund: Refund,
    { key, lookFirst }: Extract<RefundStep, { type: 'send' }>,
  ): Promise<RefundInput | null> {
    const { provider, table, clock } = this.ports;
    const { intentId, refundId, attemptId, amountMinor, currency, currencyDigits } = refund;
    if (intentId === null) return { type: 'unclear', reason: 'paid, and nobody knows where' };
    const known = lookFirst ? await provider.findRefund({ intentId, refundId }) : null;
    const request = { key, intentId, refundId, attemptId, amountMinor, currency, currencyDigits };
    if (known !== null) return { type: 'provider', result: known };
    const notAfterMs = clock.nowMs() + table.leaseMs * limits.sagaFencePart;
    if (!(await table.renew(refund))) return null;
    return { type: 'provider', result: await provider.sendRefund(request, notAfterMs) };
  }
}
