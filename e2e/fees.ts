import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { faults, isTooWide, picture } from './browser.js';
import { CheckoutPage } from './pages/checkout-page.js';
import type { Shop } from './shop.js';

const event = 'evt_farewell';

/**
 * An event that asks for fees and says its tax, from the checkout to the day on which it is called
 * off: what of the amount is what, beside it wherever it is shown, and what its buyer reads then.
 */
export async function buyWithFees(page: Page, shop: Shop): Promise<string[]> {
  const found: string[] = [];
  const look = async (name: string): Promise<void> => {
    await picture(page, name);
    found.push(...(await faults(page)).map((one) => `${name}: ${one}`));
    if (await isTooWide(page)) found.push(`${name}: too wide`);
  };
  await shop.withFees(event);
  const checkout = new CheckoutPage(page);
  await checkout.open(await shop.holding(page, event, 2));
  // Two of 95.00, with 10 % and 1.50 each: a sixth of it is the tax.
  for (const line of linesOfTwo) await page.getByText(line).waitFor();
  await look('fees-checkout');
  await checkout.payAtOnce();
  for (const line of linesOfTwo) await page.getByText(line).waitFor();
  await look('fees-booked');
  const booking = page.url();
  await shop.callOff(event);
  await page.goto(`/events/${event}`);
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await look('called-off');
  expect(await page.getByText(/Your seats are held/).count()).toBe(0);
  await page.goto(`/events/${event}/seats`);
  await page.getByText('Cancelled').first().waitFor();
  await look('called-off-seats');
  await page.goto(booking);
  await page.getByRole('heading', { name: 'This booking was cancelled' }).waitFor();
  for (const line of linesOfTwo) await page.getByText(line).waitFor();
  await page.getByText(/£212 was given back/).waitFor();
  await look('called-off-booking');
  await page.goto('/bookings');
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  await look('called-off-bookings');
  return found;
}

const linesOfTwo = [/Face value\s*£190/, /Booking fee\s*£22/, /Tax in the total\s*£35.34/];
