import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 10;

/** Waits for a condition; when it does not come true in time, throws what was waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string | (() => string),
  withinMs = 20_000,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) {
      throw new Error(`not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await pause(pollMs);
  }
}
