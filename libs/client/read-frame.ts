import type { LiveFrame } from '#libs/contracts/live-frames.js';

const known: ReadonlySet<string> = new Set<LiveFrame['type']>([
  'snapshot',
  'diff',
  'hold',
  'pong',
  'error',
]);

/**
 * A frame from its JSON text; null when it is of no type that is known here: a newer gateway may
 * have more to say, and says nothing in it that the map needs.
 */
export function readFrame(text: string): LiveFrame | null {
  const frame = JSON.parse(text) as LiveFrame | null;
  return frame !== null && known.has(frame.type) ? frame : null;
}
