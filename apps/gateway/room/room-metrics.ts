import type { Counter, Metrics } from '#libs/platform/metrics.js';
import { phaseOf, type Phase } from '#libs/room/room.js';

import type { KnownRoom, RoomBook } from './room-book.js';

/** What became of a turn when its owner came: let in, too late, or back after his time. */
export type Turn = 'admitted' | 'lapsed' | 'over';
export type Turns = Readonly<Record<Turn, Counter>>;

const phases: readonly Phase[] = ['scheduled', 'lobby', 'drawing', 'serving', 'closed'];
const turns: readonly Turn[] = ['admitted', 'lapsed', 'over'];

/**
 * The waiting rooms in numbers, over all of them. Those of rooms and people are of the store, and
 * the same at every gateway; turns are those that were taken here.
 */
export function measureRooms(
  metrics: Metrics,
  book: Pick<RoomBook, 'all'>,
  nowMs: () => number,
): Turns {
  const open = (): KnownRoom[] => [...book.all()].filter(({ room }) => room.closedAtMs === null);
  const sum = (of: (known: KnownRoom) => number): number =>
    open().reduce((all, known) => all + of(known), 0);
  metrics.gauges('holdfast_rooms', 'Waiting rooms, by phase.', 'phase', () => {
    const now = nowMs();
    const found = Array.from(book.all(), ({ room }) => phaseOf(room, now));
    return phases.map((phase) => [phase, found.filter((one) => one === phase).length]);
  });
  metrics.gauges(
    'holdfast_room_people',
    'Places in the waiting rooms that are open: not called yet, and called.',
    'state',
    () => [
      ['waiting', sum(({ room }) => room.nextIndex - room.serving)],
      ['called', sum(({ room }) => room.serving)],
    ],
  );
  metrics.gauge(
    'holdfast_room_called_per_minute',
    'People called in the last minute or so, over all waiting rooms.',
    () => sum(({ calledPerMinute }) => calledPerMinute),
  );
  return metrics.counters(
    'holdfast_room_turns_total',
    'Turns whose owner came: let in, too late for it (lapsed), or back after its time (over).',
    'turn',
    turns,
  );
}
