import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { RoomStore } from '#libs/room/room-store.js';

export interface RoomRetentionPorts {
  readonly roomStore: Pick<RoomStore, 'sweep'>;
  readonly clock: Pick<Clock, 'every' | 'nowMs'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Removes rooms that were closed roomKeptMs ago, with the people in them. Every gateway does so, a
 * bounded number of rows at a time (G8), and none waits for another. Returns what ends it.
 */
export function keepRooms({ roomStore, clock, log }: RoomRetentionPorts): () => void {
  const sweep = async (): Promise<void> => {
    try {
      const before = clock.nowMs() - limits.roomKeptMs;
      const removed = await roomStore.sweep(before, limits.roomSweptMax);
      if (removed > 0) log.info({ removed }, 'rows of old waiting rooms were removed');
    } catch (error) {
      log.warn({ err: error }, 'old waiting rooms could not be removed');
    }
  };
  return clock.every(limits.roomSweepMs, () => void sweep());
}
