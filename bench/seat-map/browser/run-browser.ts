import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { demoEventIds } from '#libs/catalogue/demo/demo-catalogue.js';
import { startOwn } from '#ops/system/own-system.js';
import { projectRoot } from '#ops/system/paths.js';
import { baselineFile, comparison, keepBaseline, readBaseline, type Figures } from './baseline.js';
import { percentile } from './frames.js';
import { ChangingSale } from './sale.js';
import { MapTab, openBrowser, systemChromium } from './tab.js';

/**
 * A browser with a stadium of 50,000 seats, of which 200 a second change hands: until it can be
 * used, what is on the wire, what a frame costs while it is moved and zoomed, also on a processor a
 * quarter as fast, and what the tab needs after `--minutes`. The system and the buyers run on the
 * same machine, so that a figure is worth nothing but beside the baseline of this machine.
 */
const changesPerSecond = 200;
const moveMs = 10_000;
const loads = 3;

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  });
  const program = systemChromium();
  if (program === null) {
    console.error('there is no Chromium here: apt-get install chromium');
    return 2;
  }
  const minutes = Number(values.minutes);
  const found = await startOwn();
  try {
    const [url] = found.system.gatewayUrls;
    const figures = await measure(program, url, minutes);
    const file = baselineFile(projectRoot);
    for (const line of comparison(figures, readBaseline(file))) console.log(line);
    if (values.keep) keepBaseline(file, figures);
    return 0;
  } finally {
    await found.release();
  }
}

async function measure(program: string, url: string, minutes: number): Promise<Figures> {
  const browser = await openBrowser(program);
  const address = `${url}/events/${demoEventIds.stadium}/seats`;
  const sale = new ChangingSale(url, demoEventIds.stadium);
  try {
    // The first one wakes the event and fills the gateway's caches.
    const openings = [];
    for (let load = 0; load <= loads; load += 1) {
      const tab = await MapTab.open(browser);
      openings.push(await tab.load(address));
      await tab.close();
    }
    const opening = openings.slice(1).sort((a, b) => a.usableMs - b.usableMs)[loads >> 1];
    const tab = await MapTab.open(browser);
    await tab.load(address);
    await sale.start(changesPerSecond);
    const startedMs = performance.now();
    const frames = await tab.framesWhileMoved(moveMs);
    await tab.throttle(4);
    const slow = await tab.framesWhileMoved(moveMs);
    await tab.close();
    const memory = await memoryAfter(browser, address, minutes);
    const changes = sale.changes / ((performance.now() - startedMs) / 1_000);
    return {
      'usable after, ms': opening.usableMs,
      'layout on the wire, kB': opening.layoutBytes / 1_000,
      'first frame of the live map, kB': opening.snapshotBytes / 1_000,
      'script on the wire, kB': opening.scriptBytes / 1_000,
      'frame while moved, p50 ms': percentile(frames, 0.5),
      'frame while moved, p95 ms': percentile(frames, 0.95),
      'frame at a quarter of the speed, p50 ms': percentile(slow, 0.5),
      'frame at a quarter of the speed, p95 ms': percentile(slow, 0.95),
      ...(memory === null ? {} : { [`tab after ${minutes} min, MB`]: memory }),
      'changes a second': changes,
    };
  } finally {
    await sale.stop();
    await browser.close();
  }
}

/** Of a tab that nothing is measured in: it is moved about once a minute, and watches the sale. */
async function memoryAfter(browser: Browser, address: string, minutes: number) {
  const tab = await MapTab.open(browser);
  await tab.load(address);
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    await tab.moveAbout(5_000);
    await pause(Math.max(0, Math.min(55_000, endMs - performance.now())));
  }
  return tab.memoryMb();
}
