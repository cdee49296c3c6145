import { parseArgs } from 'node:util';
import { isCluster, withLink } from '#ops/holdfastctl/link.js';
import { startOwn } from '#ops/system/own-system.js';
import { herd, type HerdOptions } from './herd.js';
import { herdLines, herdPassed } from './herd-report.js';

const helpText = `npm run bench:herd -- [options]

  --events N   events on the shard that is killed (10000)
  --hot N      of them, events that sell (20)
  --due N      of them, events with a hold that ends soon and nobody who asks for it (1000)

Starts a system with two shards on free ports and stops it afterwards. Exit code 1: a buyer saw
an error, a hold ended too early, late or not at all, too many take-overs at once, or the oracle
found something.`;

/** npm run bench:herd. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    console.log(helpText);
    return args.includes('--help') ? 0 : 2;
  }
  const found = await startOwn({ args: ['--shards', '2', '--gateways', '1'] });
  try {
    const report = await withLink(found.system, async (link) => {
      if (!isCluster(link)) throw new Error('the system has no bus');
      return herd(link, options);
    });
    console.log(herdLines(report).join('\n'));
    return herdPassed(report) ? 0 : 1;
  } finally {
    await found.release();
  }
}

function optionsOf(args: readonly string[]): HerdOptions | null {
  const text = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { events: text(10_000), hot: text(20), due: text(1_000) },
    });
    const [events, hot, due] = [values.events, values.hot, values.due].map(Number);
    const whole = [events, hot, due].every((number) => Number.isInteger(number) && number > 0);
    return whole && hot + due <= events ? { events, hot, due } : null;
  } catch {
    return null;
  }
}
