import { limits } from '#libs/contracts/limits.js';
import { printMessage } from '#ops/system/terminal.js';
import { Checks, type Check } from './checks.js';
import { holds, type Site } from './site.js';

const crowd = 8_000;
const steadyConnections = 256;
const steadyMs = 5_000;
const peakMs = 5_000;
/** More than any machine decides: everybody always has something to ask. */
const endless = 200_000;
const overloadMs = 60_000;
const overloadTimes = 10;
const recoveryMs = 5_000;
/** A command past its deadline is dropped undecided; longer than this nobody waits. */
const decidedWithinMs = 6_000;
const jitterMs = 5;

/** Ten times the measured peak for a minute, then the load from before. */
export async function tenTimes(site: Site): Promise<Check[]> {
  const checks = new Checks('overload');
  const { scale } = site;
  const most = {
    perSecond: endless,
    connections: steadyConnections,
    ms: peakMs * Math.max(scale, 0.4),
  };
  // The first run is for compilers and heaps.
  await holds(site, most);
  const found = await holds(site, most);
  const peak = Math.round(found.decidedPerSecond);
  const half = Math.round(peak / 2);
  const steady = {
    perSecond: half,
    connections: steadyConnections,
    ms: steadyMs * Math.max(scale, 0.4),
  };
  const before = await holds(site, steady);
  const over = await holds(site, {
    perSecond: peak * overloadTimes,
    connections: Math.ceil(crowd * scale),
    ms: overloadMs * scale,
    // A buyer may only ask so often: with so few of them most requests are one too many.
    users: site.users.slice(0, Math.ceil(peak / limits.userRequestsPerSecond)),
  });
  const after = await holds(site, steady);
  const offered = ((over.sent + over.unsent) / (overloadMs * scale)) * 1_000;
  checks.atLeast('offered, times the peak', offered / peak, 9.5);
  checks.some('refused with 429 or 503', (over.statuses[429] ?? 0) + (over.statuses[503] ?? 0));
  checks.atLeast('decided a second, of the peak', over.decidedPerSecond / peak, 0.5);
  checks.atMost('p99 of decided work', over.p99Ms, decidedWithinMs, 'ms');
  checks.never('refusals without Retry-After', over.withoutRetryAfter);
  checks.never('requests without an answer', over.unanswered);
  checks.never('answers 500', over.statuses[500] ?? 0);
  checks.atMost('the last answer after the last request', over.drainedMs, recoveryMs, 'ms');
  checks.atLeast(
    'rate afterwards, of before',
    after.decidedPerSecond / before.decidedPerSecond,
    0.9,
  );
  checks.atMost('p50 afterwards', after.p50Ms, before.p50Ms / 0.9 + jitterMs, 'ms');
  printMessage(
    `  peak ${peak}/s; overload ${JSON.stringify(over.statuses)}, unsent ${over.unsent}`,
  );
  printMessage(`  p50/p99 before ${ms(before)}, in it ${ms(over)}, after ${ms(after)}`);
  return checks.list;
}

const ms = ({ p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }): string =>
  `${p50Ms.toFixed(1)}/${p99Ms.toFixed(1)} ms`;
