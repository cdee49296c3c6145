import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readDatabaseAddress } from '#libs/database/database-address.js';
import { MigrationRefused } from '#libs/database/migrate.js';
import { natsCredentialsIn, runFileOf, type RunFile } from '../system/find-system.js';
import { shownPath } from '../system/paths.js';
import { processIdentity } from '../system/processes.mjs';
import { openDataFolder, writeJson, type DataFolder, type Secrets } from './data-folder.js';
import { KeeperLink, launcherId } from './keeper-link.js';
import { launcherVariable, stopLeftovers } from './leftovers.js';
import { ageOfNats, ensureNatsServer, natsAdvice, natsAnswers, startNats } from './nats.js';
import type { StartOptions } from './options.js';
import { pinned } from './pin.js';
import { freePort, freePortsFrom, portState } from '#libs/platform/tcp-ports.js';
import { answers, startPostgres } from './postgres.js';
import { prepareDatabase } from './prepare-database.js';
import type { Progress } from './progress.js';
import { gatewaySpec, paymentsSpec, shardSpec, simulatorSpec, singleSpec } from './roles.js';
import type { Surroundings } from './roles.js';
import { Supervisor, type ReadyInfo } from './supervisor.js';

const settleMs = 5_000;
const servingMs = 30_000;
const servingPollMs = 50;

/**
 * The whole system on one machine, in the order in which its parts need each other: database,
 * broker, schema and catalogue, then shards, payments and simulator, and gateways last. It stops
 * in the reverse order. It owns the data folder from the first step to the last.
 */
export class HoldfastSystem {
  private readonly supervisor: Supervisor;
  private folder: DataFolder | null = null;
  private keeper: KeeperLink | null = null;
  private run: RunFile | null = null;
  private settled: Promise<void> = Promise.resolve();

  /** Throws PinRefused. */
  constructor(
    private readonly options: StartOptions,
    private readonly progress: Progress,
  ) {
    this.supervisor = new Supervisor({
      say: (line) => progress.say(line),
      onChange: () => this.onChildren(),
      wrap: options.pin ? pinned(options.gateways) : undefined,
      mark: { [launcherVariable]: launcherId },
    });
  }

  /** Resolves with the address of the first gateway. Rejects with one line for people. */
  start(): Promise<string> {
    const started = this.startAll();
    this.settled = started.then(
      () => undefined,
      () => undefined,
    );
    return started;
  }

  private async startAll(): Promise<string> {
    const folder = openDataFolder(this.options.data);
    this.folder = folder;
    await this.clear(folder);
    const port = await this.checkedPort();
    const secrets = folder.prepare();
    this.keeper = new KeeperLink(folder);
    this.shown('data', shownPath(folder.path));
    const [databaseUrl, natsUrl] = await Promise.all([
      this.openDatabase(folder, secrets),
      this.openBus(folder, secrets),
    ]);
    await this.fill(databaseUrl);
    const simulated = this.options.stripeSecretKey === null;
    const stripePort = simulated ? await freePort() : 0;
    const around: Surroundings = {
      folder,
      secrets,
      databaseUrl,
      natsUrl,
      natsSeeds: this.options.natsUrl === null ? secrets.natsSeeds : null,
      stripeUrl: simulated ? `http://127.0.0.1:${stripePort}` : null,
      stripeKey: this.options.stripeSecretKey ?? secrets.stripeKey,
      unlimited: this.options.unlimited,
    };
    if (around.unlimited) this.shown('limits', 'none for addresses of this machine (--unlimited)');
    const ports = natsUrl === null ? [port] : await this.gatewayPorts(port);
    if (natsUrl === null) await this.startSingle(around, port, stripePort);
    else await this.startRoles(around, ports, stripePort);
    const [url, ...others] = ports.map((one) => `http://127.0.0.1:${one}`);
    await this.progress.step('waiting for the first answer', () =>
      Promise.all([url, ...others].map(untilServing)),
    );
    this.shown('logs', shownPath(folder.logs));
    this.writeRun(around, ports);
    return url;
  }

  /** Resolves with the names of the processes that had to be killed. */
  async stop(): Promise<string[]> {
    const killed = await this.supervisor.stop();
    // A start that was interrupted ends by itself now, and must not go on behind our back.
    await Promise.race([this.settled, pause(settleMs)]);
    await this.close();
    return killed;
  }

  async kill(): Promise<void> {
    await this.supervisor.kill();
    await this.close();
  }

  private async clear(folder: DataFolder): Promise<void> {
    const leftovers = await this.progress.step('stopping what a killed run left behind', () =>
      stopLeftovers(folder),
    );
    if (leftovers.length > 0) {
      this.progress.say(`the last run was killed; stopped its ${leftovers.join(', ')}`);
    }
    if (!this.options.fresh) return;
    folder.empty();
    if (this.options.databaseUrl !== null) {
      this.progress.say('--fresh leaves the database of DATABASE_URL as it is');
    }
  }

  private async checkedPort(): Promise<number> {
    const { port } = this.options;
    if (port === 0) return freePort();
    const state = await portState(port);
    if (state === 'free') return port;
    const why = state === 'taken' ? 'is taken' : 'is not allowed to this user';
    throw new StartRefused(`port ${port} ${why}: free it, or use another with --port N`);
  }

  private async openDatabase(folder: DataFolder, secrets: Secrets): Promise<string> {
    const given = this.options.databaseUrl;
    if (given === null) {
      return this.progress.step(
        'starting postgres',
        () => startPostgres(this.supervisor, folder, secrets),
        (url) => this.line('postgres', new URL(url).host),
      );
    }
    if (!(await this.progress.step('asking DATABASE_URL', () => answers(given)))) {
      throw new StartRefused('DATABASE_URL: no Postgres answers there with that user and password');
    }
    this.shown('postgres', `${readDatabaseAddress(given).shown} (DATABASE_URL)`);
    return given;
  }

  /** Null: the bus is inside the one process. */
  private async openBus(folder: DataFolder, secrets: Secrets): Promise<string | null> {
    const { single, natsUrl } = this.options;
    if (single) {
      if (natsUrl !== null) this.progress.say('--single has its own bus: NATS_URL is not used');
      return null;
    }
    if (natsUrl !== null) {
      if (!(await this.progress.step('asking NATS_URL', () => natsAnswers(natsUrl)))) {
        throw new StartRefused('NATS_URL: no NATS server answers there');
      }
      this.shown('nats', `${natsUrl} (NATS_URL)`);
      return natsUrl;
    }
    const found = await ensureNatsServer(this.progress);
    if ('reason' in found) {
      this.progress.say(`nats-server cannot be had: ${found.reason}. ${natsAdvice}`);
      this.progress.say('going on with --single: every role in one process, without NATS');
      return null;
    }
    const age = await ageOfNats(found.program);
    if (age !== null) this.progress.say(age);
    return this.progress.step(
      'starting nats-server',
      () => startNats(this.supervisor, folder, found.program, secrets.natsSeeds),
      (url) => this.line('nats', new URL(url).host),
    );
  }

  private async fill(databaseUrl: string): Promise<void> {
    try {
      await this.progress.step(
        'preparing the database',
        () => prepareDatabase(databaseUrl, this.options.databaseUrl === null || this.options.demo),
        (events) => (events === null ? null : this.line('catalogue', `${events} demo events`)),
      );
    } catch (error) {
      if (!(error instanceof MigrationRefused)) throw error;
      throw new StartRefused(`the database cannot be used: ${error.message}`);
    }
  }

  private async startSingle(around: Surroundings, port: number, stripePort: number): Promise<void> {
    await this.progress.step(
      'starting holdfast',
      () => this.supervisor.start(singleSpec(around, port, stripePort)),
      (info) => this.line('holdfast', `one process on 127.0.0.1:${port}${this.edgeLine([info])}`),
    );
  }

  private async startRoles(
    around: Surroundings,
    ports: readonly number[],
    stripePort: number,
  ): Promise<void> {
    const { shards, gateways } = this.options;
    const simulator = async (): Promise<void> => {
      if (around.stripeUrl === null) return;
      await this.supervisor.start(simulatorSpec(around, stripePort, ports[0]));
    };
    const numbers = Array.from({ length: shards }, (_, index) => index + 1);
    const startShard = (number: number): Promise<unknown> =>
      this.supervisor.start(shardSpec(around, number, shards));
    await Promise.all([
      this.progress.step(
        'starting payments',
        async () => {
          await simulator();
          await this.supervisor.start(paymentsSpec(around));
        },
        () =>
          this.line('payments', `with ${around.stripeUrl === null ? 'Stripe' : 'its simulator'}`),
      ),
      this.progress.step(
        'starting shards',
        () => Promise.all(numbers.map(startShard)),
        () => this.line('shards', String(shards)),
      ),
    ]);
    await this.progress.step(
      'starting gateways',
      () =>
        Promise.all(
          ports.map((port, i) => this.supervisor.start(gatewaySpec(around, i + 1, port))),
        ),
      (infos) => {
        const name = gateways === 1 ? 'gateway' : 'gateways';
        return this.line(name, `${ports.map(String).join(', ')}${this.edgeLine(infos)}`);
      },
    );
  }

  private async gatewayPorts(first: number): Promise<number[]> {
    const others = await freePortsFrom(first + 1, this.options.gateways - 1);
    return [first, ...others];
  }

  private writeRun(around: Surroundings, ports: readonly number[]): void {
    this.run = {
      pid: process.pid,
      identity: processIdentity(process.pid),
      databaseUrl: around.databaseUrl,
      natsUrl: around.natsUrl,
      natsCredentials:
        around.natsSeeds === null
          ? natsCredentialsIn(process.env)
          : { seed: around.natsSeeds.operator },
      gatewayUrls: ports.map((port) => `http://127.0.0.1:${port}`),
      stripeUrl: around.stripeUrl,
      simulatorKey: around.stripeUrl === null ? null : around.stripeKey,
      metricsToken: around.secrets.metricsToken,
      logs: path.resolve(around.folder.logs),
      single: around.natsUrl === null,
      children: [],
    };
    this.onChildren();
  }

  private onChildren(): void {
    const { children } = this.supervisor;
    this.keeper?.update(children);
    if (this.run === null || this.folder === null) return;
    const { shown } = this.supervisor;
    writeJson(runFileOf(this.folder.path), { ...this.run, children: shown });
  }

  private async close(): Promise<void> {
    this.run = null;
    await this.keeper?.finish();
    this.folder?.forget();
    this.folder?.release();
  }

  /** What serves HTTP in them: the same in all, they run on one machine. */
  private edgeLine([first]: readonly ReadyInfo[]): string {
    const { edge } = first;
    return typeof edge === 'string' ? `\n${this.line('edge', edge)}` : '';
  }

  private shown(name: string, text: string): void {
    this.progress.say(this.line(name, text));
  }

  private line(name: string, text: string): string {
    return `${name.padEnd(10)} ${text}`;
  }
}

/** Ready means that the first command of a buyer works: the gateway has heard from a shard. */
async function untilServing(url: string): Promise<void> {
  const endMs = performance.now() + servingMs;
  while (performance.now() < endMs) {
    const signal = AbortSignal.timeout(servingPollMs * 20);
    const response = await fetch(`${url}/readyz`, { signal }).catch(() => null);
    if (response?.ok === true) return;
    await pause(servingPollMs);
  }
  throw new StartRefused(`the gateway at ${url} does not become ready; its log tells more`);
}

/** One line for people: what is wrong, and what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
