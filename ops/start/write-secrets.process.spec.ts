import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectNats, type NatsBus } from '#libs/bus/nats-bus.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { BusRole } from '#libs/contracts/bus-roles.js';
import { silentLog } from '#libs/platform/log.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { findNatsServer } from '#libs/testing/nats-server.js';
import { until } from '#libs/testing/until.js';
import { planOf, writeSecrets } from './write-secrets.js';

let folder: string;
const servers: ChildProcess[] = [];
const connected: NatsBus[] = [];
const log = silentLog();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-secrets-'));
});
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL');
  for (const bus of connected) void bus.close();
  rmSync(folder, { recursive: true, force: true });
});

const fileOf = (...names: string[]): string => path.join(folder, ...names);
const seedOf = (role: BusRole): string => readFileSync(fileOf(role, 'nats.seed'), 'utf8').trim();
const modeOf = (file: string): number => statSync(file).mode & 0o777;

/** For localhost, and signs itself. The client asks for the server's name, not its number. */
function makeCertificate(): { cert: string; key: string } {
  const [cert, key] = [fileOf('cert.pem'), fileOf('key.pem')];
  const subject = ['-subj', '/CN=spec', '-addext', 'subjectAltName=DNS:localhost'];
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  execFileSync('openssl', [...how, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

const openssl = spawnSync('openssl', ['version']).status === 0;

describe('the secrets of a system that npm start does not start', () => {
  it('are for this user alone, and stay when they are written again', () => {
    const plan = planOf(['--out', folder]);
    writeSecrets(plan);
    const before = seedOf('payments');
    writeSecrets({ ...plan, open: true });
    expect(seedOf('payments')).toBe(before);
    expect(seedOf('gateway')).not.toBe(before);
    const files = [fileOf('payments', 'nats.seed'), fileOf('server', 'nats-server.conf')];
    expect(files.map(modeOf)).toEqual([0o600, 0o600]);
    expect(files.map((file) => modeOf(path.dirname(file)))).toEqual([0o700, 0o700]);
    const said = (role: string, name: string): string => readFileSync(fileOf(role, name), 'utf8');
    expect(said('simulator', 'stripe.key')).toBe(said('payments', 'stripe.key'));
    expect(said('payments', 'stripe.key')).toMatch(/^sk_test_[0-9a-f]{48}\n$/);
    const tokens = ['gateway', 'shard', 'payments', 'operator'].map((role) =>
      said(role, 'metrics.token'),
    );
    expect(new Set(tokens).size).toBe(1);
    const config = readFileSync(fileOf('server', 'nats-server.conf'), 'utf8');
    expect(config).not.toContain(before);
  });

  it.each([
    [[], /--out/],
    [['--out', 'x', '--listen', 'here'], /--listen/],
    [['--out', 'x', '--tls-cert', 'c'], /go together/],
    [['--out', 'x', '--cluster', 'c'], /go together/],
  ])('ask for what is missing in %j', (args, message) => {
    expect(() => planOf(args)).toThrow(message);
  });

  it('serve two servers that know each other, and clients, over TLS', async () => {
    if (!openssl) return;
    const { cert, key } = makeCertificate();
    const [first, second, firstRoute, secondRoute] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    const start = (port: number, route: number, others: number[]): void => {
      const routes = others.map((other) => `localhost:${other}`);
      writeSecrets({
        out: folder,
        listen: { host: '127.0.0.1', port },
        open: false,
        tls: { cert, key, ca: cert },
        cluster: { name: 'spec', routes, port: route },
      });
      const config = fileOf('server', 'nats-server.conf');
      const copy = fileOf(`${port}.conf`);
      execFileSync('cp', [config, copy]);
      servers.push(spawn(findNatsServer(), ['--config', copy], { stdio: 'ignore' }));
    };
    start(first, firstRoute, [secondRoute]);
    start(second, secondRoute, [firstRoute]);
    const as = (role: BusRole, port: number) =>
      connectNats({
        url: `tls://localhost:${port}`,
        role,
        seed: seedOf(role),
        tls: { ca: cert, cert, key },
        name: role,
        log,
      });
    connected.push(await as('payments', first), await as('shard', second));
    const [payments, shard] = connected;
    const heard: string[] = [];
    shard.subscribe(subjects.commands('s'), (message) => heard.push(message.subject));
    await shard.flush();
    await until(() => {
      payments.publish(subjects.commands('s'), new Uint8Array(1));
      return heard.length > 0;
    }, 'what is said at one server is heard at the other');
    const plain = { role: 'payments', seed: seedOf('payments'), name: 'plain', log } as const;
    const url = `nats://127.0.0.1:${first}`;
    await expect(connectNats({ ...plain, url, connectDeadlineMs: 1 })).rejects.toThrow();
    await Promise.all(connected.splice(0).map((bus) => bus.close()));
  });
});
