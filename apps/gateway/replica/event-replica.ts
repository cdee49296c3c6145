import type { BusSubscription } from '#libs/bus/bus.js';
import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { decodeDiff } from '#libs/contracts/wire-codec.js';
import type { EventView, HoldNote, Query, SeatDiff, SeatMapView } from '#libs/contracts/wire.js';
import type { UserId } from '#libs/inventory/ids.js';
import type { CallResult } from '#libs/routing/inventory-call.js';

import type { EventEntry } from '../events/event-book.js';
import { DiffRing } from './diff-ring.js';
import { OwnerWord } from './owner-word.js';
import { Refetch } from './refetch.js';
import type { ReplicaParts, ResyncReason } from './replica-ports.js';
import { areaState } from './area-state.js';
import { FreshStates } from './fresh-states.js';
import { SeatList } from './seat-list.js';
import { SeatMap, type MapChanges } from './seat-map.js';
import { SeatStates, type StateSource } from './seat-states.js';

/**
 * A live copy of one event's seat map (G6): subscribe to the diffs, fetch the map, apply the diffs
 * that continue it. Reads never touch the owner.
 *
 * RP1  A diff is applied only when its `from` is this version and its epoch is not behind. Anything
 *      else that reaches beyond this version means something was missed: the map is fetched again.
 * RP2  The version never goes back: an older map is not taken, it is asked for again.
 * RP3  A quiet event is checked every replicaCheckMs against its owner: a lost last diff, or an
 *      owner that died (the question itself makes a new one), is found without any visitor's help.
 *      So is a loss that a client reveals, who got further at another gateway.
 * RP4  What was missed becomes an ordinary change: the difference of the old and the new map. Only
 *      the notes on holds are lost then, and `notesLost` says so.
 * RP5  The event's rules never go back: prices and capacities are those of the highest revision
 *      that was heard of, and viewers are told of capacities that changed.
 */
export interface Flushed {
  readonly from: number;
  readonly to: number;
  readonly changes: MapChanges;
  readonly notes: readonly HoldNote[];
  readonly notesLost: boolean;
}

type State = 'loading' | 'live' | 'resyncing' | 'gone' | 'closed';

/** Of a replica that has only begun: the letters, their marks, and its own objects. */
export const replicaBytes = ({ layout }: EventEntry): number =>
  64 * 1024 + layout.layout.seatCount * 2;

const asker = 'gateway' as UserId;

export class EventReplica {
  readonly map: SeatMap;
  /** The states that can be asked for, and the list of all seats at one of them. */
  readonly states: SeatStates;
  readonly fresh: FreshStates;
  seatList: SeatList;
  readonly ring = new DiffRing(limits.diffRingMax, limits.diffChangesMax);
  /** Called when there is something to flush, and when the replica is gone. */
  onChange: (() => void) | null = null;
  watchers = 0;
  usedAtMs: number;
  /** When its list of seats was last made. */
  listedAtMs = 0;
  readonly word: OwnerWord;
  private state: State = 'loading';
  private otherPlan = false;
  private publishedVersion = -1;
  private waiting = new Set<(live: boolean) => void>();
  private buffered: SeatDiff[] = [];
  private notes: HoldNote[] = [];
  private notesLost = false;
  private freshAtMs = 0;
  private fetching = false;
  private fetchAgain = false;
  private readonly subscription: BusSubscription;
  private readonly stopChecks: () => void;
  private readonly refetch: Refetch;

  private known: EventEntry;

  constructor(
    entry: EventEntry,
    private readonly ports: ReplicaParts,
  ) {
    const { bus, clock } = ports;
    this.known = entry;
    this.map = new SeatMap(entry.layout.layout);
    this.seatList = new SeatList(entry, ports.share);
    this.states = new SeatStates(this.source());
    this.fresh = new FreshStates({
      clock,
      states: this.states,
      version: () => this.map.version,
      ask: (done) => this.askVersion(done),
    });
    this.usedAtMs = clock.monotonicMs();
    const subject = subjects.diffs(entry.detail.eventId);
    this.subscription = bus.subscribe(subject, (m) => this.receiveFrame(m.payload));
    this.refetch = new Refetch(clock, () => this.fetch());
    this.word = new OwnerWord(
      clock,
      (done) => this.ask({ type: 'DescribeEvent' }, done),
      (said) => this.heard(said),
    );
    this.stopChecks = clock.every(limits.replicaCheckMs, () => this.check());
    this.fetch();
  }

  get entry(): EventEntry {
    return this.known;
  }

  /** What the catalogue says now (RP5). */
  renew(entry: EventEntry): void {
    const before = this.known.detail;
    const { rulesRevision, areas } = entry.detail;
    if (rulesRevision < before.rulesRevision || this.known === entry) return;
    this.known = entry;
    if (rulesRevision === before.rulesRevision) return;
    this.seatList = new SeatList(entry, this.ports.share);
    const resized = areas.flatMap((area, i) =>
      area.capacity === before.areas[i].capacity ? [] : [i],
    );
    if (resized.length === 0) return;
    this.map.touchAreas(resized);
    this.ring.clear();
    this.onChange?.();
  }

  /** Somebody watches it, or waits for it. */
  get inUse(): boolean {
    return this.watchers > 0 || this.waiting.size > 0;
  }

  /** In memory, about: the map, what changed lately, and what was made of them. */
  get bytes(): number {
    const { ring, states, seatList } = this;
    return replicaBytes(this.entry) + ring.bytes + states.bytes + seatList.bytes;
  }

  get live(): boolean {
    return this.state === 'live' || this.state === 'resyncing';
  }

  /** Its shards do not know the event, or know another plan: this replica will never be live. */
  get gone(): boolean {
    return this.state === 'gone';
  }

  /** What those are told who ask for a replica that is gone. */
  get goneBecause(): ErrorCode {
    return this.otherPlan ? 'unavailable' : 'event_not_found';
  }

  /** Version of the last flush: what clients have. */
  get published(): number {
    return this.publishedVersion;
  }

  /** True when the map can be read; false when there was none in time. */
  ready(): boolean | Promise<boolean> {
    this.usedAtMs = this.ports.clock.monotonicMs();
    if (this.live) return true;
    if (this.state !== 'loading') return false;
    const { clock, waiting } = this.ports;
    const place = waiting.take(this.entry.detail.eventId);
    if (place === null) return false;
    return new Promise((resolve) => {
      const told = (live: boolean): void => {
        cancel();
        waiting.giveBack(place);
        resolve(live);
      };
      const cancel = clock.after(limits.replicaWaitMs, () => {
        this.waiting.delete(told);
        told(false);
      });
      this.waiting.add(told);
    });
  }

  /** Everything since the last flush, once; null when nothing changed. */
  flush(): Flushed | null {
    const { map, notes, notesLost } = this;
    const from = this.publishedVersion;
    const quiet = map.version === from && notes.length === 0 && !notesLost && !map.areasChanged;
    if (!this.live || quiet) return null;
    const changes = map.takeChanges();
    this.notes = [];
    this.notesLost = false;
    this.publishedVersion = map.version;
    if (from >= 0 && map.version > from) this.ring.push(from, map.version, changes);
    return { from, to: map.version, changes, notes, notesLost };
  }

  /** The bus was away: what was sent meanwhile is lost. */
  reconnected(): void {
    if (this.live) this.resync('reconnect');
  }

  close(): void {
    if (this.state === 'closed') return;
    if (this.state !== 'gone') this.end();
    this.state = 'closed';
  }

  private receiveFrame(payload: Uint8Array): void {
    try {
      // A diff that must wait may have found a viewer when it is applied.
      const withNotes = this.onChange !== null || this.state !== 'live';
      this.receive(decodeDiff(payload, withNotes));
    } catch (error) {
      this.ports.log.warn({ err: error, eventId: this.entry.detail.eventId }, 'unreadable diff');
      if (this.live) this.resync('malformed');
    }
  }

  private receive(diff: SeatDiff): void {
    const { map } = this;
    if (this.state !== 'live') this.keep(diff);
    else if (diff.to <= map.version) return;
    else if (diff.epoch < map.epoch) this.resync('older_epoch');
    else if (diff.from !== map.version) {
      this.keep(diff);
      this.resync('gap');
    } else if (map.apply(diff)) this.applied(diff);
    else this.resync('malformed');
  }

  private applied(diff: SeatDiff): void {
    this.freshAtMs = this.ports.clock.monotonicMs();
    if (this.onChange === null) return;
    if (diff.notes.length > 0) this.addNotes(diff.notes);
    this.onChange();
  }

  private addNotes(notes: readonly HoldNote[]): void {
    if (this.notes.length + notes.length > limits.diffBufferMax) {
      this.notes = [];
      this.notesLost = true;
    }
    for (const note of notes) this.notes.push(note);
  }

  /** Diffs that wait for the map. Too many: forgotten, and the map fetched once more shows it. */
  private keep(diff: SeatDiff): void {
    if (this.buffered.length >= limits.diffBufferMax) {
      this.buffered = [];
      this.fetchAgain = true;
    }
    this.buffered.push(diff);
  }

  private resync(reason: ResyncReason): void {
    this.ports.onResync(reason);
    this.state = 'resyncing';
    this.notesLost = this.onChange !== null;
    this.fetch();
  }

  private fetch(): void {
    if (this.fetching) {
      this.fetchAgain = true;
      return;
    }
    this.fetching = true;
    this.fetchAgain = false;
    this.ask({ type: 'GetSeatMap' }, (result) => {
      this.fetching = false;
      if (this.state !== 'closed' && this.state !== 'gone') this.fetched(result);
    });
  }

  private fetched(result: CallResult): void {
    const unknown = result.kind === 'unknown_event';
    if (!unknown) this.refetch.known();
    if (unknown && this.refetch.unknownForLong()) this.giveUp();
    else if (result.kind === 'found' && result.view.type === 'seat_map') this.adopt(result.view);
    else this.refetch.later('retryAfterMs' in result ? result.retryAfterMs : 0);
  }

  private adopt(view: SeatMapView): void {
    const { map } = this;
    if (!map.fits(view)) {
      this.ports.log.error({ eventId: this.entry.detail.eventId }, 'the map is of another plan');
      this.otherPlan = true;
      this.giveUp();
    } else if (view.version < map.version || view.epoch < map.epoch) {
      this.ports.onResync('older_map');
      this.refetch.later(0);
    } else {
      map.replace(view);
      this.refetch.succeeded();
      this.freshAtMs = this.ports.clock.monotonicMs();
      this.goLive();
    }
  }

  private goLive(): void {
    this.state = 'live';
    const waited = this.buffered;
    this.buffered = [];
    const again = this.fetchAgain;
    for (const diff of waited) this.receive(diff);
    if (again && this.state === 'live') this.resync('overflow');
    if (this.publishedVersion < 0) this.flush();
    this.wake(true);
    this.onChange?.();
  }

  private giveUp(): void {
    this.state = 'gone';
    this.end();
    this.onChange?.();
  }

  private end(): void {
    this.subscription.unsubscribe();
    this.stopChecks();
    this.refetch.cancel();
    this.wake(false);
  }

  /** RP3. A diff that was applied lately proves that none before it was lost. */
  private check(): void {
    const nowMs = this.ports.clock.monotonicMs();
    if (this.state !== 'live' || nowMs - this.freshAtMs < limits.replicaCheckMs) return;
    this.word.question();
  }

  private heard(said: EventView | 'unknown_event'): void {
    if (this.state !== 'live') return;
    if (said === 'unknown_event') this.resync('not_known');
    else this.compare(said);
  }

  private compare(view: EventView): void {
    this.map.epoch = Math.max(this.map.epoch, view.epoch);
    if (view.version <= this.map.version) return;
    this.ports.clock.after(limits.replicaLagMs, () => {
      if (this.state === 'live' && view.version > this.map.version) this.resync('silent_loss');
    });
  }

  /** The word of one who has been replaced since says nothing about what the event is now. */
  private askVersion(done: (version: number | null) => void): void {
    this.ask({ type: 'DescribeEvent' }, (result) => {
      if (result.kind !== 'found' || result.view.type !== 'event_view') return done(null);
      if (result.view.epoch < this.map.epoch) return done(null);
      this.heard(result.view);
      done(result.view.version);
    });
  }

  private source(): StateSource {
    const { map } = this;
    const entry = (): EventEntry => this.known;
    return {
      get entry() {
        return entry();
      },
      get stateEpoch() {
        return map.stateEpoch;
      },
      get version() {
        return map.version;
      },
      snapshot: () => ({
        letters: new Uint8Array(map.statuses),
        saleStatus: map.saleStatus,
        areas: map.areas.map((counts, area) => areaState(entry().detail.areas[area], counts)),
      }),
    };
  }

  private ask(request: Query, done: (result: CallResult) => void): void {
    const { inventory } = this.ports;
    const { eventId } = this.entry.detail;
    const commandId = inventory.nextCommandId();
    inventory.send({ eventId, commandId, keyed: false, userId: asker, request }, done);
  }

  private wake(live: boolean): void {
    const waiting = this.waiting;
    this.waiting = new Set();
    for (const resume of waiting) resume(live);
  }
}
