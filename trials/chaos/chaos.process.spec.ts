import { beforeAll, describe, expect, it } from '@jest/globals';
import { faultNames } from './fault-names.js';
import type { ChaosOptions } from './options.js';
import { runChaos } from './run-chaos.js';
import { setup } from '../../ops/setup.mjs';

/** A seed of its own draws from the kinds; a long run is `npm run chaos`. */
const options: ChaosOptions = {
  minutes: 0.6,
  faults: faultNames.filter((name) => !needsTheMachine(name)),
  seed: Math.floor(Math.random() * 2 ** 32),
  buyers: 40,
  watchers: 4,
  tls: false,
  json: false,
};

/** Mounts, namespaces and clocks are not a test's business. */
function needsTheMachine(name: string): boolean {
  return ['disk-full', 'partition-host', 'clock-jump'].includes(name);
}

beforeAll(async () => {
  await setup();
}, 240_000);

describe('real processes that the nemesis breaks under real buyers', () => {
  it('lose nothing, sell nothing twice and charge nobody wrongly', async () => {
    const lines: string[] = [];
    const never = new AbortController().signal;
    const report = await runChaos(options, never, (line) => lines.push(line));
    if (!report.clean) process.stderr.write(`${lines.join('\n')}\n`);
    expect(report.wrong).toEqual([]);
    expect(Object.keys(report.faults).length).toBeGreaterThan(1);
    expect(report.held).toBeGreaterThan(0);
    expect(report.money.bookings).toBeGreaterThan(0);
    const faults = Object.keys(report.faults).join(', ');
    process.stderr.write(
      `seed ${options.seed}: ${faults}; ${report.held} held, ${report.booked} booked, ` +
        `${report.take_overs} take-overs, ${report.unknown} unknown\n`,
    );
  }, 280_000);
});
