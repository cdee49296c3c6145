import { expect } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { faults, isTooWide, picture, readOut, type Browsers } from './browser.js';
import { CheckoutPage } from './pages/checkout-page.js';
import { SalePage } from './pages/sale-page.js';
import type { Shop } from './shop.js';

const hamlet = 'evt_hamlet';
const sale = '/events/evt_seagull';

/** Every page, with letters of that size or from that side; none is to be moved sideways. */
export async function readEverywhere(
  browsers: Browsers,
  shop: Shop,
  how: string,
  options: BrowserContextOptions,
  dir: string,
): Promise<void> {
  const still = { locale: 'en-GB', reducedMotion: 'reduce', ...options } as const;
  const page = await browsers.person(shop.url, still);
  const token = JSON.stringify(shop.operator('sre'));
  await page.addInitScript(`sessionStorage.setItem('holdfast.staff', ${token});
    addEventListener('DOMContentLoaded', () => { document.documentElement.dir = '${dir}'; });`);
  const checkout = `/checkout/${await shop.holding(page, 'evt_seagull', 1)}`;
  for (const at of ['/', sale, `${sale}/seats`, `${sale}/replay`, checkout, '/status']) {
    await page.goto(at);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([at, await isTooWide(page)]).toEqual([at, false]);
    await picture(page, `${at.split('/').at(-1) ?? ''}-${how}`);
  }
}

/** Every page as a buyer, and as an operator; with nothing that WCAG 2.2 AA has against it. */
export async function lookEverywhere(
  browsers: Browsers,
  shop: Shop,
  how: string,
  options: BrowserContextOptions,
): Promise<void> {
  const page = await browsers.person(shop.url, options);
  const token = JSON.stringify(shop.operator('sre'));
  await page.addInitScript(`sessionStorage.setItem('holdfast.staff', ${token})`);
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() >= 400) refused.push(new URL(answer.url()).pathname);
  });
  const pages = ['/', `/events/${hamlet}`, '/events/evt_quartet', '/bookings', '/nowhere'];
  for (const at of [...pages, '/status', `/events/${hamlet}/replay`]) {
    await page.goto(at);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([at, await faults(page)]).toEqual([at, []]);
    await picture(page, `${at.replaceAll('/', '-')}-${how}`);
  }
  const map = new SalePage(page);
  await map.open(hamlet);
  await page.locator('.entry').first().waitFor();
  expect(await faults(page)).toEqual([]);
  // Nothing is asked for that there is not, but for the page that there is not.
  expect(refused).toEqual(['/nowhere']);
  await picture(page, `map-${how}`);
  const tree = await readOut(page, 'main', `map-${how}`);
  expect(tree).toMatch(/- gridcell "(Stalls|Parkett|.+), (row|Reihe) .+, (seat|Platz) \d+, .+"/);
  const checkout = new CheckoutPage(page);
  await page.goto(`/checkout/${await shop.holding(page, hamlet, 1)}`);
  await page.getByRole('radio').first().waitFor();
  expect(await faults(page)).toEqual([]);
  await picture(page, `checkout-${how}`);
  await checkout.payAtOnce();
  expect(await faults(page)).toEqual([]);
  await picture(page, `booking-${how}`);
}
