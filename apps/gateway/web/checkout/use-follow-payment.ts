import { useEffect } from 'preact/hooks';
import { askAgain, forget, holdOf } from '../holds/hold-store.js';
import { navigate } from '../kit/router.js';
import type { Reservation } from '../shop.js';
import { waitingFor } from './at-the-bank.js';
import { fetchBookings } from './pay.js';

/** A payment that was begun elsewhere, or before a reload: its booking says what becomes of it. */
export function useFollowPayment(reservation: Reservation): void {
  const { reservation_id: id, status, event_id: eventId } = reservation;
  useEffect(() => {
    if (status !== 'paying') return undefined;
    const look = async () => {
      const booking = (await fetchBookings())?.find((one) => one.reservation_id === id);
      if (booking?.status === 'PENDING' || booking?.status === 'CONFIRMED') {
        if (holdOf(eventId)?.reservation_id === id && booking.status === 'CONFIRMED') forget(id);
        navigate(waitingFor(booking.booking_id), 'replace');
      }
    };
    void look();
    return undefined;
  }, [id, status]);
  // Back from the bank's page by the browser's button, as this page was left.
  useEffect(() => {
    const look = ({ persisted }: PageTransitionEvent) => persisted && void askAgain(id);
    addEventListener('pageshow', look);
    return () => removeEventListener('pageshow', look);
  }, [id]);
}
