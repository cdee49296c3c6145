import { startShard, type RunningShard } from '#apps/inventory-shard/shard.js';
import { createInlineSnapshotter } from '#libs/actor/snapshots.js';
import { Metrics } from '#libs/platform/metrics.js';
import { SimBus } from '../ground/sim-bus.js';
import { FaultyJournal } from '../faults/faulty-journal.js';
import { FaultyLeases } from '../faults/faulty-leases.js';
import type { Ground } from '../ground/ground.js';
import { SimProcess } from '../ground/sim-process.js';

/** One start of one shard: the production code over the faulty ports of a simulated process. */
export class SimShard {
  readonly process: SimProcess;
  readonly bus: SimBus;
  readonly journal: FaultyJournal;
  readonly leases: FaultyLeases;
  running: RunningShard | null = null;
  /** It could not start, or was stopped in good order. */
  ended = false;
  stopping = false;
  lagUntilMs = 0;

  constructor(
    readonly shardId: string,
    generation: number,
    private readonly ground: Ground,
  ) {
    const { clock, network, weather, trace } = ground;
    const lag = (): number =>
      clock.monotonicMs() < this.lagUntilMs && !weather.calm ? weather.between(0, 150) : 0;
    this.process = new SimProcess(`${shardId}.${generation}`, clock, lag);
    this.bus = new SimBus(network, this.process, 'shard');
    const ports = { clock, process: this.process, store: ground.store, weather, trace };
    this.journal = new FaultyJournal(ports);
    this.leases = new FaultyLeases(ground.leases, this.journal, weather);
    this.bus.beforePublish = () => this.journal.mayDie('before a message');
  }

  get alive(): boolean {
    return !this.process.dead && !this.ended;
  }

  async start(): Promise<void> {
    const { ground } = this;
    const log = ground.logOf(this.process.name);
    const catalogue = ground.catalogue;
    const source = (eventId: Parameters<typeof catalogue.inventoryOf>[0]) =>
      catalogue.inventoryOf(eventId);
    const starting = startShard({
      shardId: this.shardId,
      weight: 1,
      bus: this.bus,
      journal: this.journal,
      leases: this.leases,
      catalogue,
      factFormat: ground.factFormat.asSeenByShard(),
      snapshotter: createInlineSnapshotter(this.journal, source, log),
      clock: this.process.clock,
      random: ground.random.fork(this.process.name),
      log,
      metrics: new Metrics({ processMetrics: false }),
      settings: ground.settings,
    });
    try {
      this.running = await starting;
      ground.trace.note(this.process.name, `serves as ${this.running.incarnation}`);
    } catch (error) {
      // As the process would: it ends, and whoever supervises it starts another.
      ground.trace.note(this.process.name, `does not start: ${(error as Error).message}`);
      this.ended = true;
      this.process.kill();
    }
  }

  /** SIGTERM. */
  async stop(): Promise<void> {
    if (this.running === null || this.stopping) return;
    this.stopping = true;
    this.ground.trace.note(this.process.name, 'is asked to stop');
    try {
      await this.running.stop();
    } catch (error) {
      this.ground.trace.note(this.process.name, `stops badly: ${(error as Error).message}`);
    }
    this.ended = true;
    this.process.kill();
  }
}
