import { hostname } from 'node:os';
import type { Bus } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { encodeBeat, ifEncodable, type Unencodable } from '#libs/contracts/wire-codec.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardMetrics } from './shard-metrics.js';

/** Tells everybody that this shard is alive and what it is willing to do. */
export class Heartbeat {
  private readonly host = hostname();
  private told: ShardBeat['state'] = 'active';
  private rate = 0;
  private stopTimer: (() => void) | null = null;
  private lastCommands = 0;
  private lastBeatMs = 0;

  constructor(private readonly ports: HeartbeatPorts) {}

  start(): void {
    this.lastBeatMs = this.ports.clock.monotonicMs();
    this.beat();
    this.stopTimer = this.ports.clock.every(limits.heartbeatMs, () => this.beat());
  }

  get state(): ShardBeat['state'] {
    return this.told;
  }

  /** As of the last beat. */
  get commandsPerSecond(): number {
    return this.rate;
  }

  change(state: ShardBeat['state']): void {
    this.told = state;
    this.beat();
  }

  /** Says farewell: nobody has to find out by waiting. */
  stop(): void {
    this.stopTimer?.();
    this.stopTimer = null;
    this.change('stopped');
  }

  private beat(): void {
    const { bus, clock, shardId, incarnation, weight } = this.ports;
    const nowMs = clock.monotonicMs();
    const seconds = Math.max(0.001, (nowMs - this.lastBeatMs) / 1_000);
    const commands = this.ports.commandsSoFar();
    this.rate = Math.round((commands - this.lastCommands) / seconds);
    const beat: ShardBeat = {
      shardId,
      incarnation,
      state: this.told,
      weight,
      host: this.host,
      pid: process.pid,
      events: this.ports.eventsOwned(),
      commandsPerSecond: this.rate,
      sentAtMs: clock.nowMs(),
    };
    const frame = ifEncodable(
      () => encodeBeat(beat),
      (error) => this.unfit(error),
    );
    if (frame !== null) bus.publish(subjects.beats, frame);
    this.lastCommands = commands;
    this.lastBeatMs = nowMs;
  }

  /** A clock before 1970, say: the others miss beats, and the next one may be sound again. */
  private unfit(err: Unencodable): void {
    this.ports.metrics.unfit.beat.value += 1;
    this.ports.log.error({ err }, 'a beat fits no frame');
  }
}

export interface HeartbeatPorts {
  readonly log: Log;
  readonly metrics: Pick<ShardMetrics, 'unfit'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly shardId: string;
  readonly incarnation: string;
  readonly weight: number;
  eventsOwned(): number;
  commandsSoFar(): number;
}
