/**
 * A lock file that says who holds it. It is made in one atomic step, and a lock whose holder is
 * dead (kill -9, power loss) is taken over, so nobody ever has to delete it by hand.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, processIdentity } from './processes.mjs';

const attemptsMax = 50;

/**
 * Returns {release} when the lock is ours, {holder: pid} when a live process has it.
 * `recovered` tells that it was taken over from a dead one.
 */
export function acquireLock(file) {
  const mine = `${file}.${process.pid}.${Math.random().toString(36).slice(2, 8)}`;
  const text = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  writeFileSync(mine, `${text}\n`, { mode: 0o644 });
  let recovered = false;
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (linked(mine, file)) return { release: () => releaseLock(file, text), recovered };
      const found = readLock(file);
      if (found === null) continue;
      if (isAlive(found.pid, found.identity)) return { holder: found.pid };
      recovered = true;
      removeStale(file, found.text);
    }
    throw new Error(`the lock ${file} could not be taken in ${attemptsMax} attempts`);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Who holds the lock, or null; also null when the holder is dead. */
export function lockHolder(file) {
  const found = readLock(file);
  return found !== null && isAlive(found.pid, found.identity) ? found.pid : null;
}

/** Removes the lock of process `pid`. */
export function removeLockOf(file, pid) {
  const found = readLock(file);
  if (found !== null && found.pid === pid) removeStale(file, found.text);
}

/** link() fails when the name exists: it alone makes a file and its content in one step. */
function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    if (error.code === 'EPERM' || error.code === 'ENOTSUP') return created(from, to);
    throw error;
  }
}

/** For file systems without hard links. */
function created(from, to) {
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readLock(file) {
  try {
    const text = readFileSync(file, 'utf8').trim();
    const { pid, identity } = parsed(text);
    return { pid, identity, text };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** A torn file (power loss while writing) belongs to nobody: pid 0 is never alive. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { pid: 0, identity: null };
  }
}

/** Moved aside first: of two that find the same stale lock, only one may remove it. */
function removeStale(file, staleText) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8').trim();
  if (moved !== staleText) linked(aside, file);
  rmSync(aside, { force: true });
}

function releaseLock(file, text) {
  if (readLock(file)?.text === text) rmSync(file, { force: true });
}
