import { createHash } from 'node:crypto';

/**
 * The core's digestOfSnapshot, by the machine's own SHA-256: five times as fast, which an event of
 * many megabytes feels when it fails over. The core imports nothing, so it has its own.
 */
export function snapshotDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
