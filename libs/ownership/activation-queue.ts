import type { Slot } from './slot.js';

/**
 * Events that wait to be brought up: those with commands in their mailbox before those that only
 * have something due, so that after a failover what sells does not stand behind what sleeps. Within
 * each kind in order of arrival.
 */
export class ActivationQueue {
  private readonly asked = new Set<Slot>();
  private readonly quiet = new Set<Slot>();

  get length(): number {
    return this.asked.size + this.quiet.size;
  }

  push(slot: Slot): void {
    (slot.mailbox.length > 0 ? this.asked : this.quiet).add(slot);
  }

  /** A command came for an event that may be waiting here. */
  promote(slot: Slot): void {
    if (slot.mailbox.length > 0 && this.quiet.delete(slot)) this.asked.add(slot);
  }

  take(): Slot | undefined {
    const from = this.asked.size > 0 ? this.asked : this.quiet;
    const slot = from.values().next().value;
    if (slot !== undefined) from.delete(slot);
    return slot;
  }
}
