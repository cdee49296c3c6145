import { useEffect, useRef } from 'preact/hooks';
import { anotherTry, bankPageOf, waitsHere } from '../checkout/at-the-bank.js';
import { fetchBooking } from '../checkout/pay.js';
import { endTry } from '../checkout/payment-tries.js';
import { Poster } from '../events/poster.js';
import { askAgain, forget, holdOf } from '../holds/hold-store.js';
import { Breakdown } from '../kit/breakdown.js';
import { money, when } from '../kit/format.js';
import { Failed, Heading, Waiting } from '../kit/page-parts.js';
import { navigate, paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { fetchEvent, type Booking, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import { CancelBooking } from './cancel-booking.js';
import { isRefundedSoon, RefundList } from './refund-list.js';

const askEveryMs = 1_000;

/** What became of a payment, and what was booked. */
export function BookingPage({ bookingId }: { readonly bookingId: string }) {
  const loaded = useLoaded(bookingId, () => find(bookingId));
  const isPending = loaded.state === 'there' && isUnderWay(loaded.value.booking);
  const { again } = loaded;
  const shown = loaded.state === 'loading' ? null : loaded;
  usePatience(isPending, again);
  useAnotherTry(loaded.state === 'there' ? loaded.value.booking : null);
  if (shown === null) return <Waiting />;
  if (shown.state === 'failed') return <Failed again={again} />;
  return <TheBooking {...shown.value} changed={again} />;
}

const isUnderWay = (booking: Booking): boolean =>
  booking.status === 'PENDING' || isRefundedSoon(booking);

function usePatience(isPending: boolean, again: () => void): void {
  useEffect(() => {
    if (!isPending) return undefined;
    const timer = setTimeout(again, askEveryMs);
    return () => clearTimeout(timer);
  });
}

/** Who waited here for a payment that is declined now is led back to what he holds. */
function useAnotherTry(booking: Booking | null): void {
  const waited = useRef(waitsHere());
  useEffect(() => {
    if (booking?.status === 'PENDING') waited.current = true;
    if (booking?.status !== 'DECLINED' || !waited.current) return;
    waited.current = false;
    const isHeld = holdOf(booking.event_id)?.reservation_id === booking.reservation_id;
    if (isHeld) navigate(anotherTry(booking.reservation_id), 'replace');
  }, [booking]);
}

interface Found {
  readonly booking: Booking;
  readonly event: EventDoc | null;
}

async function find(bookingId: string): Promise<Found | null> {
  const booking = await fetchBooking(bookingId);
  if (booking === null) return null;
  if (booking.status === 'CONFIRMED') forget(booking.reservation_id);
  if (booking.status === 'DECLINED') {
    endTry(booking.reservation_id, booking.booking_id);
    await askAgain(booking.reservation_id);
  }
  return { booking, event: await fetchEvent(booking.event_id) };
}

function TheBooking({ booking, event, changed }: Found & { readonly changed: () => void }) {
  const { status, cancellation } = booking;
  const bank = bankPageOf(booking);
  return (
    <article class="narrow booking">
      <p class={`stamp stamp-${status.toLowerCase()}`}>{texts.statuses[status]}</p>
      <Heading title={texts.bookingTitles[status]} />
      {status === 'PENDING' && (
        <p role="status">{bank === null ? texts.bankThinks : texts.bankAsks}</p>
      )}
      {bank !== null && (
        <a class="button" href={bank} target="_self">
          {texts.toBank}
        </a>
      )}
      {['DECLINED', 'EXPIRED', 'FAILED'].includes(status) && <p>{texts.notCharged}</p>}
      {status === 'DECLINED' && (
        <a class="button" href={paths.checkout(booking.reservation_id)}>
          {texts.toCheckout}
        </a>
      )}
      <Ticket booking={booking} event={event} />
      {cancellation !== undefined && (
        <CancelBooking
          key={booking.refunds?.length ?? 0}
          {...{ booking, cancellation, changed }}
          timeZone={event?.time_zone ?? null}
        />
      )}
      <p class="centre">
        <a class="quiet-link" href={paths.bookings}>
          {texts.myBookings}
        </a>
      </p>
    </article>
  );
}

function Ticket({ booking, event }: Found) {
  const { dispute } = booking;
  const isBooked = booking.status === 'CONFIRMED';
  return (
    <section class="ticket">
      {event !== null && <Poster event={event} url={event.thumbnail_url} />}
      <div class="ticket-text">
        {event !== null && (
          <>
            <h2>{event.name}</h2>
            <p>{when(event.starts_at, event.time_zone, 'long')}</p>
            {event.cancelled_at !== null && <p class="state-gone">{texts.eventCancelled}</p>}
            <p class="quiet-text">
              {event.venue_name}, {event.city}
            </p>
          </>
        )}
        <ul class="ticket-places">
          {booking.seat_labels.map((label) => (
            <li key={label}>{label}</li>
          ))}
          {booking.areas.map(({ area, quantity }) => (
            <li key={area}>
              {area} × {quantity}
            </li>
          ))}
        </ul>
        <dl class="ticket-facts">
          <dt>{isBooked ? texts.paid : texts.total}</dt>
          <dd>{money(booking.total, booking.currency)}</dd>
          <dt>{texts.bookingNumber}</dt>
          <dd class="code">{booking.booking_id}</dd>
        </dl>
        <Breakdown of={booking} />
        {isBooked && dispute?.ticket_frozen !== true && (
          <>
            <h3>{texts.tickets}</h3>
            <p class="quiet-text">{texts.ticketsText}</p>
          </>
        )}
        {dispute !== undefined && dispute.status !== 'CLOSED' && (
          <p class="quiet-text">{texts.disputes[dispute.status]}</p>
        )}
        <RefundList booking={booking} />
      </div>
    </section>
  );
}
