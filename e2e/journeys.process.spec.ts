import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { artefacts, Browsers, desk, faults, findChromium, phone, picture } from './browser.js';
import { CheckoutPage } from './pages/checkout-page.js';
import { SalePage } from './pages/sale-page.js';
import { Shop } from './shop.js';

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

  it('finds an event, takes two seats with a mouse, and pays with the second card', async () => {
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

  it('who loses the fight for a seat is told, and has the nearest with one click', async () => {
    const [one, other] = await Promise.all(
      ['first', 'second'].map(async () => {
        const sale = new SalePage(await browsers.person(shop.url));
        await sale.open('evt_improv');
        await sale.clickAt(0.5, 0.5);
        await sale.bar(/You chose 2 seats together/);
        return sale;
      }),
    );
    await one.hold();
    await other.bar(/were just taken\. The nearest 2 together are marked\./);
    await picture(other.page, 'taken');
    await other.page.getByRole('button', { name: 'Take these instead' }).click();
    await other.checkout.waitFor();
    // Let go, the seats are everybody's again, on both maps.
    await one.page.getByRole('button', { name: 'Let go' }).click();
    await one.bar(/Your places are free again/);
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

  it.each([
    ['desk-light', { ...desk, colorScheme: 'light' }],
    ['phone-dark-german', { ...phone, colorScheme: 'dark', locale: 'de-DE' }],
  ] as const)('meets nothing that keeps anybody out: %s', async (how, options) => {
    const page = await browsers.person(shop.url, options);
    for (const at of ['/', `/events/${hamlet}`, '/events/evt_quartet', '/bookings', '/nowhere']) {
      await page.goto(at);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect([at, await faults(page)]).toEqual([at, []]);
      await picture(page, `${at.replaceAll('/', '-')}-${how}`);
    }
    const sale = new SalePage(page);
    await sale.open(hamlet);
    await page.locator('.entry').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await picture(page, `map-${how}`);
    const checkout = new CheckoutPage(page);
    await page.goto(`/checkout/${await shop.holding(page, hamlet, 1)}`);
    await page.getByRole('radio').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await picture(page, `checkout-${how}`);
    await checkout.payAtOnce();
    expect(await faults(page)).toEqual([]);
    await picture(page, `booking-${how}`);
  });
}
