import { parseArgs } from 'node:util';
import { isCluster, withLink } from '#ops/holdfastctl/link.js';
import { startOwn } from '#ops/system/own-system.js';
import { slow, type SlowOptions } from './slow.js';
import { slowLines, slowPassed } from './slow-report.js';

const helpText = `npm run bench:slow -- [options]

  --events N    events on the three shards (90)
  --seconds N   how long one of them runs at half speed (90)

Starts a system with three shards on free ports and stops it afterwards. Exit code 1: an event
moved more than once, a plan moved more than needed or did not converge, a buyer saw an error, or
the oracle found something.`;

/** npm run bench:slow. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    console.log(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const found = await startOwn({ args: ['--shards', '3', '--gateways', '1'] });
  try {
    const report = await withLink(found.system, async (link) => {
      if (!isCluster(link)) throw new Error('the system has no bus');
      return slow(link, options);
    });
    console.log(slowLines(report).join('\n'));
    return slowPassed(report) ? 0 : 1;
  } finally {
    await found.release();
  }
}

function optionsOf(args: readonly string[]): SlowOptions | null {
  const text = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { events: text(90), seconds: text(90) },
    });
    const [events, seconds] = [values.events, values.seconds].map(Number);
    const whole = [events, seconds].every((number) => Number.isInteger(number) && number > 0);
    return whole ? { events, seconds } : null;
  } catch {
    return null;
  }
}
