import type { MoveFailpoint } from '#libs/hosting/move-failpoints.js';

/** kill -9 by its own hand at one step of a move: nothing of the process runs after it. */
export function dieAtStep(step: MoveFailpoint): (name: MoveFailpoint) => Promise<void> {
  return (name) => {
    if (name !== step) return Promise.resolve();
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
}
