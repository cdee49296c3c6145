import type { EventId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';

import type { EdgeApp } from '../edge/edge.js';
import type { RoomBook } from '../room/room-book.js';
import { encodeFrame, roomFrame } from './frames.js';
import type { Viewer } from './viewer.js';

/**
 * Those who watch waiting rooms on this gateway: who waits needs to know how far it is, and nothing
 * of the map. They compute the rest.
 *
 * RWT1  After each look of the book one frame is made for each room that is watched here, and sent
 *       when it says something new: to all sockets by one publish. A room that nobody watches, or
 *       that stands still, costs nothing.
 * RWT2  A frame says all. Who comes gets one at once, and who missed one has it with the next.
 */
export interface RoomWatchersPorts {
  readonly app: Pick<EdgeApp, 'publish'>;
  readonly rooms: Pick<RoomBook, 'of'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export type RoomViewer = Pick<Viewer, 'send' | 'follow'>;

export class RoomWatchers {
  private readonly byEvent = new Map<EventId, Watched>();

  constructor(private readonly ports: RoomWatchersPorts) {}

  topic(eventId: EventId): string {
    return `${eventId}/room`;
  }

  has(eventId: EventId): boolean {
    return this.ports.rooms.of(eventId) !== null;
  }

  /** A socket gets what is published, a stream is sent to. Returns what forgets about him. */
  add(eventId: EventId, viewer: RoomViewer, kind: 'socket' | 'stream'): () => void {
    const watched = this.byEvent.get(eventId) ?? this.begin(eventId);
    const mine = kind === 'socket' ? watched.sockets : watched.streams;
    mine.add(viewer);
    // In this order: see LM5.
    viewer.send(watched.text, null);
    viewer.follow();
    return () => {
      mine.delete(viewer);
      const left = watched.sockets.size + watched.streams.size;
      if (left === 0 && this.byEvent.get(eventId) === watched) this.byEvent.delete(eventId);
    };
  }

  /** RWT1 */
  tell(): void {
    for (const [eventId, watched] of this.byEvent) {
      const text = this.textOf(eventId);
      if (text === '' || text === watched.text) continue;
      watched.text = text;
      if (watched.sockets.size > 0) this.ports.app.publish(this.topic(eventId), text, false);
      for (const viewer of watched.streams) viewer.send(text, null);
    }
  }

  private begin(eventId: EventId): Watched {
    const begun = { sockets: new Set<RoomViewer>(), streams: new Set<RoomViewer>() };
    const watched = { ...begun, text: this.textOf(eventId) };
    this.byEvent.set(eventId, watched);
    return watched;
  }

  /** Empty: it is gone from the book, a day after it was closed. */
  private textOf(eventId: EventId): string {
    const known = this.ports.rooms.of(eventId);
    if (known === null) return '';
    return String(encodeFrame(roomFrame(known, this.ports.clock.nowMs()), 'json'));
  }
}

interface Watched {
  readonly sockets: Set<RoomViewer>;
  readonly streams: Set<RoomViewer>;
  text: string;
}
