import { useRef } from 'preact/hooks';
import { Poster } from '../events/poster.js';
import { Countdown } from '../holds/countdown.js';
import { askAgain, useHolds } from '../holds/hold-store.js';
import { knownToken } from '../holds/guest-session.js';
import { Breakdown } from '../kit/breakdown.js';
import { money, when } from '../kit/format.js';
import { Empty, Failed, Heading, Waiting } from '../kit/page-parts.js';
import { isCheckoutOf, navigate, paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { fetchEvent, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import { cameFromBank, waitingFor, wasDeclined } from './at-the-bank.js';
import { fetchBookings } from './pay.js';
import { PaymentForm } from './payment-form.js';
import { endTry } from './payment-tries.js';
import type { OrderProps } from './order-props.js';
import { documentFor, stripeKey } from './stripe-key.js';

/** Pays for what is held. It is found again after a reload, the back button, in another tab. */
export function CheckoutPage({ reservationId }: { readonly reservationId: string }) {
  const declined = useRef(false);
  const loaded = useLoaded(reservationId, () => findOrder(reservationId, declined));
  const holds = useHolds();
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed again={loaded.again} />;
  const { event, key, isMine } = loaded.value;
  if (!isMine) return <Elsewhere />;
  if (event === null) return <Gone event={null} />;
  const reservation = holds.get(event.event_id) ?? null;
  if (reservation?.reservation_id !== reservationId) return <Gone event={event} />;
  return <Order reservation={reservation} event={event} declined={declined.current} stripe={key} />;
}

interface Found {
  /** null: there is no such hold any more. */
  readonly event: EventDoc | null;
  /** Of Stripe; null: the simulator's cards. */
  readonly key: string | null;
  /** false: this browser knows nothing of it, not even that it is over. */
  readonly isMine: boolean;
}

/**
 * Leads on to its booking when it has become one meanwhile, or may become one. `declined` becomes
 * true when the last try to pay came to nothing.
 */
async function findOrder(reservationId: string, declined: { current: boolean }) {
  const key = await stripeKey();
  if (key === undefined) return null;
  await documentFor(key);
  // Left meanwhile: nobody looks at what is found, and another page's address is its own.
  if (!isCheckoutOf(reservationId)) return null;
  const isFromBank = cameFromBank(reservationId);
  if (wasDeclined() || isFromBank) declined.current = true;
  if (knownToken() === null) return { event: null, key, isMine: false };
  let reservation = await askAgain(reservationId);
  let isMine = reservation !== null || !isFromBank;
  if (reservation?.status !== 'held' || isFromBank) {
    const bookings = await fetchBookings();
    if (bookings === null) return null;
    const mine = bookings.filter((one) => one.reservation_id === reservationId);
    isMine ||= mine.length > 0;
    for (const { status, booking_id: id } of mine) {
      if (status === 'DECLINED') endTry(reservationId, id);
    }
    const [newest] = mine;
    if (['CONFIRMED', 'PENDING'].includes(newest?.status)) {
      if (isCheckoutOf(reservationId)) navigate(waitingFor(newest.booking_id), 'replace');
    } else if (reservation !== null) reservation = await askAgain(reservationId);
  }
  const event = reservation === null ? null : await fetchEvent(reservation.event_id);
  if (reservation !== null && event === null) return null;
  return { event, key, isMine } satisfies Found;
}

const Elsewhere = () => (
  <div class="narrow">
    <Heading title={texts.elsewhere} />
    <Empty title="" text={texts.elsewhereText}>
      <a class="button" href={paths.events}>
        {texts.toEvents}
      </a>
    </Empty>
  </div>
);

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
        <Breakdown of={reservation} />
        <p class="summary-total">
          <span>{texts.total}</span>
          <b>{money(reservation.total, reservation.currency)}</b>
        </p>
      </aside>
    </div>
  );
}
