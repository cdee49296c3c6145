import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SystemProgram } from '#libs/testing/system-program.js';

const run = promisify(execFile);

/** What wrk says of a run. */
export interface WrkResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Answers that are neither 2xx nor 3xx, and whatever went wrong on a socket. */
  readonly errors: number;
}

export interface WrkPlan {
  readonly wrk: SystemProgram;
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** POSTed with these; null: a GET. */
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Gives way to the server it measures, as the load generator does. */
  readonly givesWay: boolean;
}

/** One thread, as the load generator has. */
export async function runWrk(plan: WrkPlan): Promise<WrkResult> {
  const script = path.join(tmpdir(), `holdfast-wrk-${process.pid}.lua`);
  await writeFile(script, scriptOf(plan));
  const { wrk, connections, seconds, url } = plan;
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency'];
  const command = [wrk.program, ...args, '-s', script, url];
  const [first, ...rest] = plan.givesWay ? ['chrt', '-i', '0', ...command] : command;
  try {
    const options = { env: wrk.env, timeout: (seconds + 30) * 1_000 };
    return readWrk((await run(first, rest, options)).stdout);
  } finally {
    await rm(script, { force: true });
  }
}

const scriptOf = ({ body, headers }: WrkPlan): string =>
  [
    ...(body === null ? [] : ['wrk.method = "POST"', `wrk.body = [==[${body}]==]`]),
    ...Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = [==[${value}]==]`),
    '',
  ].join('\n');

const unitUs: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };

/** @throws when it is not what wrk 4 prints. */
export function readWrk(text: string): WrkResult {
  const requests = /^\s*(\d+) requests in ([\d.]+)(s|m),/m.exec(text);
  const [p50, p99] = ['50%', '99%'].map((name) =>
    new RegExp(`^\\s*${name}\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(text),
  );
  if (requests === null || p50 === null || p99 === null) {
    throw new Error(`wrk said something else:\n${text}`);
  }
  const sockets = /Socket errors: (.*)$/m.exec(text)?.[1] ?? '';
  const others = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? '0';
  const errors = [...sockets.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
  const us = ([, value, unit]: RegExpExecArray): number => Number(value) * unitUs[unit];
  return {
    requests: Number(requests[1]),
    seconds: us(['', requests[2], requests[3]] as unknown as RegExpExecArray) / 1_000_000,
    p50Us: us(p50),
    p99Us: us(p99),
    errors: errors + Number(others),
  };
}
