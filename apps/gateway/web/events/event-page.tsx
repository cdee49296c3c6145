import { count, money, priceRange, when } from '../kit/format.js';
import { Failed, Heading, Waiting } from '../kit/page-parts.js';
import { paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { findEvent, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import { Poster } from './poster.js';
import { SaleBox } from './sale-box.js';

/** One event: what, who, where, when, what it costs, and whether there is anything left. */
export function EventPage({ eventId }: { readonly eventId: string }) {
  const loaded = useLoaded(eventId, () => findEvent(eventId));
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed {...loaded} />;
  return <TheEvent event={loaded.value} again={loaded.again} />;
}

function TheEvent({ event, again }: { readonly event: EventDoc; readonly again: () => void }) {
  const { time_zone: zone, venue, lineup } = event;
  const takesPlace = event.cancelled_at === null;
  return (
    <article class="wide event">
      <Poster event={event} url={event.image_url ?? event.thumbnail_url} large />
      <header class="event-head">
        {event.type !== 'other' && <p class="eyebrow">{texts.types[event.type]}</p>}
        <Heading title={event.name} />
        <p class="event-when">{when(event.starts_at, zone, 'long')}</p>
        <p class="event-where">
          <b>{venue.name}</b>
          <span>{venue.address ?? venue.city}</span>
          {venue.capacity !== null && <span>{texts.capacity(count(venue.capacity))}</span>}
        </p>
      </header>
      <aside class="event-sale">
        {takesPlace && (
          <p class="price-range">{priceRange(event.price_min, event.price_max, event.currency)}</p>
        )}
        <SaleBox event={event} again={again} />
        {takesPlace && (
          <ul class="facts">
            <li>{texts.heldFor(Math.round(event.reservation_seconds / 60))}</li>
            <li>{texts.perBuyer(event.places_per_buyer_max)}</li>
          </ul>
        )}
      </aside>
      <div class="event-main">
        {event.description !== '' && <p class="event-about">{event.description}</p>}
        {lineup.length > 0 && (
          <section>
            <h2>{texts.performers}</h2>
            <ul class="lineup">
              {lineup.map(({ performer_id: id, name }) => (
                <li key={id}>{name}</li>
              ))}
            </ul>
          </section>
        )}
        <Prices event={event} />
        <a class="quiet-link" href={paths.events}>
          {texts.toEvents}
        </a>
      </div>
    </article>
  );
}

function Prices({ event }: { readonly event: EventDoc }) {
  const rows = [
    ...event.categories,
    ...event.areas.filter(({ name }) => !event.categories.some((other) => other.name === name)),
  ];
  return (
    <section>
      <h2>{texts.prices}</h2>
      <ul class="prices">
        {rows.map(({ name, price }) => (
          <li key={name}>
            <span>{name}</span>
            <b>{price === null ? '–' : money(price, event.currency)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
