import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { connectNats } from '#libs/bus/nats-bus.js';
import type { Bus } from '#libs/bus/bus.js';
import { silentLog } from '#libs/platform/log.js';
import { freePort } from '#libs/platform/tcp-ports.js';
import { startTestNats, type TestNats } from '#libs/testing/nats-server.js';
import { projectRoot } from '#ops/system/paths.js';

import { setup } from '../../ops/setup.mjs';

import { audit, eventually } from './testing/audit.js';
import { callsOver, openRig, type PaymentsRig } from './testing/payments-rig.js';
import { orderFaults, readLedger } from './testing/simulator-control.js';

/** Real processes over a real broker; only the inventory is a stand-in. */
const userOf = (seat: number): string => `usr_ada${seat}`;
const price = 3_000;
const bookings = 24;
let rig: PaymentsRig;
let nats: TestNats;
let bus: Bus;
let folder: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-kill-'));
  await setup();
  [rig, nats] = await Promise.all([openRig(), startTestNats()]);
  bus = await connectNats({ ...nats.link('gateway'), name: 'gateway', log: silentLog() });
}, 240_000);

afterAll(async () => {
  await Promise.all([...children].map((child) => end(child, 'SIGKILL')));
  await bus.close();
  await nats.stop();
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** What the ready line says. */
  readonly ready: Readonly<Record<string, unknown>>;
}

async function startProcess(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist', program)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let said = '';
  const ready = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const line = /^HOLDFAST_READY (.*)$/m.exec(said);
      if (line !== null) resolve(line[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', () => reject(new Error(`${program} ended: ${said}`)));
  });
  return { child, ready: JSON.parse(ready) as Started['ready'] };
}

const paymentsEnvironment = (): Record<string, string> => ({
  DATABASE_URL: rig.databaseUrl,
  ...nats.environmentOf('payments'),
  STRIPE_SECRET_KEY: 'sk_test_kill',
  STRIPE_API_BASE: rig.stripeUrl,
});

const startPaying = (): Promise<Started> =>
  startProcess('apps/payments/testing/payments-process.js', {
    ...paymentsEnvironment(),
    TEST_LEASE_MS: '800',
  });

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

describe('kill -9 of the payments process under load', () => {
  it('leaves every booking paid exactly once, and the rest to the next process', async () => {
    const calls = callsOver(bus);
    const holds = await Promise.all(
      Array.from({ length: bookings }, (_, seat) =>
        rig.inventory.hold({ userId: userOf(seat), seats: [seat], totalMinor: price }),
      ),
    );
    // Spread over time, so that the kill finds attempts in every state.
    await orderFaults(rig.stripeUrl, [
      { kind: 'latency', times: null, probability: 0.5, latency_ms: 150 },
    ]);
    const first = await startPaying();
    const bookAll = (waitMs: number) =>
      holds.map((holdId, seat) =>
        calls.book({ userId: userOf(seat), holdId, key: holdId, waitMs }),
      );
    const started = bookAll(50);
    const captured = async (): Promise<number> => (await readLedger(rig.stripeUrl)).captured;
    await eventually(captured, (sum) => sum >= 2 * price);
    await end(first.child, 'SIGKILL');
    await orderFaults(rig.stripeUrl, []);
    expect(await captured()).toBeLessThan(bookings * price);

    const second = await startPaying();
    // What the killed process never answered is lost; the same keys ask again.
    void Promise.allSettled(started);
    const replies = await Promise.all(bookAll(20_000));
    expect(replies.map((reply) => reply.kind)).toEqual(holds.map(() => 'confirmed'));
    const seen = await audit(rig.pool, rig.stripeUrl);
    expect(seen).toMatchObject({
      unsettled: [],
      booked: bookings * price,
      captured: bookings * price,
      stillAuthorised: 0,
      capturedTwice: [],
    });
    expect((await readLedger(rig.stripeUrl)).intents).toHaveLength(bookings);
    expect(await end(second.child, 'SIGTERM')).toBe(0);
  }, 60_000);
});

describe('the payments process', () => {
  it('starts from its environment, serves its metrics, and ends on SIGTERM', async () => {
    const ports = { HOLDFAST_METRICS_PORT: String(await freePort()) };
    const started = await startProcess('apps/payments/main.js', {
      ...paymentsEnvironment(),
      ...ports,
    });
    expect(started.ready.role).toBe('payments');
    const metrics = await fetch(`http://127.0.0.1:${ports.HOLDFAST_METRICS_PORT}/metrics`);
    const text = await metrics.text();
    expect(text).toContain('holdfast_payments_stuck{role="payments"} 0');
    expect(text).toMatch(/holdfast_payments_attempts\{[^}]*state="AUTHORISING"/);
    expect(await end(started.child, 'SIGTERM')).toBe(0);
  });

  it('does not start without its settings, and names them', async () => {
    const starting = startProcess('apps/payments/main.js', { ...nats.environmentOf('payments') });
    await expect(starting).rejects.toThrow(
      /DATABASE_URL is missing[^]*STRIPE_SECRET_KEY is missing/,
    );
  });
});

describe('kill -9 of the simulator', () => {
  it('loses no answer that was given', async () => {
    const env = { HOLDFAST_DATA_FILE: path.join(folder, 'stripe', 'simulator.log') };
    const first = await startProcess('apps/payments/simulator/main.js', env);
    const create = async (port: unknown, key: string): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/v1/payment_intents`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_kill', 'idempotency-key': key },
        body:
          'amount=900&currency=eur&capture_method=manual&confirm=true' +
          '&payment_method=pm_card_visa',
      });
      return ((await answer.json()) as { id: string }).id;
    };
    const told = new Map<string, string>();
    const asked = Array.from({ length: 200 }, async (_, index) => {
      const key = `key-${index}`;
      told.set(key, await create(first.ready.port, key));
    });
    await eventually(
      () => Promise.resolve(told.size),
      (count) => count >= 50,
    );
    await end(first.child, 'SIGKILL');
    await Promise.allSettled(asked);
    const second = await startProcess('apps/payments/simulator/main.js', env);
    for (const [key, id] of told) expect(await create(second.ready.port, key)).toBe(id);
    expect(told.size).toBeGreaterThanOrEqual(50);
    expect(await end(second.child, 'SIGTERM')).toBe(0);
  });
});
