import type { EdgeModule } from './edge.js';
import { UnknownBinary } from './uws-binary.js';

export const edgeKinds = ['uws', 'node'] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/** auto: uWebSockets.js wherever it loads. */
export type EdgeChoice = 'auto' | EdgeKind;

export interface OpenEdge {
  readonly kind: EdgeKind;
  readonly module: EdgeModule;
  /** For people: which one runs, and why. One line. */
  readonly line: string;
}

/** How uWebSockets.js is loaded; a port, since a machine has it or has it not. */
export type LoadUws = () => Promise<EdgeModule>;

const loadUws: LoadUws = async () => {
  const { loadUwsEdge } = await import('./uws-edge.js');
  return loadUwsEdge();
};

/** Rejects only when `uws` is asked for and does not load. */
export async function openEdge(choice: EdgeChoice, load: LoadUws = loadUws): Promise<OpenEdge> {
  if (choice === 'node') return overNode('HOLDFAST_EDGE=node asks for it');
  try {
    return { kind: 'uws', module: await load(), line: 'uWebSockets.js' };
  } catch (error) {
    const why = whyNot(error);
    if (choice === 'uws') throw new Error(`HOLDFAST_EDGE=uws: ${why}`, { cause: error });
    return overNode(why);
  }
}

async function overNode(why: string): Promise<OpenEdge> {
  const { nodeEdge } = await import('./node-edge.js');
  return { kind: 'node', module: nodeEdge, line: `node:http; ${why}; fewer holds a second` };
}

/** The library puts the cause of the system's loader into its own message. */
function whyNot(error: unknown): string {
  if (error instanceof UnknownBinary) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  const [node] = process.versions.node.split('.');
  const library = /GLIBC_([\d.]+)' not found/.exec(text)?.[1];
  if (library !== undefined) return `uWebSockets.js for Node ${node} needs glibc ${library}`;
  if (/Cannot find module/.test(text)) return `uWebSockets.js has no build for Node ${node}`;
  return 'uWebSockets.js does not load here';
}
