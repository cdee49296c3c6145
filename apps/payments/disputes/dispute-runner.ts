import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { Random } from '#libs/platform/random.js';

import type { DisputeProvider } from '../provider/provider.js';
import { retryDelayMs } from '../saga/decide-saga.js';
import { WokenScan } from '../woken-scan.js';
import { nextLookMs, standingOf, type Dispute } from './dispute.js';
import type { DisputeTable } from './dispute-table.js';

export interface DisputePorts {
  readonly table: Pick<DisputeTable, 'find' | 'claimDue' | 'see' | 'miss'>;
  readonly provider: DisputeProvider;
  readonly clock: Pick<Clock, 'every' | 'nowMs'>;
  readonly random: Random;
  readonly log: Log;
  readonly scanMs: number;
}

/**
 * Looks at disputes one after the other, whenever somebody speaks of one, and at those that are
 * open now and then; and looks for those that nobody spoke of (DI1). They are few.
 */
export class DisputeRunner {
  private readonly scans = new WokenScan(
    () => this.scan(),
    (err) => this.ports.log.warn({ err }, 'the scan for disputes failed'),
  );
  private cancels: readonly (() => void)[] = [];

  constructor(private readonly ports: DisputePorts) {}

  start(): void {
    const { clock, scanMs } = this.ports;
    this.cancels = [
      clock.every(scanMs, () => this.wake()),
      clock.every(limits.disputesListMs, () => void this.lookAround()),
    ];
    this.wake();
  }

  wake(): void {
    this.scans.wake();
  }

  /** What lies half done is whoever's, when the lease is over. */
  async stop(): Promise<void> {
    for (const cancel of this.cancels) cancel();
    await this.scans.stop();
  }

  /** For who made a dispute known, and nobody told us: a webhook that never came. */
  async lookAround(): Promise<void> {
    const { table, provider, clock, log } = this.ports;
    try {
      const found = await provider.disputesSince(clock.nowMs() - limits.disputesListedMs);
      if (found.kind === 'found' && (await table.find(found.ids)) > 0) this.wake();
    } catch (error) {
      log.warn({ err: error }, 'disputes could not be looked for');
    }
  }

  private async scan(): Promise<void> {
    const due = await this.ports.table.claimDue(limits.disputesAtOnce);
    for (const dispute of due) {
      if (this.scans.isStopping) return;
      await this.look(dispute);
      this.wake();
    }
  }

  private async look(dispute: Dispute): Promise<void> {
    const { table, provider, random, log } = this.ports;
    const { disputeId, tries, status: before } = dispute;
    const seen = await provider.askDispute(disputeId);
    if (seen.kind === 'dispute') {
      const kept = await table.see(dispute, seen, nextLookMs(seen.status));
      const about = { dispute: disputeId, attempt: seen.attemptId, status: seen.status, before };
      const [was, is] = [before === null ? null : standingOf(before), standingOf(seen.status)];
      const isOurs = seen.attemptId !== null;
      if (!kept) log.warn(about, 'the lease of a dispute was lost');
      else if (isOurs && is === 'OPEN' && was !== 'OPEN') log.error(about, 'a payment is disputed');
      // Its booking may have been given up for it: somebody looks.
      else if (isOurs && is === 'WON' && was === 'LOST') log.error(about, 'a lost payment is back');
      else if (seen.status !== before) log.info(about, 'a dispute has changed');
      return;
    }
    const isNone = seen.kind === 'refused' && seen.fault === 'request';
    const reason = seen.kind === 'refused' ? seen.code : seen.reason;
    log.warn({ dispute: disputeId, reason }, 'a dispute could not be looked at');
    const delayMs = retryDelayMs(tries, random.fraction(), limits.refundPollMsMax);
    await table.miss(dispute, reason, isNone, delayMs);
  }
}
