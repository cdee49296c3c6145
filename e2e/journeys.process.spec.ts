import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTcpProxy } from '#libs/testing/tcp-proxy.js';
import { until } from '#libs/testing/until.js';
import {
  artefacts,
  Browsers,
  desk,
  faults,
  findChromium,
  isTooWide,
  phone,
  picture,
  whenHeard,
  whenShown,
} from './browser.js';
import { lookEverywhere, readEverywhere } from './everywhere.js';
import { buyWithFees } from './fees.js';
import { CheckoutPage } from './pages/checkout-page.js';
import { WaitingRoomPage } from './pages/room-page.js';
import { SalePage } from './pages/sale-page.js';
import { Shop } from './shop.js';
import { lookAtStates } from './states.js';

/** People in a real browser, before the whole system: arranged by API, judged by what they see. */
jest.setTimeout(90_000);
const program = findChromium();
const hamlet = 'evt_hamlet';

if (program === null) {
  it('NOT TRIED: there is no Chromium here, so nobody opens the pages in a browser', () => {
    process.stderr.write('no Chromium: the pages were opened by nobody\n');
  });
} else describe('a buyer', () => journeys(program));

function journeys(chromium: string): void {
  let shop: Shop;
  let browsers: Browsers;

  beforeAll(async () => {
    [shop, browsers] = await Promise.all([Shop.open(), Browsers.open(chromium)]);
    process.stderr.write(`pictures of the pages: ${artefacts}\n`);
  });

  afterEach(async () => {
    await browsers.leave();
    expect(browsers.complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browsers.close();
    await shop.close();
  });

  it('finds an event, takes seats with a mouse, pays with another card, and cancels', async () => {
    const page = await browsers.person(shop.url);
    await page.goto('/');
    await page.getByRole('searchbox').fill('hamlte');
    await page.getByRole('link', { name: /Hamlet/ }).click();
    await page.getByRole('link', { name: 'Choose seats' }).click();
    const sale = new SalePage(page);
    await sale.live();
    await sale.clickAt(0.5, 0.5);
    await sale.bar(/You chose 2 seats together/);
    await sale.hold();
    await picture(page, 'held');
    await page.getByRole('button', { name: 'More time' }).click();
    await page.getByText(/^You have more time now/).waitFor();
    await page.reload();
    await sale.checkout.waitFor();
    expect(await page.getByRole('button', { name: 'More time' }).count()).toBe(0);
    await sale.checkout.click();
    const checkout = new CheckoutPage(page);
    await checkout.pay(/0002/);
    await checkout.declined();
    await checkout.pay(/Mastercard/);
    await checkout.booked();
    await picture(page, 'booked');
    await page.getByRole('link', { name: 'My bookings' }).first().click();
    await page.getByText('Booked', { exact: true }).waitFor();
    await shop.allowCancelling(hamlet, 250);
    await page.getByRole('link', { name: /Booked/ }).click();
    const back = page.getByRole('button', { name: /^Cancel and get £.* back$/ });
    const kept = page.getByText(/was given back.*£2\.50 was kept/);
    await page.getByRole('checkbox').first().uncheck();
    await page.getByRole('button', { name: 'Cancel this one place' }).click();
    await back.waitFor();
    expect(await faults(page)).toEqual([]);
    await picture(page, 'cancel-one');
    await back.click();
    await kept.waitFor();
    await page.getByRole('button', { name: 'Cancel this booking' }).click();
    await picture(page, 'cancel');
    await back.click();
    await page.getByRole('heading', { name: 'This booking was cancelled' }).waitFor();
    await kept.nth(1).waitFor();
    await picture(page, 'cancelled');
  });

  it('buys from the list by keyboard alone', async () => {
    const page = await browsers.person(shop.url);
    const sale = new SalePage(page);
    await sale.open('evt_seagull');
    await sale.tabTo(/^Circle/);
    await sale.enter(/^row A/);
    await sale.enter(/^Seats 1 – 2/);
    await sale.enter(/^Hold these 2 seats/);
    await sale.enter(/^Go to checkout/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Checkout' }).waitFor();
    await sale.tabTo(/^$/);
    await page.keyboard.press('ArrowDown');
    await sale.tabTo(/^Pay £104/);
    await page.keyboard.press('Enter');
    await new CheckoutPage(page).booked();
  });

  it('chooses on the map by keyboard, and hears of each seat what it is', async () => {
    const page = await browsers.person(shop.url);
    const sale = new SalePage(page);
    await sale.open('evt_seagull');
    await sale.tabTo(/^Stalls, row A, seat \d+, £\d+, available$/);
    await picture(page, 'keyboard');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await sale.enter(/^Hold these 2 seats/);
    await sale.bar(/Stalls, row B/);
  });

  it('buys on a phone with a finger: one tap nearer, one for two seats', async () => {
    const page = await browsers.person(shop.url, { ...phone, reducedMotion: 'reduce' });
    const sale = new SalePage(page);
    await sale.open('evt_nutcracker');
    await sale.tapAt(0.5, 0.62);
    await sale.tapAt(0.5, 0.62);
    await sale.bar(/You chose 2 seats together/);
    await picture(page, 'phone-chosen');
    await sale.holdButton.tap();
    await sale.checkout.tap();
    await page.getByRole('radio', { name: /Mastercard/ }).check();
    await picture(page, 'phone-checkout');
    await page.getByRole('button', { name: /^Pay €/ }).tap();
    await new CheckoutPage(page).booked();
  });

  it('who loses a fight is told at once, and has the nearest with one click', async () => {
    const open = async () => {
      const sale = new SalePage(await browsers.person(shop.url));
      await sale.open('evt_improv');
      return sale;
    };
    const [one, other] = await Promise.all([open(), open()]);
    const told: number[] = [];
    for (const across of [0.42, 0.5, 0.58]) {
      told.push(await fight(one, other, across));
      await one.page.getByRole('button', { name: 'Let go' }).click();
      await one.bar(/Your places are free again/);
    }
    await picture(other.page, 'taken');
    await other.page.getByRole('button', { name: 'Take these instead' }).click();
    await other.checkout.waitFor();
    told.sort((a, b) => a - b);
    const [middle, latest] = [told[told.length >> 1], told[told.length - 1]].map(Math.round);
    process.stderr.write(`both see who won: ${middle} ms after the click, ${latest} at most\n`);
    expect(latest).toBeLessThan(2_000);
  });

  it('who leaves a map before its script has come, leaves its line too', async () => {
    const page = await browsers.person(shop.url);
    await page.route(/seats-page.*\.js$/, () => undefined);
    const line = page.waitForEvent('websocket');
    await page.goto('/events/evt_seagull/seats');
    const ended = (await line).waitForEvent('close');
    await page.getByRole('link', { name: 'My bookings' }).click();
    await ended;
  });

  it('who was cut off for ten seconds is right again within a second', async () => {
    const proxy = await startTcpProxy(Number(new URL(shop.url).port));
    const away = new SalePage(await browsers.person(`http://127.0.0.1:${proxy.port}`));
    const other = new SalePage(await browsers.person(shop.url));
    try {
      await Promise.all([away.open('evt_improv'), other.open('evt_improv')]);
      for (const sale of [away, other]) {
        await sale.clickAt(0.45, 0.6);
        await sale.bar(/You chose 2 seats together/);
      }
      const sinceMs = performance.now();
      await away.page.context().setOffline(true);
      proxy.retarget(1);
      proxy.cutAll();
      await away.page.getByText(/^Offline\. Trying again/).waitFor();
      await other.hold();
      await picture(away.page, 'offline');
      expect(await faults(away.page)).toEqual([]);
      const isLong = () => Promise.resolve(performance.now() - sinceMs > 10_000);
      await until(isLong, () => 'ten seconds are over', 11_000);
      expect(await away.holdButton.isEnabled()).toBe(false);
      const [back, right] = [whenHeard(away.page, 'online'), whenShown(away.page, /just taken/)];
      proxy.retarget(Number(new URL(shop.url).port));
      await away.page.context().setOffline(false);
      const tookMs = Math.round((await right) - (await back));
      await away.live();
      process.stderr.write(`right again ${tookMs} ms after the network came back\n`);
      expect(tookMs).toBeLessThan(3_000);
    } finally {
      await browsers.leave();
      // Lines that were refused are in the console of every browser.
      browsers.complaints.splice(0);
      await proxy.close();
    }
  });

  it('waits for a sale: one is told his turn and buys, the other his place', async () => {
    const event = 'evt_nutcracker';
    await shop.openRoom(event);
    const [one, other] = await Promise.all([
      browsers.person(shop.url, { ...phone, colorScheme: 'dark' }),
      browsers.person(shop.url),
    ]);
    const rooms = [one, other].map((page) => new WaitingRoomPage(page));
    await Promise.all(rooms.map((room) => room.comeFrom(event)));
    await picture(one, 'room-outside');
    expect(await faults(one)).toEqual([]);
    for (const room of rooms) await room.takePlace();
    // Which costs nobody his place.
    await one.reload();
    await rooms[0].shows('You are in the draw');
    await picture(one, 'room-lobby');
    await picture(other, 'room-lobby-desk');
    await shop.draw(event);
    const turns = async () => (await Promise.all(rooms.map((room) => room.title()))).join('|');
    let told = '';
    await until(
      async () => /Your place/.test((told = await turns())) && /turn/.test(told),
      () => `both know where they stand: ${told}`,
      // Pages look a random while after a draw, at most a pace of ten seconds.
      40_000,
    );
    const called = told.startsWith('It is') ? one : other;
    const waiting = called === one ? other : one;
    for (const page of [called, waiting]) {
      expect(await faults(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
    }
    await picture(called, 'room-called');
    await waiting.locator('.room-words').getByText('You are next').waitFor();
    await waiting.getByRole('button', { name: 'Check my place' }).click();
    await waiting.getByText(/It adds up/).waitFor();
    await picture(waiting, 'room-waiting');
    await waiting.getByRole('link', { name: 'Watch the seat map' }).click();
    await waiting.locator('.bar').getByText('You are next').waitFor();
    expect(await faults(waiting)).toEqual([]);
    await picture(waiting, 'room-watching');
    await called.getByRole('button', { name: 'Come in' }).click();
    const sale = new SalePage(called);
    await sale.live();
    await called.locator('.turn').waitFor();
    await picture(called, 'room-admitted');
    await called.getByRole('button', { name: 'Take the best seats for us' }).click();
    await sale.checkout.click();
    await called.getByRole('radio', { name: /Mastercard/ }).check();
    await called.getByRole('button', { name: /^Pay €/ }).click();
    await new CheckoutPage(called).booked();
    // Who has bought for all of his party needs his admission no more.
    await waiting.goto(`/events/${event}/room`);
    const last = rooms[waiting === one ? 0 : 1];
    await until(
      async () => (await last.title()) === 'It is your turn',
      'who waited is called as soon as the other has bought',
      30_000,
    );
    await shop.closeRoom(event);
    await waiting.reload();
    await until(
      async () => (await last.title()) === 'The waiting room is closed',
      'who waited is told that nobody has to any more',
    );
  });

  it('whom his bank asks says no, pays with another card, and says yes the next time', async () => {
    const page = await browsers.person(shop.url, phone);
    const checkout = new CheckoutPage(page);
    const id = await shop.holding(page, hamlet, 2);
    await page.goto(`/checkout/${id}?declined`);
    await checkout.declined();
    expect(new URL(page.url()).search).toBe('');
    await checkout.open(id);
    expect(await page.getByText('The card was declined.').count()).toBe(0);
    await checkout.pay(/3184/);
    await checkout.atTheBank();
    expect(await faults(page)).toEqual([]);
    await picture(page, 'bank');
    await checkout.answerBank('Fail');
    await checkout.declined();
    // No secret of a payment is left in the address, for histories and for those who look on.
    expect(page.url()).not.toContain('secret');
    await checkout.pay(/3184/);
    await checkout.atTheBank();
    await page.goBack();
    await page.getByRole('link', { name: 'Go on at your bank' }).click();
    await checkout.answerBank('Complete');
    await checkout.booked();
  });

  it('led back from his bank into another browser, is sent to the one where he began', async () => {
    const page = await browsers.person(shop.url);
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/config', (route) => asked.then(() => route.continue()));
    const told = 'payment_intent=pi_1&payment_intent_client_secret=pi_1_secret_2';
    await page.goto(`/checkout/rsv_hamlet_q8w7e6r5t4y3u2i1?${told}`);
    await page.locator('.waiting').waitFor();
    // Nobody has answered yet, and the secret is out of sight.
    expect(new URL(page.url()).search).toBe('');
    answer();
    await page.getByRole('heading', { name: 'Go on where you began' }).waitFor();
    expect(await page.getByText('Nothing was charged').count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await picture(page, 'elsewhere');
  });

  it('closes the tab while the bank asks, and finds the payment under his bookings', async () => {
    const first = await browsers.person(shop.url);
    const checkout = new CheckoutPage(first);
    await checkout.open(await shop.holding(first, 'evt_seagull', 2));
    await checkout.pay(/3184/);
    await checkout.atTheBank();
    const page = await first.context().newPage();
    await first.close();
    await page.goto('/bookings');
    await page.locator('.pill').waitFor();
    await page.getByRole('link', { name: /Being paid/ }).click();
    await page.getByText(/Your bank wants to hear from you/).waitFor();
    // What is being paid is not offered for payment beside it.
    await page.locator('.pill').waitFor({ state: 'detached' });
    expect(await faults(page)).toEqual([]);
    await picture(page, 'bank-asks');
    await page.getByRole('link', { name: 'Go on at your bank' }).click();
    await new CheckoutPage(page).answerBank('Complete');
    await new CheckoutPage(page).booked();
  });

  it('finds on another device what the same person holds, as soon as it is held', async () => {
    const [one, other] = await Promise.all([browsers.person(shop.url), browsers.person(shop.url)]);
    const [here, there] = [new SalePage(one), new SalePage(other)];
    await shop.samePerson(one, other);
    await Promise.all([here.open('evt_seagull'), there.open('evt_seagull')]);
    await here.page.getByRole('button', { name: 'Take the best seats for us' }).click();
    await here.checkout.waitFor();
    await there.checkout.click();
    const checkout = new CheckoutPage(other);
    await checkout.payAtOnce();
    await one.getByRole('link', { name: 'Go to checkout' }).waitFor({ state: 'detached' });
  });

  it('sees the fee in what he pays, and has it back when the event is called off', async () => {
    const page = await browsers.person(shop.url);
    expect(await buyWithFees(page, shop)).toEqual([]);
  });

  it('meets nothing that keeps anybody out, by day and by night, in either language', async () => {
    const [light, dark] = ['light', 'dark'] as const;
    await Promise.all([
      lookEverywhere(browsers, shop, 'desk-light', { ...desk, colorScheme: light }),
      lookEverywhere(browsers, shop, 'phone-dark-german', {
        ...{ ...phone, colorScheme: dark, locale: 'de-DE' },
      }),
    ]);
  });

  it('is told what is the matter when things are not as usual', async () => {
    await lookAtStates(browsers, shop.url);
  }, 240_000);

  it('reads every page without moving it sideways: large, or from the right', async () => {
    const { viewport } = phone;
    const large = { viewport: { width: 720, height: 450 }, colorScheme: 'dark' } as const;
    await Promise.all([
      readEverywhere(browsers, shop, 'large', large, ''),
      readEverywhere(browsers, shop, 'from-the-right', desk, 'rtl'),
      readEverywhere(browsers, shop, 'from-the-right-phone', { viewport }, 'rtl'),
    ]);
  });
}

/** Both choose the same seats, one is faster: until both know it, in ms after his click. */
async function fight(one: SalePage, other: SalePage, across: number): Promise<number> {
  for (const sale of [one, other]) {
    await sale.clickAt(across, 0.5);
    await sale.bar(/You chose 2 seats together/);
  }
  const [clicked, won, lost] = [
    whenHeard(one.page, 'click'),
    whenShown(one.page, /Go to checkout/),
    whenShown(other.page, /were just taken/),
  ];
  await one.holdButton.click();
  return Math.max(await won, await lost) - (await clicked);
}
