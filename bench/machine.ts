import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';

/** What the figures were measured on: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly postgres: string;
  /** synchronous_commit and fsync of the database. */
  readonly durability: string;
  /** Median of one 8 kB write and fdatasync beside the data. */
  readonly fsyncUs: number;
}

export const machineName = (): string => `${os.cpus().length} x ${os.cpus()[0].model}`;

export async function describeMachine(pool: pg.Pool, folder: string): Promise<Machine> {
  const cpus = os.cpus();
  const { rows } = await pool.query<{ version: string; commit: string; fsync: string }>(
    `SELECT current_setting('server_version') AS version,
            current_setting('synchronous_commit') AS commit,
            current_setting('fsync') AS fsync`,
  );
  const [{ version, commit, fsync }] = rows;
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: os.release(),
    node: process.version,
    postgres: version.split(' ')[0],
    durability: `synchronous_commit=${commit} fsync=${fsync}`,
    fsyncUs: measureFsync(folder),
  };
}

const fsyncs = 200;
const blockBytes = 8_192;

function measureFsync(folder: string): number {
  const file = path.join(folder, `fsync-${process.pid}.tmp`);
  const block = Buffer.alloc(blockBytes, 1);
  const handle = openSync(file, 'w');
  const times: number[] = [];
  try {
    for (let i = 0; i < fsyncs; i++) {
      const startedMs = performance.now();
      writeSync(handle, block, 0, blockBytes, i * blockBytes);
      fdatasyncSync(handle);
      times.push((performance.now() - startedMs) * 1_000);
    }
  } finally {
    closeSync(handle);
    rmSync(file, { force: true });
  }
  return Math.round(times.sort((a, b) => a - b)[fsyncs >> 1]);
}
