import { describe, expect, it } from '@jest/globals';

import type { EdgeModule } from './edge.js';
import { openEdge, type LoadUws } from './open-edge.js';
import { UnknownBinary } from './uws-binary.js';

const [node] = process.versions.node.split('.');
const uws = {} as EdgeModule;
const loads: LoadUws = () => Promise.resolve(uws);

/** What the library's loader says, its own words before the system's. */
const fails =
  (cause: string): LoadUws =>
  () =>
    Promise.reject(new Error(`This version of uWS.js supports only Node.js versions\n\n${cause}`));

const noBuild = fails("Error: Cannot find module './uws_linux_x64_147.node'");
const oldLibrary = fails("Error: /lib/libc.so.6: version `GLIBC_2.38' not found (required by x)");

const another: LoadUws = () => Promise.reject(new UnknownBinary('uws_linux_x64_115.node'));
const isAnother = 'uws_linux_x64_115.node of uWebSockets.js is not the one that is pinned';

describe('the edge of a gateway', () => {
  it('is uWebSockets.js wherever that loads', async () => {
    const edge = await openEdge('auto', loads);
    expect([edge.kind, edge.line]).toEqual(['uws', 'uWebSockets.js']);
    expect(edge.module).toBe(uws);
  });

  it.each<[string, LoadUws, string]>([
    ['without a build of it', noBuild, `uWebSockets.js has no build for Node ${node}`],
    ['with an old C library', oldLibrary, `uWebSockets.js for Node ${node} needs glibc 2.38`],
    ['where its binary is another one', another, isAnother],
    ['where it fails otherwise', fails('invalid ELF'), 'uWebSockets.js does not load here'],
  ])('is node:http %s, and says why', async (_where, load, why) => {
    const edge = await openEdge('auto', load);
    expect([edge.kind, edge.line]).toEqual(['node', `node:http; ${why}; fewer holds a second`]);
    expect(edge.module.App()).toBeDefined();
  });

  it('is node:http for whoever asks for it, though the other loads', async () => {
    const edge = await openEdge('node', loads);
    const line = 'node:http; HOLDFAST_EDGE=node asks for it; fewer holds a second';
    expect([edge.kind, edge.line]).toEqual(['node', line]);
  });

  it('is not another one for whoever asks for uWebSockets.js', async () => {
    expect((await openEdge('uws', loads)).module).toBe(uws);
    const message = `HOLDFAST_EDGE=uws: uWebSockets.js has no build for Node ${node}`;
    await expect(openEdge('uws', noBuild)).rejects.toThrow(message);
  });
});
