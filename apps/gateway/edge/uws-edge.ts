import type { EdgeApp, EdgeModule } from './edge.js';

/** The types of the library know listen() only without a host, or without options. */
type AsTyped = Omit<EdgeModule, 'App'> & { App(): Omit<EdgeApp, 'listen'> };

/** Rejects where the library has no binary for this Node, or its C library is too old for it. */
export async function loadUwsEdge(): Promise<EdgeModule> {
  const { default: module } = (await import('uWebSockets.js')) as unknown as LoadedCommonJs;
  const typed: AsTyped = module;
  return typed as EdgeModule;
}

interface LoadedCommonJs {
  readonly default: typeof import('uWebSockets.js');
}
