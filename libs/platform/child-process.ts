import type { Lifecycle } from './lifecycle.js';

/** Tells whoever started this process that it serves: one line on standard output. */
export function announceReady(details: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`HOLDFAST_READY ${JSON.stringify(details)}\n`);
}

/**
 * A process that was started with an IPC channel stops when its parent is gone, however the parent
 * died: nothing may outlive a killed launcher.
 */
export function stopWithParent(lifecycle: Lifecycle, exit: (code: number) => void): void {
  if (process.channel === undefined) return;
  process.channel.unref();
  process.once('disconnect', () => {
    void lifecycle.stop('parent gone').then((clean) => exit(clean ? 0 : 1));
  });
}
