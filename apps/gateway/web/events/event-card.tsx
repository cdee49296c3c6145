import { dayAndMonth, money, when } from '../kit/format.js';
import { paths } from '../kit/router.js';
import { clock, type EventSummary } from '../shop.js';
import { texts } from '../texts/texts.js';
import { Poster } from './poster.js';

/** One event of a list. */
export function EventCard({ event }: { readonly event: EventSummary }) {
  const { time_zone: zone, on_sale_at: opens } = event;
  const [day, month] = dayAndMonth(event.starts_at, zone);
  const isCancelled = event.cancelled_at !== null;
  const isLater = !isCancelled && opens !== null && Date.parse(opens) > clock.nowMs();
  return (
    <li class="card">
      <a href={paths.event(event.event_id)}>
        <Poster event={event} url={event.thumbnail_url} />
        <div class="card-date" aria-hidden="true">
          <b>{day}</b>
          {month}
        </div>
        <div class="card-text">
          <h2>{event.name}</h2>
          <p class="card-when">{when(event.starts_at, zone, 'short')}</p>
          <p class="card-where">
            {event.venue_name}, {event.city}
          </p>
          <p class={isLater || isCancelled ? 'card-price card-later' : 'card-price'}>
            {isCancelled && texts.eventCancelled}
            {isLater && texts.opensOn(when(opens, zone, 'short'))}
            {!isCancelled && !isLater && texts.from(money(event.price_min, event.currency))}
          </p>
        </div>
      </a>
    </li>
  );
}
