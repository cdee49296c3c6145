import { useEffect, useMemo, useState } from 'preact/hooks';
import { later, onWaking } from '../kit/on-waking.js';
import { clock, holdfast } from '../shop.js';
import { callsOf } from './room-calls.js';
import { WaitingRoom, type RoomEars, type RoomPorts } from './waiting-room.js';

/** Fetched by who has a place, not by everybody who looks at an event. */
const position: RoomPorts['position'] = (drawn, index) =>
  import('./check-place.js').then(
    ({ drawnPosition }) => drawnPosition(drawn, index),
    () => null,
  );

/** The waiting room of an event, while the page is there; renders again when it says more. */
export function useRoom(eventId: string, wantsPlace = true): WaitingRoom {
  const [, setTurn] = useState(0);
  const room = useMemo(() => {
    const calls = callsOf(eventId);
    const lineTo = (ears: RoomEars) => holdfast.followRoom(eventId, ears);
    const time = { after: later, nowMs: () => clock.nowMs() };
    const ports = { calls, lineTo, position, ...time, random: Math.random };
    return new WaitingRoom(ports, () => setTurn((turn) => turn + 1), wantsPlace);
  }, [eventId]);
  useEffect(() => {
    room.open();
    const stopWaking = onWaking(() => room.wake());
    return () => {
      room.close();
      stopWaking();
    };
  }, [room]);
  return room;
}
