import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemProgram, type SystemProgram } from '#libs/testing/system-program.js';
import { BareServer } from '../bare.js';
import { shuffledSeatIds } from '../bench-events.js';
import { cpuUse } from '../cpu-use.js';
import { Generator } from '../load/generator.js';
import { machineName } from '../machine.js';
import { comparedLines, comparedText, type ComparedRun } from './compared.js';
import { runWrk } from './wrk.js';

const helpText = `npm run bench -- generators [options]

  --seconds N  of each run (2)
  --rounds N   of all in turn (5)
  --json       JSON instead of text

The load generator beside wrk (a package of the system), against the bare server:
the same requests, connections and one thread each. Exit code 1: wrk is not here,
or requests failed.`;

const connectionsOf = [64, 256];
const answerBytes = 420;
const timeoutMs = 5_000;
const warmUpMs = 200;
const packages = ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common'];

/** npm run bench -- generators. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  const wrong = !Number.isInteger(seconds) || !Number.isInteger(rounds);
  if (values.help || wrong || seconds < 1 || rounds < 1) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-wrk-'));
  try {
    const wrk = await systemProgram('wrk', packages, folder);
    if (wrk !== null) return shown(await runRounds(wrk, seconds, rounds), values.json);
    console.error('not run: wrk is not here; it is a package of Debian, Ubuntu and Homebrew');
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function shown(runs: readonly ComparedRun[], asJson: boolean): number {
  const lines = comparedLines(runs);
  if (asJson) console.log(JSON.stringify({ machine: machineName(), lines }, null, 2));
  else [machineName(), ...comparedText(lines)].forEach((line) => console.log(line));
  return lines.every(({ ours, wrk }) => ours.errors + wrk.errors === 0) ? 0 : 1;
}

async function runRounds(
  wrk: SystemProgram,
  seconds: number,
  rounds: number,
): Promise<ComparedRun[]> {
  const bare = await BareServer.start(JSON.stringify({ answer: 'x'.repeat(answerBytes) }), null);
  const generator = new Generator();
  const runs: ComparedRun[] = [];
  try {
    const measured = new Compared(bare, generator, wrk);
    await measured.ours('POST', 64, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (const method of ['POST', 'GET'] as const) {
        for (const connections of connectionsOf) {
          // In turn, and the other one first in the next round.
          const both = ['ours', 'wrk'] as const;
          for (const by of round % 2 === 0 ? both : both.toReversed()) {
            runs.push(await measured[by](method, connections, seconds));
          }
        }
      }
    }
    return runs;
  } finally {
    await generator.stop();
    await bare.stop();
  }
}

type Method = ComparedRun['method'];

const eventId = 'evt_00000000000000000000';
const path = '/v1/reservations';
const token = `Bearer ${'t'.repeat(120)}`;

class Compared {
  constructor(
    private readonly bare: BareServer,
    private readonly generator: Generator,
    private readonly program: SystemProgram,
  ) {}

  async ours(method: Method, connections: number, seconds: number): Promise<ComparedRun> {
    const seats = shuffledSeatIds();
    const before = this.#serverUs();
    const result = await this.generator.run({
      ...{ host: '127.0.0.1', port: this.bare.port, connections, timeoutMs, warmUpMs },
      ...{ measureMs: seconds * 1_000, arrivals: { kind: 'closed' } },
      requests: {
        ...{ method, path, bodyBefore: `{"event_id":"${eventId}","seat_ids":["`, bodyAfter: '"]}' },
        users: Array.from({ length: connections }, () => [`Authorization: ${token}`]),
        // The server does not look: values enough for its rate.
        values: Array.from({ length: 16 }, () => seats).flat(),
      },
    });
    const { window, total, latencyUs, measuredMs, busy } = result;
    return {
      ...{ by: 'ours', method, connections },
      perSecond: (window.accepted / measuredMs) * 1_000,
      errors: total.refused + total.errors + total.timeouts,
      ...{ p50Us: latencyUs.p50, p99Us: latencyUs.p99, generatorBusy: busy },
      serverUs: this.#each(before, total.accepted),
    };
  }

  async wrk(method: Method, connections: number, seconds: number): Promise<ComparedRun> {
    const [seat] = shuffledSeatIds();
    const before = this.#serverUs();
    const result = await runWrk({
      ...{ wrk: this.program, connections, seconds, givesWay: this.generator.givesWay },
      url: `http://127.0.0.1:${this.bare.port}${path}`,
      body: method === 'GET' ? null : JSON.stringify({ event_id: eventId, seat_ids: [seat] }),
      headers: { authorization: token, 'content-type': 'application/json' },
    });
    const { requests, errors, p50Us, p99Us } = result;
    return {
      ...{ by: 'wrk', method, connections, errors, p50Us, p99Us, generatorBusy: null },
      perSecond: requests / result.seconds,
      serverUs: this.#each(before, requests),
    };
  }

  #serverUs(): number | null {
    return cpuUse([{ name: 'bare', pid: this.bare.pid }])?.bare ?? null;
  }

  #each(before: number | null, requests: number): number | null {
    const after = this.#serverUs();
    return before === null || after === null ? null : (after - before) / Math.max(1, requests);
  }
}
