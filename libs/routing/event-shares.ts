import type { EventId } from '#libs/inventory/ids.js';

/**
 * Who may wait, when places to wait in are scarce: of a bounded number of places, an event may have
 * as many as are free at that moment. Choudhury and Hahne, "Dynamic queue length thresholds for
 * shared-memory packet switches", IEEE/ACM Transactions on Networking 6 (2), 1998, with alpha 1.
 *
 * ES1  The places taken are never more than placesMax (G8).
 * ES2  An event that nobody answers for stops growing while as many places are free as it has. So
 *      one such event takes a half, and k of them leave a place in k + 1 to all others together:
 *      who is answered needs few, since his places come free again at once.
 * ES3  An event alone has the half for itself. With the 20,000 places of a client that is more than
 *      twice what 4,096 connections can have waiting, and five times the two batches that a healthy
 *      owner works at: what waits behind those makes nothing faster. So the sale of one event runs
 *      at full rate.
 *
 * No event is known beforehand and none is told apart as sick: how long an owner has been silent
 * says little in a failover, what waits for him says all.
 */
export class EventShares {
  private readonly shares = new Map<EventId, EventShare>();
  private takenPlaces = 0;

  constructor(private readonly placesMax: number) {}

  /** Places taken, over all events. */
  get taken(): number {
    return this.takenPlaces;
  }

  /** A place of the event, to be given back once; null: it has as many as are free. */
  take(eventId: EventId): EventShare | null {
    let share = this.shares.get(eventId);
    if ((share?.taken ?? 0) >= this.free) return null;
    if (share === undefined) {
      share = { eventId, taken: 0 };
      this.shares.set(eventId, share);
    }
    share.taken += 1;
    this.takenPlaces += 1;
    return share;
  }

  giveBack(share: EventShare): void {
    share.taken -= 1;
    this.takenPlaces -= 1;
    if (share.taken === 0 && this.shares.size > idleKeptMax) this.shares.delete(share.eventId);
  }

  /** Events that may have no more places now. */
  atTheirShare(): EventId[] {
    const { free } = this;
    return [...this.shares].filter(([, { taken }]) => taken >= free).map(([eventId]) => eventId);
  }

  private get free(): number {
    return this.placesMax - this.takenPlaces;
  }
}

/** What one event has. */
export interface EventShare {
  readonly eventId: EventId;
  taken: number;
}

/** Events on sale come and go with every call: these few are not made anew each time. */
const idleKeptMax = 64;
