import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commandLine, isAlive, pidIsTaken, processIdentity } from '../system/processes.mjs';
import { processesWithEnvironment } from '../system/processes.mjs';
import { readJson, type DataFolder } from './data-folder.js';
import { endsWithin, stopInOrder, type Stoppable } from './stop-processes.js';

/**
 * What a run that was killed left behind. Its keeper may still be stopping it: that is waited
 * for. Then whatever is on the list of the run's processes, and a Postgres that still has our
 * database open, is stopped. After this nobody else writes to the folder.
 */
export interface ProcessList {
  readonly launcher: number;
  /** Value of launcherVariable in the run's processes. */
  readonly launcherId: string;
  readonly keeper: { readonly pid: number; readonly identity: string | null } | null;
  readonly children: readonly Stoppable[];
}

export const processListName = 'processes.json';
export const launcherVariable = 'HOLDFAST_LAUNCHER';

const keeperDeadlineMs = 45_000;

/** Resolves with the names of the processes that were found alive. */
export async function stopLeftovers(folder: DataFolder): Promise<string[]> {
  const list = readList(folder.file(processListName));
  if (list?.keeper) await endsWithin(list.keeper, keeperDeadlineMs);
  const alive = (list?.children ?? []).filter((one) => isAlive(one.pid, one.identity));
  const postgres = leftoverPostgres(folder.file('postgres'));
  const known = new Set(alive.map((one) => one.pid));
  const all = postgres === null || known.has(postgres.pid) ? alive : [...alive, postgres];
  await stopInOrder(all);
  // One that had to be killed leaves its file, and perhaps a zombie.
  leftoverPostgres(folder.file('postgres'));
  if (list?.launcherId !== undefined) await stopInOrder(strays(list.launcherId));
  rmSync(folder.file(processListName), { force: true });
  rmSync(folder.file('run.json'), { force: true });
  return all.map((one) => one.name);
}

/** Those that were started in the moment in which the launcher was killed, before it told. */
export function strays(launcherId: string): Stoppable[] {
  return processesWithEnvironment(launcherVariable, launcherId).map((pid) => ({
    name: commandLine(pid),
    pid,
    identity: processIdentity(pid),
    group: 0,
    signal: 'SIGTERM',
    deadlineMs: 5_000,
  }));
}

/**
 * Postgres writes its pid and its folder into postmaster.pid. The file of a dead one is removed
 * when its pid belongs to somebody else by now, or to its zombie, which the first process of a
 * container may never collect: Postgres would take that for itself and not start. Whether anybody
 * still has its shared memory Postgres finds out by itself.
 */
export function leftoverPostgres(folder: string): Stoppable | null {
  const file = path.join(folder, 'postmaster.pid');
  const pid = pidIn(file);
  if (pid === null) return null;
  const identity = processIdentity(pid);
  if (identity !== null && isPostgresOf(pid, folder)) {
    return {
      name: 'postgres',
      pid,
      identity,
      group: -1,
      signal: 'SIGINT',
      deadlineMs: 20_000,
      hardSignal: 'SIGQUIT',
    };
  }
  if (identity !== null || pidIsTaken(pid)) rmSync(file, { force: true });
  return null;
}

function isPostgresOf(pid: number, folder: string): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && command.includes(folder);
}

function pidIn(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function readList(file: string): ProcessList | null {
  const list = readJson(file) as Partial<ProcessList> | null;
  return list !== null && Array.isArray(list.children) ? (list as ProcessList) : null;
}
