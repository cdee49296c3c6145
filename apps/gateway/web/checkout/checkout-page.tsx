import { Poster } from '../events/poster.js';
import { Countdown } from '../holds/countdown.js';
import { askAgain, useHolds } from '../holds/hold-store.js';
import { knownToken } from '../holds/guest-session.js';
import { money, when } from '../kit/format.js';
import { Empty, Failed, Heading, Waiting } from '../kit/page-parts.js';
import { navigate, paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { fetchEvent, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import { cameFromBank, waitingFor, wasDeclined } from './at-the-bank.js';
import { endTry, fetchBookings } from './pay.js';
import { PaymentForm } from './payment-form.js';
import type { OrderProps } from './order-props.js';
import { documentFor, stripeKey } from './stripe-key.js';

/** Pays for what is held. It is found again after a reload, the back button, in another tab. */
export function CheckoutPage({ reservationId }: { readonly reservationId: string }) {
  const loaded = useLoaded(reservationId, () => findOrder(reservationId));
  const holds = useHolds();
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed again={loaded.again} />;
  const { event, declined, key } = loaded.value;
  if (event === null) return <Gone event={null} />;
  const reservation = holds.get(event.event_id) ?? null;
  if (reservation?.reservation_id !== reservationId) return <Gone event={event} />;
  return <Order reservation={reservation} event={event} declined={declined} stripe={key} />;
}

interface Found {
  /** null: there is no such hold any more. */
  readonly event: EventDoc | null;
  /** The last try to pay came to nothing. */
  readonly declined: boolean;
  /** Of Stripe; null: the simulator's cards. */
  readonly key: string | null;
}

/** Leads on to its booking when it has become one meanwhile, or may become one. */
async function findOrder(reservationId: string): Promise<Found | null> {
  const key = await stripeKey();
  if (key === undefined) return null;
  await documentFor(key);
  const declined = wasDeclined() || cameFromBank();
  if (declined) endTry(reservationId);
  let reservation = await askAgain(reservationId);
  if (reservation?.status !== 'held' && knownToken() !== null) {
    const bookings = await fetchBookings();
    if (bookings === null) return null;
    const mine = bookings.find((one) => one.reservation_id === reservationId);
    if (mine !== undefined && ['CONFIRMED', 'PENDING'].includes(mine.status)) {
      navigate(waitingFor(mine.booking_id), 'replace');
    } else if (reservation !== null) reservation = await askAgain(reservationId);
  }
  const event = reservation === null ? null : await fetchEvent(reservation.event_id);
  return reservation !== null && event === null ? null : { event, declined, key };
}

function Gone({ event }: { readonly event: EventDoc | null }) {
  const to = event === null ? paths.events : paths.seats(event.event_id);
  return (
    <div class="narrow">
      <Heading title={texts.holdGone} />
      <Empty title="" text={texts.holdGoneText}>
        <a class="button" href={to}>
          {event === null ? texts.toEvents : texts.backToMap}
        </a>
      </Empty>
    </div>
  );
}

function Order({ reservation, event, declined, stripe }: OrderProps) {
  return (
    <div class="wide checkout">
      <section class="order">
        <Heading title={texts.checkout} />
        <p class="order-left">
          {texts.yours('')} <Countdown reservation={reservation} />
        </p>
        <PaymentForm reservation={reservation} event={event} declined={declined} stripe={stripe} />
      </section>
      <aside class="summary">
        <h2>{texts.order}</h2>
        <Poster event={event} url={event.thumbnail_url} />
        <p class="summary-name">{event.name}</p>
        <p class="quiet-text">{when(event.starts_at, event.time_zone, 'short')}</p>
        <p class="quiet-text">{event.venue_name}</p>
        <ul class="summary-places">
          {reservation.seat_labels.map((label) => (
            <li key={label}>{label}</li>
          ))}
          {reservation.areas.map(({ area, quantity }) => (
            <li key={area}>
              {area} × {quantity}
            </li>
          ))}
        </ul>
        <p class="summary-total">
          <span>{texts.total}</span>
          <b>{money(reservation.total, reservation.currency)}</b>
        </p>
      </aside>
    </div>
  );
}
