import type { Locator, Page } from 'playwright-core';
import { until } from '#libs/testing/until.js';

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

  /** By the Tab key alone, to what says this; it has the focus then. */
  async tabTo(name: RegExp, most = 60): Promise<void> {
    const said: string[] = [];
    for (let presses = 0; presses < most; presses += 1) {
      await this.page.keyboard.press('Tab');
      said.push(await this.page.evaluate<string>(focused));
      if (name.test(said[said.length - 1])) return;
    }
    throw new Error(`Tab leads to no ${String(name)}, but to: ${said.join(' | ')}`);
  }

  /** Enter, and then the focus is on what says this. */
  async enter(next: RegExp): Promise<void> {
    await this.page.keyboard.press('Enter');
    let said = '';
    await until(
      async () => next.test((said = await this.page.evaluate<string>(focused))),
      () => `the focus is on ${String(next)}, not on ${said}`,
    );
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

/** What the element with the focus is called, in the page. */
const focused =
  `((one) => one?.getAttribute('aria-label') ?? one?.textContent ?? '')` +
  `(document.activeElement)`;
