import { paths, type Route } from '../kit/router.js';
import { texts } from '../texts/texts.js';
import { Countdown } from './countdown.js';
import { placesOf, useHolds } from './hold-store.js';

/** On pages that do not show it themselves: what is still held, and the way back to it. */
export function OtherHolds({ route }: { readonly route: Route }) {
  const holds = useHolds();
  if (route.page === 'seats' || route.page === 'checkout') return null;
  // A booking that is being paid says so itself.
  const shown = [...holds.values()].filter(
    ({ status }) => route.page !== 'booking' || status !== 'paying',
  );
  if (shown.length === 0) return null;
  return (
    <aside class="pills" aria-label={texts.otherHolds}>
      {shown.map((reservation) => (
        <a
          key={reservation.reservation_id}
          class="pill"
          href={paths.checkout(reservation.reservation_id)}
        >
          {texts.held(placesOf(reservation))}
          <Countdown reservation={reservation} />
        </a>
      ))}
    </aside>
  );
}
