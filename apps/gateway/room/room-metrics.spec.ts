import { describe, expect, it } from '@jest/globals';

import { Metrics } from '#libs/platform/metrics.js';

import type { KnownRoom } from './room-book.js';
import { measureRooms } from './room-metrics.js';

const knownRoom = (room: object, calledPerMinute = 0): KnownRoom =>
  ({
    calledPerMinute,
    room: {
      ...{ opensAtMs: 1_000, closedAtMs: null, entrants: null, head: null },
      ...{ nextIndex: 0, serving: 0, ...room },
    },
  }) as KnownRoom;

describe('the numbers of waiting rooms', () => {
  it('add up over those that are open, and name no event', async () => {
    const metrics = new Metrics({ processMetrics: false });
    const head = { final: true };
    const known = [
      knownRoom({ nextIndex: 50, serving: 20, entrants: 50, head }, 12),
      knownRoom({ nextIndex: 7 }),
      knownRoom({ nextIndex: 900, serving: 900, closedAtMs: 5 }),
    ];
    const turns = measureRooms(metrics, { all: () => known }, () => 2_000);
    turns.lapsed.value += 1;
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('holdfast_'));
    expect(lines).toEqual([
      'holdfast_rooms{phase="scheduled"} 0',
      'holdfast_rooms{phase="lobby"} 1',
      'holdfast_rooms{phase="drawing"} 0',
      'holdfast_rooms{phase="serving"} 1',
      'holdfast_rooms{phase="closed"} 1',
      'holdfast_room_people{state="waiting"} 37',
      'holdfast_room_people{state="called"} 20',
      'holdfast_room_called_per_minute 12',
      'holdfast_room_turns_total{turn="admitted"} 0',
      'holdfast_room_turns_total{turn="lapsed"} 1',
      'holdfast_room_turns_total{turn="over"} 0',
    ]);
  });
});
