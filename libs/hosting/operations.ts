import type { ControlHandlers } from '#libs/bus/control-server.js';
import { hostname } from 'node:os';
import type {
  DescribeCall,
  DrainCall,
  DrainView,
  MoveCall,
  ShardDescription,
  TakeCall,
  WarmCall,
} from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import type { Clock } from '#libs/platform/clock.js';
import { describeEvents } from './describe.js';
import type { Drain } from './drain.js';
import type { FactLevel } from './fact-level.js';
import type { Heartbeat } from './heartbeat.js';
import type { LeaseKeeper } from './lease-keeper.js';
import type { MoveSource } from './move-source.js';
import type { MoveTarget } from './move-target.js';
import type { ShardHost } from './shard-host.js';

/**
 * What operators and other shards can ask of one shard, by the names of the calls. Cordon, drain
 * and uncordon are about this process only: a restarted shard is active again.
 *
 * D1  A shard that was told to stop is draining and nothing an operator says changes that.
 */
export class Operations {
  private stopping = false;

  constructor(private readonly parts: OperationParts) {}

  handlers(): ControlHandlers {
    const { source, target, drain } = this.parts;
    return {
      move: (call: MoveCall) => source.move(call),
      cancel: ({ eventId }: WarmCall) => source.cancel(eventId),
      warm: (call: WarmCall) => target.prepare(call),
      take: (call: TakeCall) => target.take(call),
      describe: (call: DescribeCall) => this.describe(call),
      moves: () => source.log.list(),
      cordon: () => this.cordon(),
      uncordon: () => this.uncordon(),
      drain: (call: DrainCall) => this.startDrain(call),
      drained: () => drain.view(),
      stop_drain: () => drain.cancel(),
    };
  }

  /** For the end of the process: moves what it can in the time there is. */
  async leave(): Promise<void> {
    const { heartbeat, drain, source, clock } = this.parts;
    this.stopping = true;
    heartbeat.change('draining');
    drain.cancel();
    source.cancelAll();
    if (!drain.possible) return;
    const withinMs = limits.drainAtStopMs;
    const late = new Promise<void>((resolve) =>
      clock.after(withinMs + limits.moveFlushMs, resolve),
    );
    await Promise.race([drain.start({ concurrency: limits.movesAtOnceMax, withinMs }), late]);
  }

  private describe(call: DescribeCall): ShardDescription {
    const { shardId, incarnation, weight, host, heartbeat, lease, drain, factLevel } = this.parts;
    return {
      shardId,
      incarnation,
      pid: process.pid,
      host: hostname(),
      state: heartbeat.state,
      weight,
      eventsOwned: host.slots.size,
      commandsPerSecond: heartbeat.commandsPerSecond,
      leaseAgeMs: Math.min(lease.ageMs(), 1e9),
      drain: drain.view(),
      facts: { reads: factLevelNewest, writes: factLevel.written },
      ...describeEvents(host, this.parts.source, this.parts.clock, call),
    };
  }

  private cordon(): { state: string } {
    if (this.parts.heartbeat.state === 'active') this.parts.heartbeat.change('cordoned');
    return { state: this.parts.heartbeat.state };
  }

  private uncordon(): { state: string } {
    const { heartbeat, drain } = this.parts;
    if (!this.stopping) {
      drain.cancel();
      heartbeat.change('active');
    }
    return { state: heartbeat.state };
  }

  private startDrain(call: DrainCall): DrainView | null {
    const { heartbeat, drain } = this.parts;
    if (this.stopping || drain.running) return drain.view();
    heartbeat.change('draining');
    const withinMs = Math.min(Math.max(1, call.withinMs), limits.drainMsMax);
    void drain.start({ ...call, withinMs }).then(() => {
      if (!this.stopping && heartbeat.state === 'draining') heartbeat.change('cordoned');
    });
    return drain.view();
  }
}

export interface OperationParts {
  readonly shardId: string;
  readonly incarnation: string;
  readonly weight: number;
  readonly host: ShardHost;
  readonly source: MoveSource;
  readonly target: MoveTarget;
  readonly drain: Drain;
  readonly heartbeat: Heartbeat;
  readonly lease: LeaseKeeper;
  readonly factLevel: FactLevel;
  readonly clock: Clock;
}
