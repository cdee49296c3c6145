import type { Bus, BusSubscription } from '#libs/bus/bus.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import { decodeDiff } from '#libs/contracts/wire-codec.js';
import { SeatStatus, type EventId, type UserId } from '#libs/inventory/inventory.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { SeatWord, WatchedFrame, WatcherEvidence } from '#libs/oracle/evidence.js';
import { MapHash } from '#libs/oracle/map-hash.js';

/**
 * Follows one event's diffs on the bus and fetches the map when one is missing, as a gateway does.
 * Writes down what it folded, for the oracle.
 */
export class MapWatcher {
  /** Maps fetched because diffs were missing. */
  gaps = 0;
  private readonly frames: WatchedFrame[] = [];
  private readonly words: SeatWord[];
  private readonly hash = new MapHash();
  private readonly subscription: BusSubscription;
  private version: number | null = null;
  private waiting: SeatDiff[] = [];
  private fetching: Promise<void> | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly client: InventoryClient,
    private readonly eventId: EventId,
    private readonly seatIds: readonly string[],
  ) {
    this.words = seatIds.map(() => 'free');
    this.subscription = this.bus.subscribe(subjects.diffs(eventId), (message) => {
      this.waiting.push(decodeDiff(message.payload));
      this.fold();
    });
  }

  /** Fetches the map; diffs that come meanwhile wait for it. */
  sync(): Promise<void> {
    this.fetching ??= this.fetch().finally(() => {
      this.fetching = null;
      this.fold();
    });
    return this.fetching;
  }

  /** A last look at the whole map, and no more. */
  async finish(): Promise<void> {
    await this.idle();
    await this.sync();
    this.subscription.unsubscribe();
    await this.idle();
  }

  evidence(): WatcherEvidence {
    const taken = this.words.flatMap((word, seat): [string, SeatWord][] =>
      word === 'free' ? [] : [[this.seatIds[seat], word]],
    );
    const name = `watcher of ${this.eventId}`;
    return { name, frames: this.frames, finalMap: new Map(taken) };
  }

  private async idle(): Promise<void> {
    while (this.fetching !== null) await this.fetching;
  }

  private async fetch(): Promise<void> {
    for (;;) {
      const result = await this.client.call({
        eventId: this.eventId,
        commandId: this.client.nextCommandId(),
        keyed: false,
        userId: 'usr_watcher' as UserId,
        request: { type: 'GetSeatMap' },
      });
      if (result.kind === 'unknown_event') throw new Error(`no event ${this.eventId}`);
      if (result.kind !== 'found' || result.view.type !== 'seat_map') continue;
      // A step back would be a lie of the owner: it is written down for the oracle to find.
      this.replace(result.view);
      return;
    }
  }

  private replace({ version, statuses }: SeatMapView): void {
    statuses.forEach((status, seat) => this.set(seat, status));
    this.version = version;
    this.record('snapshot', version, version);
  }

  private fold(): void {
    if (this.fetching !== null) return;
    while (this.waiting.length > 0 && this.version !== null) {
      const diff = this.waiting[0];
      if (diff.from > this.version) break;
      this.waiting.shift();
      if (diff.to <= this.version) continue;
      for (let i = 0; i < diff.seats.length; i += 2) this.set(diff.seats[i], diff.seats[i + 1]);
      // Statuses are final ones, so a diff may begin before the map that was fetched.
      this.record('diff', this.version, diff.to);
      this.version = diff.to;
    }
    if (this.waiting.length === 0) return;
    this.gaps += this.version === null ? 0 : 1;
    void this.sync();
  }

  private record(kind: WatchedFrame['kind'], from: number, to: number): void {
    const receivedAtMs = performance.now();
    this.frames.push({ kind, from, to, mapHash: this.hash.value, receivedAtMs });
  }

  private set(seat: number, status: number): void {
    const before = this.words[seat];
    const after = wordOf[status];
    this.hash.change(this.seatIds[seat], before, after);
    this.words[seat] = after;
  }
}

const wordOf: Readonly<Record<number, SeatWord>> = {
  [SeatStatus.free]: 'free',
  [SeatStatus.held]: 'held',
  [SeatStatus.booked]: 'booked',
  [SeatStatus.blocked]: 'blocked',
};
