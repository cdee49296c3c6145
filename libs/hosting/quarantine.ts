import type { Reply } from '#libs/contracts/wire.js';
import type { Journal } from '#libs/journal/journal.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardHost } from './shard-host.js';
import type { Slot } from './slot.js';

const refusal: Reply = { kind: 'unavailable', retryAfterMs: 5_000, executed: 'no' };

/**
 * Events that must not be served: their journal is behind what buyers were told, or they break on
 * it (G1, G2). The mark is in the ownership row, so it outlives this process and binds all others;
 * only an operator takes it away.
 *
 * QN1  The slot refuses from the first moment, whether or not the mark could be written. A mark
 *      that could not be is written as soon as the journal can be reached.
 * QN2  A slot is freed only when its mark was written and is gone again.
 */
export class Quarantine {
  constructor(
    private readonly host: ShardHost,
    private readonly ports: { readonly journal: Journal; readonly log: Log },
  ) {}

  /** This shard found out. */
  impose(slot: Slot, reason: string): void {
    this.ports.log.fatal({ event: slot.eventId, reason }, 'event quarantined');
    this.refuse(slot, reason, false);
    void this.mark(slot, reason);
  }

  /** Somebody found out before, and the row says so. */
  respect(slot: Slot, reason: string): void {
    this.ports.log.warn({ event: slot.eventId, reason }, 'event is in quarantine');
    this.refuse(slot, reason, true);
  }

  /** Called every few seconds: what is still to be written, and what was lifted by an operator. */
  async review(): Promise<void> {
    for (const slot of [...this.host.slots.values()]) {
      if (slot.quarantine === null) continue;
      if (slot.quarantineMarked) await this.liftIfFreed(slot);
      else await this.mark(slot, slot.quarantine);
    }
  }

  private refuse(slot: Slot, reason: string, marked: boolean): void {
    slot.quarantine = reason;
    slot.quarantineMarked = marked;
    slot.answerAll(refusal);
    this.host.settleTick();
  }

  private async mark(slot: Slot, reason: string): Promise<void> {
    const { journal, log } = this.ports;
    try {
      await journal.quarantine(slot.eventId, reason);
      slot.quarantineMarked = true;
    } catch (error) {
      log.error({ event: slot.eventId, err: error }, 'quarantine not written, tried again later');
    }
  }

  private async liftIfFreed(slot: Slot): Promise<void> {
    const { journal, log } = this.ports;
    const row = await journal.ownership(slot.eventId);
    if (row !== null && row.quarantined !== null) return;
    log.warn({ event: slot.eventId, reason: slot.quarantine }, 'quarantine lifted');
    slot.quarantine = null;
    slot.quarantineMarked = false;
    slot.brokenAtMs = [];
    this.host.reconsider(slot);
  }
}
