/**
 * Tells whether a process still lives, and whether it is still the same one. A pid alone is not
 * enough: after a crash the system may have given it to somebody else. No dependencies, because
 * the pre-step runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const onLinux = process.platform === 'linux';

/**
 * A text that two processes with the same pid never share; null when no such process lives.
 * A zombie does not live: it holds nothing and only waits to be counted.
 */
export function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return onLinux ? identityFromProc(pid) : identityFromPs(pid);
}

export function isAlive(pid, identity) {
  const now = processIdentity(pid);
  return now !== null && (identity === undefined || identity === null || now === identity);
}

/** The command line with single spaces, empty when there is none. */
export function commandLine(pid) {
  if (!onLinux) return ps(pid, 'command=');
  return readProc(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** True also for a zombie, which has its pid until its parent asks for it. */
export const pidIsTaken = (pid) => sendSignal(pid, 0);

/** Sends the signal; false when the process is gone already. */
export function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Live processes that were started with NAME=value in their environment. Linux only, else []. */
export function processesWithEnvironment(name, value) {
  if (!onLinux) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && hasVariable(pid, `${name}=${value}`))
    .filter((pid) => isAlive(pid));
}

function hasVariable(pid, wanted) {
  return readProc(`/proc/${pid}/environ`).split('\0').includes(wanted);
}

function identityFromProc(pid) {
  const stat = readProc(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20 || fields[0] === 'Z' || fields[0] === 'X') return null;
  return `${bootId()}:${fields[19]}`;
}

function bootId() {
  return readProc('/proc/sys/kernel/random/boot_id').trim().slice(0, 8);
}

function identityFromPs(pid) {
  const line = ps(pid, 'state=,lstart=');
  return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
}

function ps(pid, columns) {
  const result = spawnSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim().replaceAll(/\s+/g, ' ') : '';
}

function readProc(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
