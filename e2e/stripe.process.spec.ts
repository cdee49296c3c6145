import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Browsers, faults, findChromium, picture } from './browser.js';
import { CheckoutPage } from './pages/checkout-page.js';
import { SalePage } from './pages/sale-page.js';
import { Shop } from './shop.js';
import { standInForStripe } from './stripe-stand-in.js';

/** A shop with a key of Stripe's: its form at the checkout, played by a stand-in of its script. */
jest.setTimeout(60_000);
const program = findChromium();
const publishableKey = 'pk_test_journeys';
const eventId = 'evt_hamlet';
/** What a browser says of the request that the test has cut off. */
const cutOff = 'Failed to load resource: net::ERR_FAILED';

if (program === null) {
  it('NOT TRIED: there is no Chromium here, so nobody sees the form of Stripe', () => {
    process.stderr.write('no Chromium: the form of Stripe was seen by nobody\n');
  });
} else describe('a buyer whom Stripe asks for the card', () => journeys(program));

function journeys(chromium: string): void {
  let shop: Shop;
  let browsers: Browsers;

  beforeAll(async () => {
    [shop, browsers] = await Promise.all([
      Shop.open({ events: [eventId], env: { STRIPE_PUBLISHABLE_KEY: publishableKey } }),
      Browsers.open(chromium),
    ]);
  });

  afterEach(async () => {
    await browsers.leave();
    expect(browsers.complaints.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browsers.close();
    await shop.close();
  });

  const type = (page: Page, digits: string) => page.getByLabel('Card number').fill(digits);
  const press = (page: Page) => page.getByRole('button', { name: /^Pay £/ }).click();

  it('types it in there, is declined, asked by the bank, and booked', async () => {
    const page = await browsers.person(shop.url);
    const { hosts } = await standInForStripe(page, shop.url);
    await shop.holding(page, eventId, 2);
    await new SalePage(page).open(eventId);
    expect([...hosts]).toEqual([]);
    await page.getByRole('link', { name: 'Go to checkout' }).click();
    const checkout = new CheckoutPage(page);
    await page.getByLabel('Card number').waitFor();
    // The test cards of the simulator are nobody's to choose here.
    expect(await page.getByRole('radio').count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    await picture(page, 'stripe');
    const asked = await page.evaluate<Record<string, unknown>>('window.asked');
    expect(asked).toMatchObject({ key: publishableKey, mode: 'payment', currency: 'gbp' });
    expect(asked).toMatchObject({ captureMethod: 'manual', paymentMethodTypes: ['card'] });
    const shown = await page.evaluate<unknown>('window.shown');
    const wallets = { applePay: 'never', googlePay: 'never', link: 'never' };
    expect(shown).toEqual({ kind: 'payment', wallets });
    await press(page);
    await page.getByText('Your card number is incomplete.').waitFor();
    await type(page, '9999');
    await press(page);
    await page.getByText('There was no answer.').waitFor();
    await type(page, '0002');
    await press(page);
    await checkout.declined();
    await type(page, '3184');
    await press(page);
    await checkout.atTheBank();
    await checkout.answerBank('Complete');
    await checkout.booked();
    expect([...hosts]).toEqual(['js.stripe.com']);
  });

  it('pays once when the answer was lost on its way', async () => {
    const page = await browsers.person(shop.url);
    await standInForStripe(page, shop.url);
    await new CheckoutPage(page).open(await shop.holding(page, eventId, 1));
    const sent: unknown[] = [];
    await page.route('**/v1/bookings', async (route) => {
      sent.push(route.request().postDataJSON());
      if (sent.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await type(page, '4242');
    await press(page);
    await new CheckoutPage(page).booked();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(browsers.complaints.splice(0)).toEqual([cutOff]);
  });

  it('goes on when the script of Stripe comes at the second try', async () => {
    const page = await browsers.person(shop.url);
    await standInForStripe(page, shop.url);
    let failures = 1;
    await page.route('https://js.stripe.com/**', (route) =>
      failures > 0 ? route.abort().then(() => void (failures -= 1)) : route.fallback(),
    );
    await new CheckoutPage(page).open(await shop.holding(page, eventId, 1));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Card number').waitFor();
    expect(browsers.complaints.splice(0)).toEqual([cutOff]);
  });

  it('leaves the policy of the checkout behind, before it is known whether it is one', async () => {
    const page = await browsers.person(shop.url);
    await page.route('**/v1/config', () => undefined);
    await page.goto('/checkout/rsv_hamlet_q8w7e6r5t4y3u2i1');
    await page.evaluate('window.sameDocument = true');
    await page.getByRole('link', { name: 'My bookings' }).click();
    await page.getByRole('heading', { name: 'My bookings' }).waitFor();
    expect(await page.evaluate<unknown>('window.sameDocument')).toBeUndefined();
  });
}
