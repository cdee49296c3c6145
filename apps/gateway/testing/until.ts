/** Waits for a condition; fails by name when it does not come true in time. */
export async function until(
  what: string | (() => string),
  condition: () => boolean,
  deadlineMs = 5_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`waited in vain until ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
