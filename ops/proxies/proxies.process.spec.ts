import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { WebSocket } from 'ws';
import { loadedEdges } from '#apps/gateway/edge/testing/loaded-edges.js';
import { fakeEventId } from '#apps/gateway/testing/fake-catalogue.js';
import { startHarness, type Harness } from '#apps/gateway/testing/harness.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { makeCertificate, type CertificateFiles } from '#libs/testing/certificates.js';
import { systemProgram, type SystemProgram } from '#libs/testing/system-program.js';
import { until } from '#libs/testing/until.js';
import { projectRoot } from '../system/paths.js';

/** A configuration of this folder, as it stands there but for what it says to change. */
interface Proxy {
  readonly name: string;
  readonly packages: readonly string[];
  readonly file: string;
  readonly args: (file: string, folder: string) => readonly string[];
  readonly changes: (to: Changes) => readonly (readonly [string, string])[];
}

interface Changes {
  readonly port: number;
  readonly gateway: string;
  readonly folder: string;
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    packages: ['nginx'],
    file: 'nginx.conf',
    args: (file, folder) => ['-p', folder, '-c', file, '-g', 'daemon off;'],
    changes: ({ port, gateway, folder }) => [
      ['/run/holdfast-nginx.pid', `${folder}/nginx.pid`],
      ['server 127.0.0.1:8080', `server ${gateway}`],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['/etc/holdfast/fullchain.pem', `${folder}/fullchain.pem`],
      ['/etc/holdfast/key.pem', `${folder}/key.pem`],
      // Folders of an installation.
      ['access_log off;', ['access_log off;', ...temporary(folder)].join('\n')],
    ],
  },
  {
    name: 'haproxy',
    packages: ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'],
    file: 'haproxy.cfg',
    args: (file) => ['-db', '-f', file],
    changes: ({ port, gateway, folder }) => [
      // A process may have fewer files open here.
      ['maxconn 16384', 'maxconn 500'],
      ['bind :443', `bind 127.0.0.1:${port}`],
      ['/etc/holdfast/pair.pem', `${folder}/pair.pem`],
      ['gateway1 127.0.0.1:8080', `gateway1 ${gateway}`],
    ],
  },
  {
    name: 'caddy',
    packages: ['caddy'],
    file: 'Caddyfile',
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    changes: ({ port, gateway, folder }) => [
      ['https://tickets.example', `https://localhost:${port}`],
      ['reverse_proxy 127.0.0.1:8080', `reverse_proxy ${gateway}`],
      ['/etc/holdfast/fullchain.pem', `${folder}/fullchain.pem`],
      ['/etc/holdfast/key.pem', `${folder}/key.pem`],
      ['admin off', 'admin off\n\tskip_install_trust'],
    ],
  },
];

const temporary = (folder: string): string[] =>
  ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );

let folder: string;
let pair: CertificateFiles;
let ca: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-proxies-'));
  pair = await makeCertificate(folder, 'tickets.test');
  ca = await readFile(pair.cert);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A system behind one proxy, and what a client gets there. */
class Behind {
  private constructor(
    readonly port: number,
    readonly harness: Harness,
    private readonly child: ChildProcess,
    private readonly agent: https.Agent,
  ) {}

  static async start(proxy: Proxy, found: SystemProgram, edge: 'uws' | 'node'): Promise<Behind> {
    const own = path.join(folder, `${proxy.name}-${edge}`);
    await mkdir(own);
    await copyFile(pair.cert, `${own}/fullchain.pem`);
    await copyFile(pair.key, `${own}/key.pem`);
    await writeFile(`${own}/pair.pem`, Buffer.concat([ca, await readFile(pair.key)]));
    const config = { HOLDFAST_LOOPBACK_UNLIMITED: false, HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' };
    const harness = await startHarness({ edge, config });
    const port = await freePort();
    const gateway = `127.0.0.1:${harness.gateway.port}`;
    let text = await readFile(path.join(projectRoot, 'ops/proxies', proxy.file), 'utf8');
    for (const [from, to] of proxy.changes({ port, gateway, folder: own })) {
      if (!text.includes(from)) throw new Error(`${proxy.file} says nothing of ${from}`);
      text = text.replace(from, to);
    }
    const file = path.join(own, proxy.file);
    await writeFile(file, text);
    const env = { ...found.env, HOME: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own };
    const child = spawn(found.program, proxy.args(file, own), {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    const agent = new https.Agent({ ca, keepAlive: true });
    const behind = new Behind(port, harness, child, agent);
    let last = '';
    const serves = async (): Promise<boolean> => {
      const answer = await behind.ask('/readyz').catch((error: unknown) => String(error));
      last = typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`;
      return last.startsWith('200') || last.startsWith('503 {"status"');
    };
    try {
      await until(serves, () => `${proxy.name} serves, not ${last}; it said ${said}`, 10_000);
    } catch (error) {
      await behind.stop();
      throw error;
    }
    return behind;
  }

  ask(at: string, options: https.RequestOptions = {}): Promise<Answer> {
    const { port, agent } = this;
    const all = { host: '127.0.0.1', servername: 'localhost', port, path: at, agent, ...options };
    const headers = { host: `localhost:${port}`, ...options.headers };
    return new Promise((resolve, reject) => {
      const request = https.request({ ...all, headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('error', reject);
      request.end();
    });
  }

  /** What comes on a connection of its own for these bytes, until it is quiet or closed. */
  raw(bytes: string, quietMs = 300): Promise<string> {
    const { port } = this;
    return new Promise((resolve) => {
      let text = '';
      let timer: NodeJS.Timeout;
      const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
        socket.write(bytes);
        timer = setTimeout(end, 2_000);
      });
      const end = (): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(text);
      };
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        clearTimeout(timer);
        timer = setTimeout(end, quietMs);
      });
      socket.on('error', end);
      socket.on('close', end);
    });
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    await end(this.child);
    await this.harness.stop();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(timer);
}

const live = `/v1/events/${fakeEventId}/live`;

describe.each(proxies)('$name, as docs/operating/tls.md has it', (proxy) => {
  let found: SystemProgram | null;

  beforeAll(async () => {
    found = await systemProgram(proxy.name, proxy.packages, folder);
    if (found === null) console.warn(`SKIPPED: ${proxy.name} is not here and cannot be had`);
  }, 90_000);

  describe.each(loadedEdges)('before the edge %s', (edge) => {
    let behind: Behind | null = null;

    beforeAll(async () => {
      behind = found === null ? null : await Behind.start(proxy, found, edge);
    }, 30_000);

    afterAll(() => behind?.stop());

    it('passes requests, also of whom asks in HTTP/1.0', async () => {
      if (behind === null) return;
      expect((await behind.ask(`/v1/events/${fakeEventId}`)).status).toBe(200);
      const host = `Host: localhost:${behind.port}`;
      const old = await behind.raw(`GET /v1/events HTTP/1.0\r\n${host}\r\n\r\n`);
      // HAProxy passes the version on, and uWebSockets.js knows no HTTP/1.0.
      const passedOn = proxy.name === 'haproxy' && edge === 'uws';
      expect(old).toMatch(passedOn ? /^HTTP\/1\.1 505/ : /^HTTP\/1\.[01] 200/);
    });

    it('passes WebSockets and event streams', async () => {
      if (behind === null) return;
      const { port } = behind;
      const socket = new WebSocket(`wss://localhost:${port}${live}`, { ca });
      const frame = await new Promise<string>((resolve, reject) => {
        socket.once('message', (data: Buffer) => resolve(data.toString()));
        socket.once('error', reject);
      });
      expect(JSON.parse(frame)).toMatchObject({ type: 'snapshot' });
      socket.terminate();
      const headers = { accept: 'text/event-stream', host: `localhost:${port}` };
      const event = await new Promise<string>((resolve, reject) => {
        const options = {
          ca,
          port,
          host: '127.0.0.1',
          servername: 'localhost',
          path: live,
          headers,
        };
        const request = https.get(options, (response: http.IncomingMessage) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString();
            if (!text.includes('"snapshot"')) return;
            resolve(text);
            request.destroy();
          });
        });
        request.on('error', reject);
      });
      expect(event).toContain('data: {"type":"snapshot"');
    });

    it('gives nobody another’s answer, however the end of a body is said', async () => {
      if (behind === null) return;
      const host = `Host: localhost:${behind.port}`;
      const hidden = `GET /v1/hidden HTTP/1.1\r\n${host}\r\n\r\n`;
      const length = `Content-Length: ${5 + hidden.length}`;
      const to = behind;
      const framings = [
        [length, 'Transfer-Encoding: chunked'],
        ['Transfer-Encoding: chunked', length],
        [length, 'Transfer-Encoding: xchunked'],
        [length, 'Transfer-Encoding : chunked'],
        ['Content-Length: 5', length],
        [length, 'Content-Length: 5'],
        [length, 'Transfer-Encoding:\tchunked'],
      ];
      for (const method of ['POST', 'GET']) {
        for (const lines of framings) {
          const head = [`${method} /v1/sessions HTTP/1.1`, host, ...lines].join('\r\n');
          const sending = behind.raw(`${head}\r\n\r\n0\r\n\r\n${hidden}`, 100);
          const others = await Promise.all([to.ask('/livez'), to.ask('/livez'), to.ask('/livez')]);
          await sending;
          others.push(await to.ask('/livez'));
          expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        }
      }
    });

    it('tells the gateway who asks, whatever the client says of himself', async () => {
      if (behind === null) return;
      const to = behind;
      const session = (i: number, localAddress: string): Promise<Answer> => {
        const claim = `10.1.${i >> 8}.${i & 255}`;
        const headers = {
          'x-forwarded-for': claim,
          forwarded: `for=${claim}`,
          'content-length': 0,
        };
        const agent = new https.Agent({ ca });
        return to.ask('/v1/sessions', { method: 'POST', headers, localAddress, agent });
      };
      const limited = async (): Promise<boolean> => {
        for (let round = 0; round < 20; round++) {
          const calls = Array.from({ length: 40 }, (_, i) => session(round * 40 + i, '127.0.0.2'));
          if ((await Promise.all(calls)).some(({ status }) => status === 429)) return true;
        }
        return false;
      };
      expect(await limited()).toBe(true);
      expect((await session(0, '127.0.0.3')).status).toBe(201);
    }, 30_000);
  });
});
