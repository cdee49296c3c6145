import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '#libs/platform/tcp-ports.js';
import { ProcessCluster } from '#libs/testing/process-cluster.js';
import type { RoleProcess } from '#libs/testing/role-process.js';
import { until } from '#libs/testing/until.js';
import { projectRoot } from '#ops/system/paths.js';

import { setup } from '../../ops/setup.mjs';
import { dashboards } from './dashboards.js';
import { findPrometheus, type PrometheusPrograms } from './testing/prometheus.js';

/** The files of ops/monitoring, judged by Prometheus itself. */
const run = promisify(execFile);
const files = path.join(projectRoot, 'ops/monitoring');
let programs: PrometheusPrograms;
let folder: string;

beforeAll(async () => {
  programs = await findPrometheus();
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-monitoring-'));
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const promtool = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run(programs.promtool, args, { cwd: files });
  return stdout;
};

/** It opens a database of its own for each of some thirty faults. */
const promtoolMs = 120_000;

describe('promtool', () => {
  it(
    'finds nothing wrong with the rules',
    async () => {
      expect(await promtool('check', 'rules', 'alerts.yml')).toMatch(/SUCCESS: \d+ rules found/);
    },
    promtoolMs,
  );

  it(
    'sees each alert fire by the numbers of its fault, and none without one',
    async () => {
      expect(await promtool('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
    },
    promtoolMs,
  );

  it(
    'understands every query of the dashboards',
    async () => {
      const queries = dashboards.flatMap(({ panels }) => panels.flatMap((one) => one.queries));
      const rules = queries.map(([expr], i) => ({ record: `query:number${i}`, expr }));
      const file = path.join(folder, 'queries.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
      const said = await promtool('check', 'rules', file);
      expect(said).toContain(`SUCCESS: ${queries.length} rules found`);
    },
    promtoolMs,
  );
});

describe('a Prometheus that scrapes a system', () => {
  let cluster: ProcessCluster;
  let payments: RoleProcess;
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    await setup();
    cluster = await ProcessCluster.start(['shard-a']);
    const gateway = await cluster.startGateway('gateway-1');
    payments = await cluster.startPayments();
    const processes = { gateway, shard: cluster.shard('shard-a'), payments };
    const targets = Object.entries(processes).map(([name, { readyLine }]) => ({
      targets: [`127.0.0.1:${String(readyLine.metricsPort)}`],
      labels: { process: name },
    }));
    // The rules as they are shipped, but for the time that a fault must last.
    const rules = readFileSync(path.join(files, 'alerts.yml'), 'utf8');
    writeFileSync(path.join(folder, 'alerts.yml'), rules.replace(/^(\s+for:) .*$/gm, '$1 0s'));
    const config = {
      global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '250ms' },
      rule_files: ['alerts.yml'],
      scrape_configs: [{ job_name: 'holdfast', static_configs: targets }],
    };
    writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config));
    const port = await freePort();
    url = `http://127.0.0.1:${port}/api/v1`;
    server = spawn(programs.prometheus, [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ]);
  }, 240_000);

  afterAll(async () => {
    payments?.signal('SIGCONT');
    if (server !== undefined && server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await cluster?.stop();
  }, 30_000);

  interface Found {
    readonly metric: Readonly<Record<string, string>>;
  }

  async function query(expr: string): Promise<readonly Found[]> {
    const answer = await fetch(`${url}/query?${new URLSearchParams({ query: expr }).toString()}`);
    const { data } = (await answer.json()) as { data?: { result: Found[] } };
    return data?.result ?? [];
  }

  const firing = async (): Promise<readonly string[]> => {
    const found = await query('ALERTS{alertstate="firing"}').catch(() => []);
    return found.map(({ metric }) => metric.alertname);
  };

  it('has all processes, and no alert of a system that is well', async () => {
    const up = () => query('up{job="holdfast"} == 1').catch(() => []);
    await until(async () => (await up()).length === 3, 'all three are scraped', 60_000);
    await until(async () => (await firing()).length === 0, 'no alert is left', 60_000);
    const builds = await query('holdfast_build_info');
    expect(builds.map(({ metric }) => metric.role).sort()).toEqual([
      'gateway',
      'payments',
      'shard',
    ]);
  });

  it('sees a payments process that stands still, and that it came back', async () => {
    payments.signal('SIGSTOP');
    const expected = ['HoldfastNoPayments', 'HoldfastProcessDown'];
    const here = async (): Promise<boolean> => {
      const names = await firing();
      return expected.every((name) => names.includes(name));
    };
    await until(here, 'the alerts of a stopped process', 60_000);
    payments.signal('SIGCONT');
    await until(async () => (await firing()).length === 0, 'the alerts end', 60_000);
  });
});
