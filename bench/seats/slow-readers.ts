import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { limits } from '#libs/contracts/limits.js';

import { ask } from './side.js';

export interface SlowReaders {
  readonly readers: number;
  /** The gateway's resident memory before them, and at most while they were there. */
  readonly beforeBytes: number;
  readonly peakBytes: number;
  /** How many got their whole list when they began to read at last: the others were cut. */
  readonly whole: number;
}

const readers = 80;
/** No sooner than a new state may be taken: each reader asks for another one. */
const everyMs = limits.seatStateGapMs + 10;
const readMs = 3_000;

/**
 * Each asks for the list as it is, of a state that no other one asked for, and reads nothing of the
 * answer until all have asked. `firstSeat`: of those that are held for it, one after the other;
 * `listBytes`: of a list as it is.
 */
export async function readSlowly(
  gateway: ChildProcess,
  listUrl: string,
  firstSeat: number,
  listBytes: number,
): Promise<SlowReaders> {
  const { hostname, port, pathname } = new URL(listUrl);
  await pause(1_000);
  await ask(gateway, { change: null });
  const { peakBytes: beforeBytes } = await ask(gateway, { change: null });
  const lines: Socket[] = [];
  let whole = 0;
  let peakBytes = 0;
  try {
    for (let reader = 0; reader < readers; reader++) {
      // An address each: nobody is refused for what others asked.
      const localAddress = `127.0.5.${reader + 1}`;
      const line = connect({ host: hostname, port: Number(port), localAddress });
      line.on('error', () => undefined);
      await once(line, 'connect');
      line.pause();
      line.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
      lines.push(line);
      await pause(everyMs);
      const said = await ask(gateway, { change: firstSeat + reader });
      peakBytes = Math.max(peakBytes, said.peakBytes);
    }
    for (const line of lines) {
      let bytes = 0;
      line.on('data', (chunk: Buffer) => {
        if (bytes < listBytes && (bytes += chunk.length) >= listBytes) whole += 1;
      });
    }
    lines.forEach((line) => line.resume());
    await pause(readMs);
  } finally {
    lines.forEach((line) => line.destroy());
  }
  return { readers, beforeBytes, peakBytes, whole };
}
