import { limits } from '#libs/contracts/limits.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { phaseOf, roomName, type Room } from '#libs/room/room.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { RoomSigner } from '#libs/room/signed.js';

import { EndedAdmissions } from './ended-admissions.js';

/**
 * The waiting rooms there are, as this gateway saw them last: one statement each roomStepMs for all
 * of them, however many wait. So the path of a hold asks a map and no database.
 *
 * RBK1  Until the first look has an answer nobody holds anything: which events are guarded is not
 *       known. Afterwards the last answer stands for as long as there is no newer one.
 * RBK2  A room guards its event from the hour at which it opens until it is closed. Where it fails
 *       open it does so only while there is news of rooms (roomUnheardMs).
 * RBK3  When a room begins to stand before a map, those who watch it are told once.
 */
export interface KnownRoom {
  readonly room: Room;
  readonly name: string;
  readonly signer: RoomSigner;
  /** Called a minute, over the last one or so. */
  readonly calledPerMinute: number;
}

export interface RoomBookPorts {
  readonly roomStore: RoomStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long a pace is remembered: the weight of a look falls to a third in so long. */
const paceMs = 60_000;

export class RoomBook {
  /** After each look that had an answer. */
  onLook: () => void = () => undefined;
  /** The map of this event needs an admission from now on. */
  onMapClosed: (eventId: EventId) => void = () => undefined;
  private mapsClosed = new Set<EventId>();
  readonly ended = new EndedAdmissions();
  private readonly rooms = new Map<EventId, KnownRoom>();
  private stopTimer: () => void = () => undefined;
  private looking = false;
  private lookedAtMs: number | null = null;
  private endedSeenMs = 0;

  constructor(private readonly ports: RoomBookPorts) {}

  async begin(): Promise<void> {
    this.stopTimer = this.ports.clock.every(limits.roomStepMs, () => void this.look());
    await this.look();
  }

  stop(): void {
    this.stopTimer();
  }

  /** False: it is not known yet which rooms there are (RBK1). */
  get known(): boolean {
    return this.lookedAtMs !== null;
  }

  get size(): number {
    return this.rooms.size;
  }

  all(): Iterable<KnownRoom> {
    return this.rooms.values();
  }

  of(eventId: EventId): KnownRoom | null {
    return this.rooms.get(eventId) ?? null;
  }

  /** The room without whose admission nothing of this event is held (RBK2). */
  guarding(eventId: EventId): KnownRoom | null {
    const known = this.rooms.get(eventId);
    if (known === undefined) return null;
    if (known.room.failsOpen && this.unheardMs > limits.roomUnheardMs) return null;
    const phase = phaseOf(known.room, this.ports.clock.nowMs());
    return phase === 'scheduled' || phase === 'closed' ? null : known;
  }

  private get unheardMs(): number {
    return this.ports.clock.monotonicMs() - (this.lookedAtMs ?? 0);
  }

  /** RBK3 */
  private tellOfMaps(): void {
    const before = this.mapsClosed;
    const closed = [...this.rooms.keys()].filter(
      (eventId) => this.guarding(eventId)?.room.scope === 'map',
    );
    this.mapsClosed = new Set(closed);
    for (const eventId of closed) if (!before.has(eventId)) this.onMapClosed(eventId);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const { roomStore, clock, log } = this.ports;
    try {
      const nowMs = clock.nowMs();
      const rooms = await roomStore.rooms(nowMs - limits.roomClosedShownMs);
      this.take(rooms, clock.monotonicMs());
      this.tellOfMaps();
      await this.lookAtEnded(nowMs);
      this.onLook();
    } catch (error) {
      log.warn({ err: error }, 'waiting rooms could not be read');
    } finally {
      this.looking = false;
    }
  }

  /** All that may still be shown the first time, then what is new; clocks differ a little. */
  private async lookAtEnded(nowMs: number): Promise<void> {
    if (!Array.from(this.rooms.values()).some(({ room }) => room.closedAtMs === null)) return;
    const { roomStore } = this.ports;
    for (const one of await roomStore.endedSince(this.endedSeenMs, nowMs)) this.ended.note(one);
    this.endedSeenMs = nowMs - limits.roomClocksApartMs;
    this.ended.forget(nowMs);
  }

  private take(rooms: readonly Room[], nowMs: number): void {
    const before = new Map(this.rooms);
    const passedMs = this.lookedAtMs === null ? 0 : nowMs - this.lookedAtMs;
    this.lookedAtMs = nowMs;
    this.rooms.clear();
    for (const room of rooms) {
      const known = before.get(room.eventId);
      this.rooms.set(room.eventId, renewed(room, known, passedMs));
    }
  }
}

function renewed(room: Room, known: KnownRoom | undefined, passedMs: number): KnownRoom {
  if (known?.room.roomNo !== room.roomNo) {
    const name = roomName(room);
    return { room, name, signer: new RoomSigner(name, room.signKey), calledPerMinute: 0 };
  }
  const called = room.serving - known.room.serving;
  const pace = passedMs > 0 ? (called * 60_000) / passedMs : 0;
  const kept = Math.exp(-passedMs / paceMs);
  return { ...known, room, calledPerMinute: kept * known.calledPerMinute + (1 - kept) * pace };
}
