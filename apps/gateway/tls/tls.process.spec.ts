import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { WebSocket } from 'ws';

import { makeCertificate, type CertificateFiles } from '#libs/testing/certificates.js';
import { until } from '#libs/testing/until.js';

import type { GatewayConfig } from '../config.js';
import {
  exclusivePort,
  type EdgeListener,
  type EdgeModule,
  type EdgeTlsApp,
} from '../edge/edge.js';
import { openEdge } from '../edge/open-edge.js';
import { RawClient } from '../edge/testing/raw-client.js';
import { loadedEdges } from '../edge/testing/loaded-edges.js';
import { fakeEventId } from '../testing/fake-catalogue.js';
import { startHarness } from '../testing/harness.js';

let folder: string;
let first: CertificateFiles;
let second: CertificateFiles;
let live: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-tls-'));
  first = await makeCertificate(folder, 'first.test');
  second = await makeCertificate(folder, 'second.test');
  live = { cert: path.join(folder, 'live.pem'), key: path.join(folder, 'live.key') };
});

afterAll(() => rm(folder, { recursive: true }));

async function swap(pair: CertificateFiles): Promise<void> {
  await copyFile(pair.cert, live.cert);
  await copyFile(pair.key, live.key);
}

interface Answer {
  readonly status: number;
  readonly body: string;
  /** Of whom the connection's certificate is. */
  readonly of: string;
}

function ask(port: number, agent: https.Agent, at = '/plain', text?: string): Promise<Answer> {
  const options = {
    port,
    host: '127.0.0.1',
    path: at,
    agent,
    method: text === undefined ? 'GET' : 'POST',
  };
  return new Promise((resolve, reject) => {
    const request = https.request(options, (response) => {
      const socket = response.socket as tls.TLSSocket;
      const of = socket.getPeerCertificate().subject.CN;
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, of: String(of) }));
    });
    request.on('error', reject);
    request.end(text);
  });
}

const trusting = async (...pairs: CertificateFiles[]): Promise<https.Agent> => {
  const ca = await Promise.all(pairs.map(({ cert }) => readFile(cert)));
  return new https.Agent({ ca, keepAlive: true, maxCachedSessions: 0 });
};

/** What a client that speaks only this version gets. */
const spoken = (port: number, version: tls.SecureVersion): Promise<string | null> =>
  new Promise((resolve) => {
    const versions = { minVersion: version, maxVersion: version };
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const socket = tls.connect({ port, rejectUnauthorized: false, ciphers, ...versions }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', () => resolve(null));
  });

describe.each(loadedEdges)('TLS at the edge, over %s', (kind) => {
  let edge: EdgeModule;
  let app: EdgeTlsApp;
  let listener: EdgeListener;
  let port: number;
  let agent: https.Agent;
  const open: { send(text: string): unknown }[] = [];

  const listen = (to: EdgeTlsApp, at: number): Promise<EdgeListener | false> =>
    new Promise((resolve) => to.listen('127.0.0.1', at, exclusivePort, resolve));

  beforeAll(async () => {
    edge = (await openEdge(kind)).module;
    await swap(first);
    app = edge.TlsApp(live);
    app.get('/plain', (res) => void res.end('plain'));
    app.get('/large', (res) => void res.end('x'.repeat(3_000_000)));
    app.post('/echo', (res) => {
      res.onAborted(() => undefined);
      let text = '';
      res.onData((chunk, last) => {
        text += Buffer.from(chunk).toString();
        if (last) res.end(text);
      });
    });
    app.ws('/live', {
      ...{ maxPayloadLength: 1_000, maxBackpressure: 100_000, idleTimeout: 8 },
      sendPingsAutomatically: true,
      upgrade: (res, req, context) => {
        const key = req.getHeader('sec-websocket-key');
        res.upgrade({}, key, '', req.getHeader('sec-websocket-extensions'), context);
      },
      ping: () => undefined,
      pong: () => undefined,
      open: (socket) => {
        open.push(socket);
        socket.subscribe('all');
      },
      message: (socket, message) => void socket.send(Buffer.from(message).toString()),
      dropped: () => undefined,
      drain: () => undefined,
      close: () => undefined,
    });
    app.any('/*', (res) => void res.writeStatus('404 Not Found').end());
    const listening = await listen(app, 0);
    if (listening === false) throw new Error('it does not listen');
    listener = listening;
    port = edge.us_socket_local_port(listener);
    agent = await trusting(first, second);
  });

  afterAll(() => {
    agent.destroy();
    edge.us_listen_socket_close(listener);
    app.close();
  });

  it('serves answers, large ones and bodies', async () => {
    expect(await ask(port, agent)).toEqual({ status: 200, body: 'plain', of: 'first.test' });
    expect((await ask(port, agent, '/large')).body).toHaveLength(3_000_000);
    expect((await ask(port, agent, '/echo', 'y'.repeat(100_000))).body).toHaveLength(100_000);
  });

  it('speaks TLS 1.2 and 1.3, nothing older, and no plain HTTP', async () => {
    expect(await spoken(port, 'TLSv1.1')).toBeNull();
    expect(await spoken(port, 'TLSv1.2')).toBe('TLSv1.2');
    expect(await spoken(port, 'TLSv1.3')).toBe('TLSv1.3');
    const plain = new RawClient(port);
    await plain.say('GET /plain HTTP/1.1\r\nHost: x\r\n\r\n');
    await plain.untilClosed(15_000);
    expect(plain.statuses).toEqual([]);
  });

  it('is on a port that nobody else gets', async () => {
    const other = edge.TlsApp(first);
    expect(await listen(other, port)).toBe(false);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port: of } = taken.address() as { port: number };
    expect(await listen(edge.TlsApp(first), of)).toBe(false);
    taken.close();
    other.close();
  });

  it('is renewed under open connections, which go on, and hear what is published', async () => {
    const ca = await readFile(first.cert);
    const before = new WebSocket(`wss://127.0.0.1:${port}/live`, { ca });
    const heard: string[] = [];
    const hear = (name: string) => (data: Buffer) => void heard.push(`${name} ${data.toString()}`);
    before.on('message', hear('before'));
    await new Promise((resolve) => before.once('open', resolve));
    expect((await ask(port, agent)).of).toBe('first.test');

    await swap(second);
    await app.renew();
    const fresh = await trusting(second);
    for (let i = 0; i < 5; i++) expect((await ask(port, fresh)).of).toBe('second.test');
    expect((await ask(port, agent)).of).toBe('first.test');

    const after = new WebSocket(`wss://127.0.0.1:${port}/live`, {
      ca: await readFile(second.cert),
    });
    after.on('message', hear('after'));
    await new Promise((resolve) => after.once('open', resolve));
    app.publish('all', 'hello');
    before.send('still here');
    await until(
      () => heard.length === 3,
      () => heard.join(),
    );
    expect([...heard].sort()).toEqual(['after hello', 'before hello', 'before still here']);
    before.terminate();
    after.terminate();
    fresh.destroy();
  });

  it('keeps what it has when the files are no pair', async () => {
    const had = (await ask(port, await trusting(first, second))).of;
    await copyFile(first.cert, live.cert);
    await copyFile(second.key, live.key);
    await expect((async () => app.renew())()).rejects.toThrow();
    expect((await ask(port, await trusting(first, second))).of).toBe(had);
    expect(() => edge.TlsApp(live)).toThrow();
  });
});

describe.each(loadedEdges)('a gateway with a certificate, over %s', (edge) => {
  it('serves requests and live maps over it, and tells when it ends', async () => {
    const config = { HOLDFAST_TLS_CERT: first.cert, HOLDFAST_TLS_CERT_KEY: first.key };
    const harness = await startHarness({ edge, config });
    const agent = await trusting(first);
    const { port } = harness.gateway;
    const shown = await ask(port, agent, `/v1/events/${fakeEventId}`);
    expect(shown).toMatchObject({ status: 200, of: 'first.test' });
    const url = `wss://127.0.0.1:${port}/v1/events/${fakeEventId}/live`;
    const socket = new WebSocket(url, { ca: await readFile(first.cert) });
    const frame = await new Promise<string>((resolve, reject) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()));
      socket.once('error', reject);
    });
    expect(JSON.parse(frame)).toMatchObject({ type: 'snapshot' });
    expect(await harness.gateway.metrics.text()).toMatch(
      /holdfast_tls_certificate_days_left\S* 29\.\d/,
    );
    socket.terminate();
    agent.destroy();
    await harness.stop();
  });

  it('does not start with half of a pair, or one that is none', async () => {
    const start = (config: Partial<GatewayConfig>) => startHarness({ edge, config });
    const half = { HOLDFAST_TLS_CERT: first.cert };
    await expect(start(half)).rejects.toThrow(/go together/);
    const wrong = { ...half, HOLDFAST_TLS_CERT_KEY: second.key };
    await expect(start(wrong)).rejects.toThrow(/is not that of/);
  });
});
