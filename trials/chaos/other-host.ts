import { spawnSync } from 'node:child_process';
import { firstLine, run, type Allowed } from './host.js';

/** What is lost: all that it sends, all that is sent to it, both, or the line itself. */
export const cuts = ['what it sends', 'what it is sent', 'both ways', 'the line is down'] as const;
export type Cut = (typeof cuts)[number];

/** Another host: a network namespace, with one line to this one. */
export interface OtherHost {
  /** Where this host is reached from there. */
  readonly address: string;
  /** Runs a program there. */
  readonly prefix: readonly string[];
  cut(what: Cut): Promise<void>;
  heal(): Promise<void>;
  release(): Promise<void>;
}

/** Nobody's: what is sent to it is dropped by whoever gets it, without a word. */
const nobody = '02:00:00:00:00:01';

export async function makeOtherHost(): Promise<Allowed<OtherHost>> {
  const id = (process.pid % 60_000).toString(36);
  const space = `hfchaos${id}`;
  const near = `hfa${id}`;
  const far = `hfb${id}`;
  const third = 1 + (process.pid % 250);
  const address = `10.213.${third}.1`;
  const farAddress = `10.213.${third}.2`;
  const ip = (...args: string[]) => run('ip', args);
  const atExit = () => {
    spawnSync('ip', ['link', 'del', near]);
    spawnSync('ip', ['netns', 'del', space]);
  };
  process.once('exit', atExit);
  const release = () => {
    process.off('exit', atExit);
    return Promise.resolve(atExit());
  };
  try {
    await ip('netns', 'add', space);
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    await ip('link', 'set', far, 'netns', space);
    await ip('addr', 'add', `${address}/24`, 'dev', near);
    await ip('link', 'set', near, 'up');
    await ip('-n', space, 'addr', 'add', `${farAddress}/24`, 'dev', far);
    await ip('-n', space, 'link', 'set', far, 'up');
    await ip('-n', space, 'link', 'set', 'lo', 'up');
  } catch (error) {
    await release();
    return { missing: `no network namespaces: ${firstLine(error)}` };
  }
  const sends = ['-n', space, 'neigh', 'replace', address, 'dev', far];
  const isSent = ['neigh', 'replace', farAddress, 'dev', near];
  // No firewall and no traffic control are needed: a wrong neighbour loses one direction.
  const lose = (way: string[]) => ip(...way, 'lladdr', nobody, 'nud', 'permanent');
  const find = (way: string[]) =>
    ip(...way.map((word) => (word === 'replace' ? 'del' : word))).catch(() => undefined);
  const cut = async (what: Cut) => {
    if (what === 'the line is down') return void (await ip('link', 'set', near, 'down'));
    if (what !== 'what it is sent') await lose(sends);
    if (what !== 'what it sends') await lose(isSent);
  };
  const heal = async () => {
    await ip('link', 'set', near, 'up');
    await Promise.all([find(sends), find(isSent)]);
  };
  return { got: { address, prefix: ['ip', 'netns', 'exec', space], cut, heal, release } };
}
