import { limits } from '#libs/contracts/limits.js';
import { setForLibrary } from '#libs/platform/config.js';

import type { EdgeModule } from './edge.js';
import { withUtf8, writesTextWrongly } from './uws-text.js';

/** The types of the library know listen() only without a host, or without options. */
type AsTyped = Omit<EdgeModule, 'App'> & { App(): Omit<ReturnType<EdgeModule['App']>, 'listen'> };

/**
 * uWebSockets.js as the edge: its module is the port. Rejects where the library has no binary for
 * this Node, or where the C library is too old for it.
 */
export async function loadUwsEdge(): Promise<EdgeModule> {
  // Newer builds would answer 431 to more than 4 KiB; they ask once, while they are loaded.
  setForLibrary('UWS_HTTP_MAX_HEADERS_SIZE', String(limits.edgeHeadBytesMax));
  const { default: module } = (await import('uWebSockets.js')) as unknown as LoadedCommonJs;
  const typed: AsTyped = module;
  const edge = typed as EdgeModule;
  return writesTextWrongly(process.versions.node) ? withUtf8(edge) : edge;
}

interface LoadedCommonJs {
  readonly default: typeof import('uWebSockets.js');
}
