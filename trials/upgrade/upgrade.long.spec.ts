import { beforeAll, describe, expect, it } from '@jest/globals';
import { setup } from '../../ops/setup.mjs';
import { parseOptions } from './options.js';
import { runUpgrade } from './run-upgrade.js';

beforeAll(async () => {
  await setup();
}, 240_000);

describe('the release before', () => {
  it('is replaced under load, a process at a time, and back, without an error', async () => {
    const parsed = parseOptions(['--buyers', '40']);
    if (parsed.kind !== 'options') throw new Error(JSON.stringify(parsed));
    const lines: string[] = [];
    const report = await runUpgrade(parsed.options, (text) => lines.push(text));
    if (!report.clean) process.stderr.write(`${lines.join('\n')}\n`);
    expect(report.wrong).toEqual([]);
    expect(report.money.bookings).toBeGreaterThan(0);
  }, 900_000);
});
