import { sha256Hex } from './sha256.js';
import { encodeState } from './snapshot.js';
import type { InventoryState } from '../state/state.js';

/**
 * 64 hex digits over everything that is true of the event, the window of command ids included.
 * Equal for every owner that folded the same facts, however it came to them (G6, G9).
 */
export function digest(state: InventoryState): string {
  return digestOfSnapshot(encodeState(state));
}

/** The digest of the state that `encodeState` wrote, without writing it again. */
export function digestOfSnapshot(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}
