import type { FaultKind } from './faults/swarm.js';
import { simulateRoom } from './room/simulate-room.js';
import { simulate, type SimResult } from './simulate.js';

/** What `npm run sim` does with a seed: a sale, and a waiting room in a world of its own. */
export async function simulateSeed(
  seed: number,
  options: { readonly minutes: number; readonly trace: boolean },
): Promise<SimResult> {
  const sale = await simulate(seed, options);
  const room = await simulateRoom(seed, options);
  // The end of the trace is what is shown of a failure.
  const traces = sale.violations.length > 0 ? [room, sale] : [sale, room];
  return {
    ...sale,
    violations: [...sale.violations, ...room.violations],
    traceHash: `${sale.traceHash} ${room.traceHash}`,
    trace: traces.map(({ trace }) => trace).join('\n'),
    faults: added(sale.faults, room.faults),
    looked: new Map([...sale.looked, ...room.looked]),
    virtualMs: sale.virtualMs + room.virtualMs,
  };
}

function added(
  one: ReadonlyMap<FaultKind, number>,
  other: ReadonlyMap<FaultKind, number>,
): ReadonlyMap<FaultKind, number> {
  const sum = new Map(one);
  for (const [kind, count] of other) sum.set(kind, (sum.get(kind) ?? 0) + count);
  return sum;
}
