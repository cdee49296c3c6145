import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, sendSignal } from '../system/processes.mjs';

/**
 * Ends processes in order, for the launcher, for the keeper of a dead launcher, and for what a
 * crashed run left behind. Later groups depend on earlier ones, so the last group goes first.
 * Whoever does not end in time is killed: after this nothing of the list lives (G2 makes that
 * safe at any moment).
 */
export interface Stoppable {
  readonly name: string;
  readonly pid: number;
  /** From processIdentity(): a pid that was given to somebody else is left alone. */
  readonly identity: string | null;
  /** Order of start; the processes of one group are stopped together. */
  readonly group: number;
  readonly signal: NodeJS.Signals;
  readonly deadlineMs: number;
  /** Asked once more, less politely, before SIGKILL: Postgres cleans up on SIGQUIT. */
  readonly hardSignal?: NodeJS.Signals | undefined;
}

const pollMs = 25;
const hardDeadlineMs = 2_000;

/** Resolves with the names of those that had to be killed. */
export async function stopInOrder(list: readonly Stoppable[]): Promise<string[]> {
  const killed: string[] = [];
  const groups = [...new Set(list.map((one) => one.group))].sort((a, b) => b - a);
  for (const group of groups) {
    const members = list.filter((one) => one.group === group);
    const ends = await Promise.all(members.map((one) => stopOne(one)));
    members.forEach((one, index) => {
      if (!ends[index]) killed.push(one.name);
    });
  }
  return killed;
}

/** At once and without manners: the second Ctrl-C. */
export async function killAll(list: readonly Stoppable[]): Promise<void> {
  await Promise.all(list.map((one) => killOne(one)));
}

/** True when the process ended by itself within its deadline. */
async function stopOne(one: Stoppable): Promise<boolean> {
  signalTo(one, one.signal);
  // A stopped process (SIGSTOP) sees its signal only when it goes on.
  signalTo(one, 'SIGCONT');
  if (await endsWithin(one, one.deadlineMs)) return true;
  await killOne(one);
  return false;
}

async function killOne(one: Stoppable): Promise<void> {
  if (one.hardSignal !== undefined) {
    signalTo(one, one.hardSignal);
    if (await endsWithin(one, hardDeadlineMs)) return;
  }
  signalTo(one, 'SIGKILL');
  await endsWithin(one, hardDeadlineMs);
}

function signalTo(one: Stoppable, signal: NodeJS.Signals): void {
  if (isAlive(one.pid, one.identity)) sendSignal(one.pid, signal);
}

/** Polls: most of these processes are not children of this one, so nobody tells of their end. */
export async function endsWithin(
  one: Pick<Stoppable, 'pid' | 'identity'>,
  deadlineMs: number,
): Promise<boolean> {
  const endMs = performance.now() + deadlineMs;
  while (isAlive(one.pid, one.identity)) {
    if (performance.now() > endMs) return false;
    await pause(pollMs);
  }
  return true;
}
