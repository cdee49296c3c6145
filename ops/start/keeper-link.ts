import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { processIdentity } from '../system/processes.mjs';
import { projectRoot } from '../system/paths.js';
import { writeJson, type DataFolder } from './data-folder.js';
import type { KeeperOrder } from './keeper.js';
import { launcherVariable, processListName, type ProcessList } from './leftovers.js';
import type { Stoppable } from './stop-processes.js';

/** In the environment of every process of this run, so that none can get lost. */
export const launcherId = `${process.pid}:${processIdentity(process.pid)}`;

const replaceAfterMs = 1_000;

/**
 * The launcher's side of the keeper: starts it, and tells it at once about every process that
 * comes or goes. The same list is written to the data folder, for the next start in case the
 * keeper is killed as well.
 */
export class KeeperLink {
  private keeper: ChildProcess | null = null;
  private children: readonly Stoppable[] = [];
  private finished = false;

  constructor(private readonly folder: DataFolder) {
    this.spawnKeeper();
  }

  update(children: readonly Stoppable[]): void {
    this.children = children;
    this.send(false);
    this.writeList();
  }

  /** Everything is stopped: the keeper may go. */
  async finish(): Promise<void> {
    this.finished = true;
    const keeper = this.keeper;
    if (keeper === null || keeper.exitCode !== null || keeper.signalCode !== null) return;
    const ended = new Promise((resolve) => keeper.once('exit', resolve));
    this.send(true);
    await ended;
  }

  private spawnKeeper(): void {
    const log = openSync(path.join(this.folder.logs, 'keeper.log'), 'a');
    try {
      this.keeper = spawn(process.execPath, [path.join(projectRoot, 'dist/ops/start/keeper.js')], {
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
        env: { ...process.env, NODE_OPTIONS: '', [launcherVariable]: launcherId },
      });
    } finally {
      closeSync(log);
    }
    this.keeper.on('error', () => undefined);
    this.keeper.once('exit', () => {
      if (!this.finished) setTimeout(() => this.replaceKeeper(), replaceAfterMs).unref();
    });
  }

  private replaceKeeper(): void {
    if (this.finished) return;
    this.spawnKeeper();
    this.update(this.children);
  }

  private send(done: boolean): void {
    const order: KeeperOrder = {
      launcher: process.pid,
      launcherId,
      data: this.folder.path,
      children: this.children,
      done,
    };
    // A keeper that just died is replaced, and the new one gets the whole list.
    if (this.keeper?.connected === true) this.keeper.send(order, () => undefined);
  }

  private writeList(): void {
    const pid = this.keeper?.pid;
    const list: ProcessList = {
      launcher: process.pid,
      launcherId,
      keeper: pid === undefined ? null : { pid, identity: processIdentity(pid) },
      children: this.children,
    };
    writeJson(this.folder.file(processListName), list);
  }
}
