import { rmSync } from 'node:fs';
import path from 'node:path';
import { removeLockOf } from '../system/lock.mjs';
import { runFileOf } from '../system/find-system.js';
import { lockName } from './data-folder.js';
import { processListName, strays } from './leftovers.js';
import { stopInOrder, type Stoppable } from './stop-processes.js';

/**
 * A small process beside the launcher, with one job: when the launcher is gone without a word
 * (kill -9, out of memory), it stops what the launcher had started, in order, and gives the data
 * folder free. It learns of the launcher's end by the closing of their channel.
 */
export interface KeeperOrder {
  readonly launcher: number;
  readonly launcherId: string;
  readonly data: string;
  readonly children: readonly Stoppable[];
  /** The launcher has stopped everything itself. */
  readonly done: boolean;
}

let order: KeeperOrder | null = null;

process.on('message', (message) => {
  order = message as KeeperOrder;
  if (order.done) process.exit(0);
});
process.on('disconnect', () => void afterLauncher());
// The launcher decides when we end; a signal to a whole group must not take us first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function afterLauncher(): Promise<void> {
  if (order !== null) {
    await stopInOrder(order.children);
    await stopInOrder(strays(order.launcherId));
    rmSync(runFileOf(order.data), { force: true });
    rmSync(path.join(order.data, processListName), { force: true });
    removeLockOf(path.join(order.data, lockName), order.launcher);
  }
  process.exit(0);
}
