import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { artefacts, Browsers, desk, faults, findChromium, phone, picture } from './browser.js';
import { CheckoutPage } from './pages/checkout-page.js';
import { SalePage } from './pages/sale-page.js';
import { Shop } from './shop.js';

/** People in a real browser, before the whole system: arranged by API, judged by what they see. */
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
  }, 60_000);

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
    await page.reload();
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

  it.each([
    ['desk-light', { ...desk, colorScheme: 'light' }],
    ['phone-dark', { ...phone, colorScheme: 'dark' }],
  ] as const)('meets nothing that keeps anybody out: %s', async (how, options) => {
    const page = await browsers.person(shop.url, options);
    for (const at of ['/', `/events/${hamlet}`, '/events/evt_foxes', '/bookings', '/nowhere']) {
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
  });
}
