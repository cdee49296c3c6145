import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { newSeed, perRole, type NatsSeeds } from '#libs/bus/nats-credentials.js';
import { acquireLock, type HeldLock } from '../system/lock.mjs';
import { shownPath } from '../system/paths.js';
import { closeToOthers, whyNotOurs } from './private-folder.js';

/**
 * The folder with everything a system keeps. One system at a time has it: the lock names its
 * launcher. A folder that is neither empty nor ours is never touched.
 *
 *   holdfast.json   says that the folder is ours
 *   lock            pid of the launcher
 *   processes.json  every process of the run, for the next start after a crash
 *   run.json        addresses, for holdfastctl, demo and bench; only while it runs
 *   secrets.json    made once
 *   nats-server.conf  of our own broker, with the public keys of the roles
 *   postgres/ logs/ stripe-simulator.json
 *
 * Nobody else reads any of it (700, 600; as root the database's group may pass through), and a
 * folder in which others have a hand is refused.
 */
export interface DataFolder {
  readonly path: string;
  readonly logs: string;
  /** The last holder of the lock was killed. */
  readonly crashed: boolean;
  file(name: string): string;
  /** Removes everything but the lock. */
  empty(): void;
  /** Removes what is true only while a system runs. */
  forget(): void;
  /** Makes what every run needs. */
  prepare(): Secrets;
  release(): void;
}

export interface Secrets {
  /** Signs guest sessions; 48 characters. */
  readonly tokenSecret: string;
  /** Written by hand while the one above is replaced (docs/operating/secrets.md). */
  readonly secondTokenSecret?: string;
  /** Of the database's superuser, who is used at start only; letters and digits. */
  readonly databasePassword: string;
  /** Of the role that everything else uses; letters and digits. */
  readonly databaseRolePassword: string;
  /** By which shards believe payments; 48 characters. */
  readonly paymentsKey: string;
  /** As secondTokenSecret. */
  readonly secondPaymentsKey?: string;
  /** Who brings it may read the numbers of all processes; 48 characters. */
  readonly metricsToken: string;
  /** By which each role is known to our NATS server. */
  readonly natsSeeds: NatsSeeds;
  /** What the payments process shows the simulator; looks like Stripe's own test keys. */
  readonly stripeKey: string;
  /** By which payments knows the simulator's webhooks; looks like Stripe's own. */
  readonly webhookSecret: string;
}

/** One line for people. */
export class DataFolderRefused extends Error {
  override readonly name = 'DataFolderRefused';
}

const markerName = 'holdfast.json';
const secretsName = 'secrets.json';
export const lockName = 'lock';

export function openDataFolder(folder: string): DataFolder {
  const shown = shownPath(folder);
  assertOurs(folder, shown);
  const lock = acquireLock(path.join(folder, lockName));
  if (lock.holder !== undefined) {
    throw new DataFolderRefused(
      `Holdfast runs on ${shown} already (process ${lock.holder}): stop it, or use another --data`,
    );
  }
  return new LockedFolder(folder, lock);
}

/**
 * For this user alone (mode 600), and replaced in one step, so that a reader never sees half of it.
 */
export function writePrivately(file: string, text: string): void {
  const next = `${file}.next`;
  rmSync(next, { force: true });
  writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
  renameSync(next, file);
}

export function writeJson(file: string, value: unknown): void {
  writePrivately(file, `${JSON.stringify(value, null, 2)}\n`);
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

class LockedFolder implements DataFolder {
  constructor(
    readonly path: string,
    private readonly lock: HeldLock,
  ) {}

  get logs(): string {
    return this.file('logs');
  }

  get crashed(): boolean {
    return this.lock.recovered;
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  empty(): void {
    for (const name of readdirSync(this.path)) {
      if (!isLockFile(name)) rmSync(this.file(name), { recursive: true, force: true });
    }
  }

  prepare(): Secrets {
    writeJson(this.file(markerName), { holdfast: 'data folder', format: 1 });
    mkdirSync(this.logs, { recursive: true });
    for (const folder of [this.path, this.logs]) closeToOthers(folder);
    return secretsIn(this.file(secretsName));
  }

  forget(): void {
    for (const name of ['run.json', 'processes.json']) rmSync(this.file(name), { force: true });
  }

  release(): void {
    this.lock.release();
  }
}

function assertOurs(folder: string, shown: string): void {
  let names: string[];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataFolderRefused(`the data folder ${shown} cannot be used (${code})`);
  }
  if (!names.includes(markerName) && !names.every(isLockFile)) {
    throw new DataFolderRefused(
      `${shown} has files that are not Holdfast's: use another --data, or an empty folder`,
    );
  }
  const wrong = whyNotOurs(folder);
  if (wrong !== null) throw new DataFolderRefused(`${wrong}, or use another --data`);
}

const isLockFile = (name: string): boolean => name === lockName || name.startsWith(`${lockName}.`);

/** Undefined: the folder has none, or not for this user. */
export function tokenSecretOf(folder: string): string | undefined {
  const secrets = (readJson(path.join(folder, secretsName)) ?? {}) as Partial<Secrets>;
  return secrets.tokenSecret;
}

function secretsIn(file: string): Secrets {
  const known = (readJson(file) ?? {}) as Partial<Secrets>;
  const secrets: Secrets = {
    ...known,
    tokenSecret: known.tokenSecret ?? randomBytes(24).toString('hex'),
    paymentsKey: known.paymentsKey ?? randomBytes(24).toString('hex'),
    metricsToken: known.metricsToken ?? randomBytes(24).toString('hex'),
    natsSeeds: known.natsSeeds ?? perRole(newSeed),
    databasePassword: known.databasePassword ?? randomBytes(18).toString('hex'),
    databaseRolePassword: known.databaseRolePassword ?? randomBytes(18).toString('hex'),
    stripeKey: known.stripeKey ?? `sk_test_${randomBytes(12).toString('hex')}`,
    webhookSecret: known.webhookSecret ?? `whsec_${randomBytes(24).toString('hex')}`,
  };
  if (JSON.stringify(known) !== JSON.stringify(secrets)) writeJson(file, secrets);
  return secrets;
}
