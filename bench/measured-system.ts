import { divideCores, findCores } from '#ops/system/affinity.js';
import { startOwn, type FoundSystem } from '#ops/system/own-system.js';
import type { OneCore } from './bare.js';
import type { NamedProcess } from './cpu-use.js';

/** A system of our own with one shard and one gateway; `edge` null: what it takes by itself. */
export function oneGateway(core: OneCore | null, edge: string | null): Promise<FoundSystem> {
  const one = ['--shards', '1', '--gateways', '1'];
  return startOwn({
    args: core === null ? one : [...one, '--pin'],
    env: edge === null ? {} : { HOLDFAST_EDGE: edge },
  });
}

/** What --pin gives the gateway, and the bare server gets too; null where it cannot be had. */
export function coreOfGateway(): OneCore | null {
  const found = findCores();
  if ('reason' in found) return null;
  const division = divideCores(found.allowed, 1);
  return division === null ? null : { core: division.gateways[0], taskset: found.taskset };
}

export function processesOf({ system }: FoundSystem): NamedProcess[] {
  return system.children.map(({ name, pid }) => ({ name, pid }));
}
