import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One take-over as the shard that did it logged it. */
export interface LoggedRecovery {
  readonly eventId: string;
  readonly epoch: number;
  /** When it was over, wall clock. */
  readonly atMs: number;
  /** Who has it, the claim, snapshot and journal so far, and the rest after the announce. */
  readonly phasesMs: readonly [number, number, number, number];
  readonly batches: number;
  readonly facts: number;
}

interface Line {
  readonly msg?: string;
  readonly time?: string | number;
  readonly event?: string;
  readonly epoch?: number;
  readonly shard?: string;
  readonly phasesMs?: readonly [number, number, number, number];
  readonly batches?: number;
  readonly facts?: number;
}

/** What the shards of a system on this machine wrote into their logs. */
export class ShardLogs {
  constructor(private readonly data: string) {}

  /** In the order in which they were over. */
  recoveries(): LoggedRecovery[] {
    const found = this.lines('event recovered').flatMap((line) => {
      const { event, epoch, time, phasesMs, batches = 0, facts = 0 } = line;
      if (event === undefined || epoch === undefined || phasesMs === undefined) return [];
      return [{ eventId: event, epoch, atMs: timeOf(time), phasesMs, batches, facts }];
    });
    return found.sort((a, b) => a.atMs - b.atMs);
  }

  count(msg: string, shard: string): number {
    return this.lines(msg).filter((line) => line.shard === shard).length;
  }

  private lines(msg: string): Line[] {
    const folder = path.join(this.data, 'logs');
    const files = readdirSync(folder).filter((name) => name.startsWith('shard'));
    return files.flatMap((name) =>
      readFileSync(path.join(folder, name), 'utf8')
        .split('\n')
        .filter((text) => text.includes(`"msg":"${msg}"`))
        .map((text) => JSON.parse(text) as Line),
    );
  }
}

const timeOf = (time: string | number | undefined): number => new Date(time ?? NaN).getTime();
