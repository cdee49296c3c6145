import { render } from 'preact';
import { App } from './app.js';
import { findHolds, watchOtherTabs } from './holds/hold-store.js';
import { loadedPath, routeOf } from './kit/router.js';
import { askEarly } from './seats/sale-line.js';
import { language } from './texts/texts.js';

document.documentElement.lang = language;
watchOtherTabs();
void findHolds();
const route = routeOf(loadedPath);
if (route.page === 'seats') {
  askEarly(route.eventId);
  // Not first when the frame around it is there; what becomes of it, the page of the map says.
  void import('./seats/seats-page.js').catch(() => undefined);
}
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
