import { fetchBookings } from '../checkout/pay.js';
import { knownToken } from '../holds/guest-session.js';
import { money, when } from '../kit/format.js';
import { Empty, Failed, Heading, Waiting } from '../kit/page-parts.js';
import { paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { fetchEvent, type Booking, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';

interface Entry {
  readonly booking: Booking;
  readonly event: EventDoc | null;
}

/** All that was booked or tried from this browser, the newest first. */
export function BookingsPage() {
  const loaded = useLoaded('', fetchEntries);
  return (
    <div class="narrow">
      <Heading title={texts.myBookings} />
      {loaded.state === 'loading' && <Waiting />}
      {loaded.state === 'failed' && <Failed again={loaded.again} isPart />}
      {loaded.state === 'there' && <Entries entries={loaded.value} />}
    </div>
  );
}

async function fetchEntries(): Promise<readonly Entry[] | null> {
  if (knownToken() === null) return [];
  const bookings = await fetchBookings();
  if (bookings === null) return null;
  const ids = [...new Set(bookings.map(({ event_id: id }) => id))];
  const events = new Map(
    await Promise.all(ids.map(async (id) => [id, await fetchEvent(id)] as const)),
  );
  return bookings.map((booking) => ({ booking, event: events.get(booking.event_id) ?? null }));
}

function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  if (entries.length === 0) {
    return (
      <Empty title={texts.noBookings} text={texts.noBookingsText}>
        <a class="button" href={paths.events}>
          {texts.toEvents}
        </a>
      </Empty>
    );
  }
  return (
    <ul class="bookings">
      {entries.map(({ booking, event }) => (
        <li key={booking.booking_id}>
          <a href={paths.booking(booking.booking_id)}>
            <div>
              <h2>{event?.name ?? booking.event_id}</h2>
              {event !== null && (
                <p class="quiet-text">{when(event.starts_at, event.time_zone, 'short')}</p>
              )}
              <p>
                {[
                  ...booking.seat_labels,
                  ...booking.areas.map(({ area, quantity }) => `${area} × ${quantity}`),
                ].join(' · ')}
              </p>
            </div>
            <div class="bookings-end">
              <span class={`stamp stamp-${booking.status.toLowerCase()}`}>
                {texts.statuses[booking.status]}
              </span>
              <b>{money(booking.total, booking.currency)}</b>
            </div>
          </a>
        </li>
      ))}
    </ul>
  );
}
