import type { Locator, Page } from 'playwright-core';

/** The page with the seat map, by what a person sees of it. */
export class SalePage {
  readonly canvas: Locator;
  readonly holdButton: Locator;
  readonly checkout: Locator;

  constructor(readonly page: Page) {
    this.canvas = page.locator('.map-box > canvas').first();
    this.holdButton = page.getByRole('button', { name: /^Hold th/ });
    this.checkout = page.getByRole('link', { name: 'Go to checkout' });
  }

  async open(eventId: string): Promise<void> {
    await this.page.goto(`/events/${eventId}/seats`);
    await this.live();
  }

  async live(): Promise<void> {
    await this.page.locator('.live').getByText('Live', { exact: true }).waitFor();
  }

  /** What the map says of a seat in words, for screen readers: by its end, such as "seat 12". */
  seat(name: string): Locator {
    return this.page.getByRole('gridcell', { name, exact: false });
  }

  /** In parts of the canvas from its upper left corner. */
  async clickAt(across: number, down: number): Promise<void> {
    const [x, y] = await this.#at(across, down);
    await this.page.mouse.click(x, y);
  }

  async tapAt(across: number, down: number): Promise<void> {
    const [x, y] = await this.#at(across, down);
    await this.page.touchscreen.tap(x, y);
  }

  async hold(): Promise<void> {
    await this.holdButton.click();
    await this.checkout.waitFor();
  }

  /** What stands in the bar below the map. */
  bar(text: RegExp): Promise<void> {
    return this.page.locator('.bar').getByText(text).first().waitFor();
  }

  async #at(across: number, down: number): Promise<readonly [number, number]> {
    const box = await this.canvas.boundingBox();
    if (box === null) throw new Error('there is no map');
    return [box.x + box.width * across, box.y + box.height * down];
  }
}
