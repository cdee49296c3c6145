import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** The system's own Chromium: nothing is downloaded. null: there is none. */
export function findChromium(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.map((name) => path.join('/usr/bin', name)).find((file) => existsSync(file)) ?? null;
}

/** Of the size that pages are looked at in; more of a phone is said where one is meant. */
export const desk = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' } as const;
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
  locale: 'en-GB',
} as const;

/** Pictures of a run, to be looked at by people. */
export const artefacts = path.join(tmpdir(), 'holdfast-pages');

export class Browsers {
  readonly #pages: Page[] = [];
  /** What went wrong in any page: scripts, policies, files that are not there. */
  readonly complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async open(executablePath: string): Promise<Browsers> {
    mkdirSync(artefacts, { recursive: true });
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return new Browsers(await chromium.launch({ executablePath, args }));
  }

  /** Somebody with a browser of their own: nothing kept, nothing shared. */
  async person(baseURL: string, options: BrowserContextOptions = desk): Promise<Page> {
    const context = await this.browser.newContext({ baseURL, ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      // A refusal that the page handles is told by the browser too.
      const isStatus = /^Failed to load resource: .* (40[0-9]|429) /.test(message.text());
      if (message.type() === 'error' && !isStatus) this.complaints.push(message.text());
    });
    this.#pages.push(page);
    return page;
  }

  /** Those of a test that has ended. */
  async leave(): Promise<void> {
    const pages = this.#pages.splice(0);
    await Promise.all(pages.map((page) => page.context().close()));
  }

  async close(): Promise<void> {
    await this.leave();
    await this.browser.close();
  }
}

export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(artefacts, `${name}.png`) });
}

/** What a screen reader is told of a part of the page, as text for people to read. */
export async function readOut(page: Page, part: string, name: string): Promise<string> {
  const tree = await page.locator(part).ariaSnapshot();
  writeFileSync(path.join(artefacts, `${name}.aria.txt`), `${tree}\n`);
  return tree;
}

/** When a page first shows this, by its own clock: milliseconds since 1970. */
export const whenShown = (page: Page, words: RegExp): Promise<number> =>
  page.evaluate<number>(`new Promise((done) => {
    const look = () => {
      if (!${String(words)}.test(document.body.textContent)) return;
      watch.disconnect();
      requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  })`);

/** When this comes to a page's window, such as a click, by its own clock. */
export const whenHeard = (page: Page, what: 'click' | 'online'): Promise<number> =>
  page.evaluate<number>(`new Promise((done) => {
    const hear = () => done(performance.timeOrigin + performance.now());
    addEventListener('${what}', hear, { once: true, capture: true });
  })`);

/** Wider than its window: a page that is moved sideways to be read. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth + 1');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What WCAG 2.2 AA has against a page as it is now, each in a line; empty: nothing. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const asked = { runOnly: tags, resultTypes: ['violations'], iframes: false, preload: false };
  const { violations } = await page.evaluate<AxeAnswer>(`axe.run(${JSON.stringify(asked)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

interface AxeAnswer {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
