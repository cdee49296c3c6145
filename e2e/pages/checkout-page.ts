import type { Page } from 'playwright-core';

/** Checkout and what comes after it. */
export class CheckoutPage {
  constructor(readonly page: Page) {}

  async open(reservationId: string): Promise<void> {
    await this.page.goto(`/checkout/${reservationId}`);
    await this.page.getByRole('heading', { name: 'Checkout' }).waitFor();
  }

  /** As the page stands, in either language. */
  async payAtOnce(): Promise<void> {
    await this.page.getByRole('button', { name: /^Pay £|£ bezahlen$/ }).click();
    await this.page.getByRole('heading', { name: /You’re going!|Sie sind dabei!/ }).waitFor();
  }

  async pay(card: RegExp): Promise<void> {
    await this.page.getByRole('radio', { name: card }).check();
    await this.page.getByRole('button', { name: /^Pay £/ }).click();
  }

  /** 3-D Secure: the simulated bank's own page, at the address of the shop. */
  async atTheBank(): Promise<void> {
    await this.page.getByRole('heading', { name: '3-D Secure' }).waitFor();
  }

  answerBank(answer: 'Complete' | 'Fail'): Promise<void> {
    return this.page.getByRole('button', { name: answer }).click();
  }

  declined(): Promise<void> {
    return this.page.getByText('The card was declined.').waitFor();
  }

  booked(): Promise<void> {
    return this.page.getByRole('heading', { name: 'You’re going!' }).waitFor();
  }
}
