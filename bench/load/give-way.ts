import { spawnSync } from 'node:child_process';

/**
 * Puts a process' main thread into Linux' idle class (SCHED_IDLE): it runs when nobody else wants
 * the core, and gives it up at once. The helpers of its garbage collector stay what they are,
 * because it waits for them. False where it cannot be had: it takes the chrt of util-linux.
 *
 * The load generator stands for machines elsewhere. Two servers share their cores with it: the bare
 * one, one thread on its own core, never waits for it; a commit of Holdfast's did, for a
 * millisecond and more, beside an idle core. Four benchmarks in turn: 39 and 41 % of bare. (Where
 * the kernel makes a group of each session, which then have equal shares, the class still says to
 * which core others are woken: to the one that only idles.)
 */
export function giveWay(pid: number = process.pid): boolean {
  const { status } = spawnSync('chrt', ['-i', '-p', '0', String(pid)], { stdio: 'ignore' });
  return status === 0;
}
