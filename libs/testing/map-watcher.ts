import type { Bus, BusSubscription } from '#libs/bus/bus.js';
import type { MapFrame } from '#libs/contracts/live-frames.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import { decodeDiff } from '#libs/contracts/wire-codec.js';
import type { EventId, UserId } from '#libs/inventory/inventory.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';
import type { WatcherEvidence } from '#libs/oracle/evidence.js';
import { MapRecord } from './map-record.js';

/** By SeatStatus, as a gateway spells it for its clients. */
const letters = 'fhbx';

/**
 * Follows one event's diffs on the bus and fetches the map when one is missing, as a gateway does.
 * Writes down what it has, for the oracle.
 */
export class MapWatcher {
  /** Maps fetched because diffs were missing. */
  gaps = 0;
  private readonly record: MapRecord;
  private readonly subscription: BusSubscription;
  private waiting: SeatDiff[] = [];
  private fetching: Promise<void> | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly client: InventoryClient,
    private readonly eventId: EventId,
    seatIds: readonly string[],
  ) {
    this.record = new MapRecord(`watcher of ${eventId}`, seatIds);
    this.subscription = this.bus.subscribe(subjects.diffs(eventId), (message) => {
      this.waiting.push(decodeDiff(message.payload));
      this.takeWaiting();
    });
  }

  /** Fetches the map; diffs that come meanwhile wait for it. */
  sync(): Promise<void> {
    this.fetching ??= this.fetch().finally(() => {
      this.fetching = null;
      this.takeWaiting();
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
    return this.record.evidence();
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

  private replace({ version, saleStatus, statuses }: SeatMapView): void {
    const frame: MapFrame = {
      type: 'snapshot',
      event_id: this.eventId,
      version,
      sale_status: saleStatus,
      layout_hash: '',
      statuses: Array.from(statuses, (status) => letters[status]).join(''),
      areas: [],
    };
    this.record.apply(frame, performance.now());
  }

  private takeWaiting(): void {
    if (this.fetching !== null) return;
    const { map } = this.record;
    while (this.waiting.length > 0 && map.version !== null) {
      const { from, to, seats } = this.waiting[0];
      if (from > map.version) break;
      this.waiting.shift();
      if (to <= map.version) continue;
      const changes: [number, string][] = [];
      for (let i = 0; i < seats.length; i += 2) changes.push([seats[i], letters[seats[i + 1]]]);
      // Statuses are final ones, so a diff may begin before the map that was fetched.
      this.record.apply({ type: 'diff', from: map.version, to, changes }, performance.now());
    }
    if (this.waiting.length === 0) return;
    this.gaps += map.version === null ? 0 : 1;
    void this.sync();
  }
}
