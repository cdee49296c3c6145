import type { Page } from 'playwright-core';
import { until } from '#libs/testing/until.js';

/** The waiting room of an event, by what a person sees of it. */
export class WaitingRoomPage {
  constructor(readonly page: Page) {}

  /** From the page of the event, once it leads there. */
  async comeFrom(eventId: string): Promise<void> {
    const way = this.page.getByRole('link', { name: 'To the waiting room' });
    await until(async () => {
      await this.page.goto(`/events/${eventId}`);
      await this.page.getByRole('link', { name: /Choose seats|To the waiting room/ }).waitFor();
      return (await way.count()) > 0;
    }, 'the event leads to its waiting room');
    await way.click();
    await this.shows('Take part in the draw');
  }

  async takePlace(): Promise<void> {
    await this.page.getByRole('button', { name: 'Take a place' }).click();
    await this.shows('You are in the draw');
  }

  shows(title: string): Promise<void> {
    return this.page.getByRole('heading', { level: 2, name: title }).waitFor();
  }

  async title(): Promise<string> {
    return (await this.page.locator('.room-card h2').textContent()) ?? '';
  }
}
