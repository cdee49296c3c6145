import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { frameCosts, type TraceEvent } from './frames.js';

/** The system's own Chromium; null: there is none. */
export function systemChromium(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.map((name) => path.join('/usr/bin', name)).find((file) => existsSync(file)) ?? null;
}

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

export interface Opening {
  /** From the first request to the map with seats on it, by the page's own clock. */
  readonly usableMs: number;
  readonly layoutBytes: number;
  readonly scriptBytes: number;
  /** Of the live map's first frame. */
  readonly snapshotBytes: number;
}

/** A tab with a seat map, and what it costs. */
export class MapTab {
  private constructor(
    readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly browser: Browser,
  ) {}

  static async open(browser: Browser): Promise<MapTab> {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 720 } });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    return new MapTab(page, cdp, browser);
  }

  /** Cold: nothing is cached. */
  async load(url: string): Promise<Opening> {
    const urls = new Map<string, string>();
    const bytes = { layout: 0, script: 0, snapshot: 0 };
    this.cdp.on('Network.responseReceived', ({ requestId, response }) => {
      urls.set(requestId, response.url);
    });
    this.cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const from = urls.get(requestId) ?? '';
      if (from.includes('/v1/layouts/')) bytes.layout += encodedDataLength;
      if (from.endsWith('.js')) bytes.script += encodedDataLength;
    });
    this.cdp.on('Network.webSocketFrameReceived', ({ response }) => {
      if (bytes.snapshot === 0) bytes.snapshot = response.payloadData.length;
    });
    await this.page.addInitScript(whenUsable);
    await this.page.goto(url);
    await this.page.locator('.live-live').waitFor();
    const usableMs = await this.page.evaluate<number>('usable');
    const { layout: layoutBytes, script: scriptBytes, snapshot: snapshotBytes } = bytes;
    return { usableMs, layoutBytes, scriptBytes, snapshotBytes };
  }

  throttle(rate: number): Promise<unknown> {
    return this.cdp.send('Emulation.setCPUThrottlingRate', { rate });
  }

  /** What each frame costs while the map is moved about, ms. Tracing takes memory of the tab. */
  async framesWhileMoved(forMs: number): Promise<number[]> {
    await this.browser.startTracing(this.page, {
      categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
    });
    await this.moveAbout(forMs);
    const trace = JSON.parse((await this.browser.stopTracing()).toString()) as {
      readonly traceEvents: readonly TraceEvent[];
    };
    return frameCosts(trace.traceEvents);
  }

  /** Drags the map about and zooms it in and out for so long. */
  async moveAbout(forMs: number): Promise<void> {
    const box = await this.page.locator('.map-box > canvas').first().boundingBox();
    if (box === null) throw new Error('there is no map');
    // A stand: in the middle of a stadium there is nothing to draw.
    const [x, y] = [box.x + box.width * 0.5, box.y + box.height * 0.27];
    const untilMs = performance.now() + forMs;
    for (let round = 0; performance.now() < untilMs; round += 1) {
      await this.#drag(x, y, round);
      await this.page.keyboard.down('Control');
      for (let turn = 0; turn < 20; turn += 1) {
        await this.page.mouse.wheel(0, round % 2 === 0 ? -60 : 60);
      }
      await this.page.keyboard.up('Control');
    }
  }

  async #drag(x: number, y: number, round: number): Promise<void> {
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    const turn = (round * Math.PI) / 3;
    for (let step = 1; step <= 40; step += 1) {
      await this.page.mouse.move(x + Math.cos(turn) * step * 4, y + Math.sin(turn) * step * 4);
    }
    await this.page.mouse.up();
  }

  /** Memory that is the tab's alone (private pages of its process), MB; null: not known here. */
  async memoryMb(): Promise<number | null> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    const own = processInfo
      .filter(({ type }) => type === 'renderer')
      .map(({ id }) => privateMb(id))
      .filter((mb) => mb !== null);
    return own.length === 0 ? null : Math.max(...own);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** In the page: when the map is live and has been painted so. */
const whenUsable = `
  const look = () => {
    if (globalThis.usable !== undefined) return;
    if (document.querySelector('.live-live') === null) return setTimeout(look, 2);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      globalThis.usable = performance.now();
    }));
  };
  look();`;

function privateMb(pid: number): number | null {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return null;
  const kilobytes = [...readFileSync(file, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB/gm)];
  return kilobytes.reduce((sum, [, size]) => sum + Number(size), 0) / 1_024;
}
