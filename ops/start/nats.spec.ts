import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { natsEnvironment } from '../system/runtime-flags.js';
import { ensureNatsServer, findInstaller, findNatsServer, natsAnswers, natsAge } from './nats.js';
import { freePort, freePortsFrom, portState } from '#libs/platform/tcp-ports.js';
import type { Progress } from './progress.js';

let folder: string;
let search: { path: string; folders: string[] };
const quiet: Progress = { say: () => undefined, step: (_title, work) => work() };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-nats-'));
  mkdirSync(path.join(folder, 'sbin'));
  search = { path: path.join(folder, 'bin'), folders: [path.join(folder, 'sbin')] };
  mkdirSync(search.path);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('nats-server', () => {
  it('gets a quarter of the cores, and never less than one', () => {
    const cores = [1, 2, 7, 8, 64].map((count) => natsEnvironment(count).GOMAXPROCS);
    expect(cores).toEqual(['1', '1', '1', '2', '16']);
  });

  it('is taken from PATH, else from a system folder', () => {
    expect(findNatsServer(search)).toBeNull();
    const inSystem = program('sbin/nats-server', '');
    expect(findNatsServer(search)).toBe(inSystem);
    const onPath = program('bin/nats-server', '');
    expect(findNatsServer(search)).toBe(onPath);
  });

  it('is installed by apt-get where we are root, after an update that may fail', async () => {
    const log = path.join(folder, 'log');
    const install = `printf '#!/bin/sh\\n' > ${folder}/sbin/nats-server`;
    program(
      'bin/apt-get',
      `echo "$1 $DEBIAN_FRONTEND" >> ${log}
       [ "$1" = update ] && exit 100
       ${install} && chmod +x ${folder}/sbin/nats-server`,
    );
    const installer = findInstaller(search, true);
    expect(installer?.name).toBe('apt-get');
    expect(await ensureNatsServer(quiet, search, true)).toEqual({
      program: path.join(folder, 'sbin/nats-server'),
    });
    expect(readFileSync(log, 'utf8')).toBe('update noninteractive\ninstall noninteractive\n');
  });

  it('is never installed by sudo: nobody asked for that', () => {
    program('bin/apt-get', 'exit 0');
    program('bin/sudo', 'exit 0');
    expect(findInstaller(search, false)).toBeNull();
  });

  it('is installed by brew for everybody but root', () => {
    program('bin/brew', 'exit 0');
    expect(findInstaller(search, false)?.name).toBe('brew');
    expect(findInstaller(search, true)).toBeNull();
  });

  it('that cannot be had is a reason, not an error', async () => {
    expect(await ensureNatsServer(quiet, search)).toEqual({
      reason: 'it is not installed, and there is no apt-get or brew that may install it',
    });
  });
});

describe('an address of NATS', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function greeter(greeting: string): Promise<number> {
    const port = await freePort();
    const server = createServer((socket) => socket.end(greeting));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return port;
  }

  it('answers when one of its servers greets like NATS', async () => {
    const nats = await greeter('INFO {}\r\n');
    const other = await greeter('HTTP/1.1 400\r\n');
    expect(await natsAnswers(`nats://127.0.0.1:${other}`)).toBe(false);
    expect(await natsAnswers(`nats://127.0.0.1:${other},nats://127.0.0.1:${nats}`)).toBe(true);
  });

  it('shows as a taken port, and the next free ones are found after it', async () => {
    const taken = await greeter('');
    expect(await portState(taken)).toBe('taken');
    const [first, second] = await freePortsFrom(taken, 2);
    expect(first).toBeGreaterThan(taken);
    expect(second).toBeGreaterThan(first);
    expect(await portState(first)).toBe('free');
  });
});

describe('an old nats-server', () => {
  it('is said to be old, and a newer one or an unknown one is not', () => {
    expect(natsAge('nats-server: v2.9.10')).toMatch(/^nats-server 2\.9\.10 is older than 2\.11/);
    for (const said of ['nats-server: v2.11.0', 'nats-server: v3.0.1', 'what?', '']) {
      expect(natsAge(said)).toBeNull();
    }
  });
});
