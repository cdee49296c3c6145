import { openEdge, type EdgeKind } from '../open-edge.js';

const { kind } = await openEdge('auto');

/** Those that this machine can run: a suite is held against each of them. */
export const loadedEdges: readonly EdgeKind[] = kind === 'uws' ? ['uws', 'node'] : ['node'];
