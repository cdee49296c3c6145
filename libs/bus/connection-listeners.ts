import type { Log } from '#libs/platform/log.js';

export type ConnectionListener = (connected: boolean) => void;

/** One listener that fails must not keep the others from hearing that the link is gone. */
export function tellAll(
  listeners: ReadonlySet<ConnectionListener>,
  connected: boolean,
  log: Log,
): void {
  for (const listener of [...listeners]) {
    try {
      listener(connected);
    } catch (error) {
      log.error({ err: error }, 'a listener for the bus connection failed');
    }
  }
}
