import { useEffect } from 'preact/hooks';
import { clockFace } from '../kit/format.js';
import { useTick } from '../kit/use-tick.js';
import type { Reservation } from '../shop.js';
import { askAgain, remainingMs } from './hold-store.js';

/** How long a hold lasts by the shop's clock; at zero it asks whether that is so. */
export function Countdown({ reservation }: { readonly reservation: Reservation }) {
  useTick(500);
  const ms = remainingMs(reservation);
  const isUp = ms === 0;
  useEffect(() => {
    if (!isUp) return undefined;
    const ask = () => void askAgain(reservation.reservation_id);
    ask();
    const timer = setInterval(ask, 2_000);
    return () => clearInterval(timer);
  }, [isUp, reservation.reservation_id]);
  return (
    <span class={ms < 30_000 ? 'clock clock-short' : 'clock'} role="timer">
      {clockFace(ms)}
    </span>
  );
}
