import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { blow, type FaultContext, type Faults } from './fault.js';

type PostgresFault =
  | 'postgres-fast'
  | 'postgres-immediate'
  | 'kill-backend'
  | 'terminate-backends'
  | 'disk-full';

/** The database goes away, loses backends, or has no room to write. */
export const postgresFaults: Faults<PostgresFault> = {
  'postgres-fast': (context) => restart(context, 'SIGINT', 'fast'),
  'postgres-immediate': (context) => restart(context, 'SIGQUIT', 'immediate'),
  'kill-backend': ({ system }) =>
    blow('kill -9 of the backend of a writer', async () => {
      const { rows } = await system.pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'hf-writer%'
         ORDER BY random() LIMIT 1`,
      );
      if (rows.length === 0) throw new Error('no writer is connected');
      process.kill(rows[0].pid, 'SIGKILL');
    }),
  'terminate-backends': ({ system }) =>
    blow('pg_terminate_backend of half of all', async () => {
      await system.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < 0.5`,
      );
    }),
  'disk-full': ({ system, random }) => {
    if (!('got' in system.disk)) return system.disk.missing;
    const filler = path.join(system.disk.got.folder, 'filler');
    return {
      what: 'the disk of Postgres is full',
      lastsMs: random.between(1_000, 8_000),
      begin: () => Promise.resolve(fill(filler)),
      end: async () => {
        rmSync(filler, { force: true });
        // Without room for its log Postgres ends itself.
        if (!(await answers(system))) await system.postgres.restart();
      },
    };
  },
};

function restart({ system, random }: FaultContext, signal: NodeJS.Signals, mode: string) {
  return {
    what: `Postgres is stopped (${mode}) and started`,
    lastsMs: random.between(0, 5_000),
    begin: () => system.postgres.kill(signal),
    end: () => system.postgres.restart(),
  };
}

async function answers(system: FaultContext['system']): Promise<boolean> {
  if (!system.postgres.running) return false;
  return system.pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
}

function fill(file: string): void {
  const fd = openSync(file, 'w');
  try {
    const block = Buffer.alloc(1 << 20, 1);
    for (;;) writeSync(fd, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(fd);
  }
}
