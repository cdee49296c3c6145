import type { BrowserContextOptions, Page } from 'playwright-core';
import { desk, faults, isTooWide, phone, picture, type Browsers } from './browser.js';

/**
 * Pages when things are not as usual, each on a desk and on a phone, by day and by night, as
 * pictures for people. What a shop says is changed on its way to the browser: to sell a house out
 * takes longer than to look at it.
 */
const eventId = 'evt_hamlet';
const eventPage = `/events/${eventId}`;
const mapPage = `${eventPage}/seats`;
/** Not in a minute's time: a countdown is the same in each picture. */
const opensInMs = 8_053_000;

interface State {
  readonly name: string;
  readonly at: string;
  /** What a person has to see of it. */
  readonly shows: string;
  /** Answers to the page's requests, in place of the shop's. */
  readonly arrange?: (page: Page) => Promise<unknown>;
  /** What the line of the live map brings in place of what the shop said; null: its end. */
  readonly said?: (frame: Snapshot) => object | null;
  /** What is still on its way has no heading. */
  readonly isUnfinished?: boolean;
}

interface Snapshot {
  readonly type: string;
  readonly statuses: string;
}

const noneLeft = {
  seats: { free: 0, held: 3, booked: 497, blocked: 0 },
  areas: [],
};

const opening = () => ({
  sale_status: 'scheduled',
  on_sale_at: new Date(Date.now() + opensInMs).toISOString(),
});

const cancelled = () => ({
  sale_status: 'closed',
  cancelled_at: new Date().toISOString(),
});

const states: readonly State[] = [
  {
    ...{ name: 'sold-out', at: eventPage, shows: 'Sold out' },
    arrange: (page) => changeEvent(page, () => ({ availability: noneLeft })),
  },
  {
    ...{ name: 'sold-out-map', at: mapPage, shows: 'No section has so many seats together' },
    said: (frame) => ({ ...frame, statuses: soldOut(frame) }),
  },
  {
    ...{ name: 'not-yet-open', at: eventPage, shows: 'The sale opens in' },
    arrange: (page) => changeEvent(page, opening),
  },
  {
    ...{ name: 'not-yet-open-map', at: mapPage, shows: 'Until then the map is to look at.' },
    arrange: (page) => changeEvent(page, opening),
    said: (frame) => ({ ...frame, sale_status: 'scheduled' }),
  },
  {
    ...{ name: 'cancelled', at: eventPage, shows: 'Cancelled' },
    arrange: (page) => changeEvent(page, cancelled),
  },
  {
    ...{ name: 'cancelled-map', at: mapPage, shows: 'Live · Cancelled' },
    arrange: (page) => changeEvent(page, cancelled),
    said: (frame) => ({ ...frame, sale_status: 'closed' }),
  },
  {
    ...{ name: 'offline-map', at: mapPage, shows: 'Offline. Trying again' },
    // By which a line that is lost so often would come back, while it is looked at.
    arrange: (page) => page.route('**/live*', (route) => route.fulfill({ status: 429 })),
    said: () => null,
  },
  { name: 'missing', at: '/events/evt_nobody', shows: 'There is no such event' },
  { name: 'nothing-found', at: '/?q=zzqx', shows: 'Nothing found for “zzqx”' },
  { name: 'no-bookings', at: '/bookings', shows: 'No bookings yet' },
  {
    ...{ name: 'failed', at: mapPage, shows: 'This could not be loaded.' },
    arrange: (page) =>
      page.route('**/v1/layouts/*', (route) =>
        route.fulfill({ status: 400, json: { error: { code: 'invalid_request', message: '' } } }),
      ),
  },
  {
    ...{ name: 'slow', at: eventPage, shows: 'Still loading.', isUnfinished: true },
    arrange: (page) => page.route(`**/v1${eventPage}`, () => undefined),
  },
];

export async function lookAtStates(browsers: Browsers, url: string): Promise<void> {
  await Promise.all([look('phone', phone), look('desk', desk)]);

  async function look(how: string, options: BrowserContextOptions): Promise<void> {
    const page = await browsers.person(url, { ...options, reducedMotion: 'reduce' });
    const line = await standInForShop(page);
    for (const state of states) {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await state.arrange?.(page);
      line.said = state.said ?? ((frame) => frame);
      await page.goto(state.at);
      await page.getByText(state.shows).first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
        await picture(page, `state-${state.name}-${how}-${colorScheme}`);
      }
      if (await isTooWide(page)) throw new Error(`${state.name} has to be moved sideways`);
      const found = how === 'desk' || state.isUnfinished === true ? [] : await faults(page);
      if (found.length > 0) throw new Error(`${state.name}: ${found.join('\n')}`);
    }
  }
}

const changeEvent = (page: Page, change: () => object) =>
  page.route(`**/v1${eventPage}`, async (route) => {
    const response = await route.fetch();
    const event = (await response.json()) as object;
    await route.fulfill({ response, json: { ...event, ...change() } });
  });

/** Between the page and the live map. */
async function standInForShop(page: Page): Promise<{ said: NonNullable<State['said']> }> {
  const shop: { said: NonNullable<State['said']> } = { said: (frame) => frame };
  await page.routeWebSocket(/\/live/, (line) => {
    line.connectToServer().onMessage((text) => {
      const frame = JSON.parse(String(text)) as Snapshot;
      const said = frame.type === 'snapshot' ? shop.said(frame) : frame;
      if (said === null) void line.close();
      else line.send(JSON.stringify(said));
    });
  });
  return shop;
}

/** Sold, but for a few that somebody still decides about. */
const soldOut = ({ statuses }: Snapshot): string =>
  Array.from(statuses, (_one, seat) => (seat % 97 < 2 ? 'h' : 'b')).join('');
