import { useEffect } from 'preact/hooks';
import { BookingPage } from './bookings/booking-page.js';
import { BookingsPage } from './bookings/bookings-page.js';
import { CheckoutPage } from './checkout/checkout-page.js';
import { EventPage } from './events/event-page.js';
import { EventsPage } from './events/events-page.js';
import { OtherHolds } from './holds/other-holds.js';
import { lazyPage } from './kit/lazy-page.js';
import { Empty, Heading } from './kit/page-parts.js';
import { followLinks, paths, routeOf, usePath, type Route } from './kit/router.js';
import { leaveEarly } from './seats/sale-line.js';
import { language, speak, texts } from './texts/texts.js';

const SeatsPage = lazyPage(async () => (await import('./seats/seats-page.js')).SeatsPage);
const RoomPage = lazyPage(async () => (await import('./room/room-page.js')).RoomPage);
const ReplayPage = lazyPage(async () => (await import('./staff/replay-page.js')).ReplayPage);
const StatusPage = lazyPage(async () => (await import('./staff/status-page.js')).StatusPage);

/** The frame around every page. */
export function App() {
  const path = usePath();
  const route = routeOf(path);
  useEffect(() => {
    if (route.page !== 'seats') leaveEarly();
  }, [path]);
  return (
    <div class="app" onClick={followLinks}>
      <a class="skip" href="#content">
        {texts.skip}
      </a>
      <header class="top">
        <a class="brand" href={paths.events}>
          <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="9" />
            <path d="M10 7v18M22 7v18M10 16h12" />
          </svg>
          {texts.brand}
        </a>
        <nav>
          <a href={paths.bookings}>{texts.myBookings}</a>
        </nav>
      </header>
      <main id="content">
        <Page key={path} route={route} />
      </main>
      <OtherHolds route={route} />
      <footer class="foot">
        <p>{texts.footer}</p>
        <button
          type="button"
          class="plain"
          lang={language === 'en' ? 'de' : 'en'}
          onClick={() => speak(language === 'en' ? 'de' : 'en')}
        >
          {texts.otherLanguage}
        </button>
      </footer>
    </div>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'events':
      return <EventsPage />;
    case 'event':
      return <EventPage eventId={route.eventId} />;
    case 'seats':
      return <SeatsPage eventId={route.eventId} />;
    case 'room':
      return <RoomPage eventId={route.eventId} />;
    case 'checkout':
      return <CheckoutPage reservationId={route.reservationId} />;
    case 'bookings':
      return <BookingsPage />;
    case 'booking':
      return <BookingPage bookingId={route.bookingId} />;
    case 'replay':
      return <ReplayPage eventId={route.eventId} />;
    case 'status':
      return <StatusPage />;
    case 'lost':
      return <Lost />;
  }
}

const Lost = () => (
  <div class="narrow">
    <Heading title={texts.lostTitle} />
    <Empty title="" text={texts.lostText}>
      <a class="button" href={paths.events}>
        {texts.toEvents}
      </a>
    </Empty>
  </div>
);
