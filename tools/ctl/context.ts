import type { Pool } from 'pg';
import { openPool } from '#libs/database/pool.js';
import { findSystem, type System } from '#tools/lib/find-system.js';

/** Where a command line runs: a terminal, or a test. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
}

/** What every command gets: the system it works on, a place to print, and its manners. */
export interface CommandContext {
  /** One line, or one JSON value with --json. */
  print(text: string, value: unknown): void;
  /** Throws SystemNotFound when there is none. */
  system(): System;
  /** Runs `work` with connections to the system's database and closes them after it. */
  withDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T>;
}

export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** A refusal for the person at the terminal: printed as it is, exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  /** More than the first line has room for; with --json, part of the answer. */
  readonly details: readonly unknown[];

  constructor(message: string, details: readonly unknown[] = []) {
    super(message);
    this.details = details;
  }
}

export function commandContext(options: GlobalOptions, terminal: Terminal): CommandContext {
  const system = (): System => findSystem({ data: options.data, env: terminal.env });
  return {
    system,
    print(text, value) {
      terminal.out(`${options.json === true ? JSON.stringify(value) : text}\n`);
    },
    async withDatabase(work) {
      const pool = openPool(system().databaseUrl, { applicationName: 'holdfastctl', max: 2 });
      try {
        return await work(pool);
      } finally {
        await pool.end();
      }
    },
  };
}
