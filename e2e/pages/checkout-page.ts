import type { Page } from 'playwright-core';

/** Checkout and what comes after it. */
export class CheckoutPage {
  constructor(readonly page: Page) {}

  async pay(card: RegExp): Promise<void> {
    await this.page.getByRole('radio', { name: card }).check();
    await this.page.getByRole('button', { name: /^Pay £/ }).click();
  }

  declined(): Promise<void> {
    return this.page.getByText('The card was declined.').waitFor();
  }

  booked(): Promise<void> {
    return this.page.getByRole('heading', { name: 'You’re going!' }).waitFor();
  }
}
