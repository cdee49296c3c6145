import { useEffect, useState } from 'preact/hooks';
import { Poster } from '../events/poster.js';
import { Countdown } from '../holds/countdown.js';
import { askAgain, forget, holdOf, useHolds } from '../holds/hold-store.js';
import { knownToken } from '../holds/guest-session.js';
import { money, when } from '../kit/format.js';
import { Notice, useNotice } from '../kit/notices.js';
import { Empty, Failed, Heading, Waiting } from '../kit/page-parts.js';
import { navigate, paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { fetchEvent, type EventDoc, type Reservation } from '../shop.js';
import { texts } from '../texts/texts.js';
import { cards, type Card } from './cards.js';
import { fetchBookings, pay, type Paid } from './pay.js';

/** Pays for what is held. It is found again after a reload, the back button, in another tab. */
export function CheckoutPage({ reservationId }: { readonly reservationId: string }) {
  const loaded = useLoaded(reservationId, () => findOrder(reservationId));
  const holds = useHolds();
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed again={loaded.again} />;
  const { event } = loaded.value;
  if (event === null) return <Gone event={null} />;
  const reservation = holds.get(event.event_id) ?? null;
  if (reservation?.reservation_id !== reservationId) return <Gone event={event} />;
  return <Order reservation={reservation} event={event} />;
}

interface Found {
  /** null: there is no such hold any more. */
  readonly event: EventDoc | null;
}

/** Leads on to its booking when it has become one meanwhile. */
async function findOrder(reservationId: string): Promise<Found | null> {
  const reservation = await askAgain(reservationId);
  if (reservation !== null) {
    const event = await fetchEvent(reservation.event_id);
    return event === null ? null : { event };
  }
  if (knownToken() === null) return { event: null };
  const bookings = await fetchBookings();
  if (bookings === null) return null;
  const mine = bookings.find((one) => one.reservation_id === reservationId);
  if (mine !== undefined && ['CONFIRMED', 'PENDING'].includes(mine.status)) {
    navigate(paths.booking(mine.booking_id), 'replace');
  }
  return { event: null };
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

function Order({ reservation, event }: OrderProps) {
  return (
    <div class="wide checkout">
      <section class="order">
        <Heading title={texts.checkout} />
        <p class="order-left">
          {texts.yours('')} <Countdown reservation={reservation} />
        </p>
        <Payment reservation={reservation} event={event} />
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

interface OrderProps {
  readonly reservation: Reservation;
  readonly event: EventDoc;
}

function Payment({ reservation, event }: OrderProps) {
  const [card, setCard] = useState<Card>('pm_card_visa');
  const [paying, setPaying] = useState(false);
  const [notice, say] = useNotice();
  const id = reservation.reservation_id;
  const isFree = reservation.total === 0;
  const settle = (paid: Paid) => {
    switch (paid.kind) {
      case 'booked':
        forget(id);
        return navigate(paths.booking(paid.booking.booking_id), 'replace');
      case 'running':
        return navigate(paths.booking(paid.booking.booking_id), 'replace');
      case 'booked_before':
        forget(id);
        return navigate(paths.booking(paid.bookingId), 'replace');
      case 'gone':
        return void askAgain(id);
      case 'declined':
        return say(texts.declined);
      case 'too_many':
        return say(texts.tooMany);
      case 'no_answer':
        return say(texts.noAnswer);
      case 'refused':
        return say(texts.refusals[paid.code] ?? texts.refused);
    }
  };
  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    if (paying) return;
    setPaying(true);
    say('');
    settle(await pay(id, card));
    setPaying(false);
  };
  useFollowPayment(reservation);
  const amount = money(reservation.total, event.currency);
  return (
    <form class="payment" onSubmit={(submitted) => void submit(submitted)}>
      {!isFree && <CardChoice card={card} onChoose={setCard} />}
      <Notice text={notice} />
      <button type="submit" class="button button-large" disabled={paying} aria-busy={paying}>
        {paying ? texts.payingNow : isFree ? texts.takeFree : texts.pay(amount)}
      </button>
      <a class="quiet-link" href={paths.seats(event.event_id)}>
        {texts.backToMap}
      </a>
    </form>
  );
}

function CardChoice({ card, onChoose }: CardProps) {
  return (
    <fieldset class="cards-choice">
      <legend>{texts.payWith}</legend>
      <p class="quiet-text">{texts.testCards}</p>
      {cards.map((one) => (
        <label key={one} class={one === card ? 'paycard paycard-chosen' : 'paycard'}>
          <input
            type="radio"
            name="card"
            value={one}
            checked={one === card}
            onChange={() => onChoose(one)}
          />
          <b>{texts.cards[one][0]}</b>
          <span>{texts.cards[one][1]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface CardProps {
  readonly card: Card;
  readonly onChoose: (card: Card) => void;
}

/** A payment that was begun elsewhere, or before a reload: its booking says what becomes of it. */
function useFollowPayment({ reservation_id: id, status, event_id: eventId }: Reservation): void {
  useEffect(() => {
    if (status !== 'paying') return undefined;
    const look = async () => {
      const booking = (await fetchBookings())?.find((one) => one.reservation_id === id);
      if (booking?.status === 'PENDING' || booking?.status === 'CONFIRMED') {
        if (holdOf(eventId)?.reservation_id === id && booking.status === 'CONFIRMED') forget(id);
        navigate(paths.booking(booking.booking_id), 'replace');
      }
    };
    void look();
    return undefined;
  }, [id, status]);
}
