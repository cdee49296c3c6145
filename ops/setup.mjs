/**
 * The pre-step of every command: brings node_modules and dist/ up to date, or does nothing. Needs
 * only Node and npm. Safe to run twice at once: the second waits for the first.
 *
 *   node ops/setup.mjs             does what is needed
 *   node ops/setup.mjs --rebuild   builds in any case (npm run build)
 */
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, staleBuild } from '../tools/build/build.mjs';
import {
  hydratePostgresLinks,
  installDependencies,
  staleDependencies,
} from './setup/dependencies.mjs';
import { acquireLock } from './system/lock.mjs';
import { StepFailed } from './setup/run-step.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const lockPollMs = 200;
const lockWaitMsMax = 15 * 60_000;

export async function setup(options = {}) {
  const at = options.root ?? root;
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  assertNodeVersion();
  if (options.rebuild !== true && isReady(at)) return;
  const lock = await lockOf(at, say);
  try {
    if (staleDependencies(at) !== null) await installDependencies(at, say);
    hydratePostgresLinks(at);
    if (options.rebuild === true || staleBuild(at) !== null) await build(at, say);
  } finally {
    lock.release();
  }
}

/** setup() for a command: ends the process with the cause when it fails. */
export async function setupOrExit(options) {
  try {
    await setup(options);
  } catch (error) {
    if (error instanceof StepFailed && error.output !== '') {
      process.stderr.write(`${error.output.trimEnd()}\n`);
    }
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Loads a module of the build, e.g. `ops/start/start.js`. */
export function built(file) {
  return import(pathToFileURL(path.join(root, 'dist', file)).href);
}

function isReady(at) {
  if (staleDependencies(at) !== null || staleBuild(at) !== null) return false;
  hydratePostgresLinks(at);
  return true;
}

async function lockOf(at, say) {
  const folder = path.join(at, '.holdfast-setup');
  mkdirSync(folder, { recursive: true });
  const giveUpMs = Date.now() + lockWaitMsMax;
  for (let told = false; ; told = true) {
    const lock = acquireLock(path.join(folder, 'lock'));
    if (lock.holder === undefined) return lock;
    if (!told) say(`waiting for the setup of process ${lock.holder} ...`);
    if (Date.now() > giveUpMs) throw new Error(`process ${lock.holder} does not end its setup`);
    await pause(lockPollMs);
  }
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Holdfast needs Node 20.19 or newer; this is ${process.versions.node}`);
}

function isMain() {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url);
}

if (isMain()) {
  await setupOrExit({ rebuild: process.argv.includes('--rebuild') });
}
