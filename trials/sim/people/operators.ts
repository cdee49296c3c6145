import { controlCall } from '#libs/bus/control-call.js';
import type { Bus } from '#libs/bus/bus.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import { askToMove } from '#libs/hosting/cluster-view.js';
import { MemoryJournal } from '#libs/journal/memory-journal.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { SimBus } from '../ground/sim-bus.js';
import { SimProcess } from '../ground/sim-process.js';
import type { Site } from '../site/site.js';
import { operatorActions, type OperatorAction } from '../faults/swarm.js';

/** People with holdfastctl: they move, drain, cordon, pin and fence while the sale runs. */
export class Operators {
  private readonly random: SeededRandom;
  private readonly bus: Bus;
  private readonly journal: MemoryJournal;
  /** That were asked for and happened. */
  moves = 0;

  constructor(private readonly site: Site) {
    this.random = site.random.fork('operators');
    this.bus = new SimBus(site.network, new SimProcess('operator', site.clock), 'operator');
    this.journal = new MemoryJournal({ clock: site.clock, store: site.store });
  }

  start(): void {
    for (const action of operatorActions) this.schedule(action);
  }

  /** Everything an operator left behind is undone. */
  async tidy(): Promise<void> {
    for (const event of this.site.events) {
      const row = this.site.store.ownership(event.eventId);
      if (row !== null) this.site.store.setOwnership({ ...row, pinnedTo: null });
    }
    const shards = this.site.liveShards.flatMap(({ running }) => running?.incarnation ?? []);
    await Promise.all(shards.map((shard) => this.order(shard, 'uncordon', {})));
  }

  private schedule(action: OperatorAction): void {
    const { site, random } = this;
    const perMinute = site.swarm.intensity[action];
    if (perMinute === 0) return;
    site.clock.after(random.waitMs(perMinute), () => {
      if (site.weather.calm) return;
      void this.act(action).then((what) => {
        if (what === null) return;
        site.weather.count(action);
        site.trace.note('operator', `${action}: ${what}`);
      });
      this.schedule(action);
    });
  }

  private async act(action: OperatorAction): Promise<string | null> {
    const { site, random } = this;
    const shards = site.liveShards.flatMap(({ running }) => running?.incarnation ?? []);
    if (shards.length === 0) return null;
    const shard = random.pick(shards);
    switch (action) {
      case 'move':
        return this.move(shard);
      case 'rebalance': {
        // Everything at once, to where a plan might want it.
        const moves = await Promise.all(site.events.map(() => this.move(random.pick(shards))));
        return moves.join('; ');
      }
      case 'drain': {
        const call = { concurrency: 2, withinMs: 5_000 };
        site.untilHealed(random.between(1_000, 6_000), () => {
          void this.order(shard, 'uncordon', {});
        });
        return `${shard}: ${await this.order(shard, 'drain', call)}`;
      }
      case 'cordon':
        site.untilHealed(random.between(500, 4_000), () => {
          void this.order(shard, 'uncordon', {});
        });
        return `${shard}: ${await this.order(shard, 'cordon', {})}`;
      case 'fence':
        return this.fence();
      case 'pin':
        return this.pin();
      case 'graceful_restart': {
        const victim = random.pick(site.liveShards);
        void victim.stop();
        return victim.process.name;
      }
    }
  }

  private async move(to: string): Promise<string> {
    const { eventId } = this.random.pick(this.site.events);
    const row = this.site.store.ownership(eventId);
    if (row?.owner == null) return `${eventId} has no owner`;
    const reply = await askToMove(this.bus, row.owner, { eventId, to });
    const outcome = reply.kind === 'ok' ? reply.body.kind : reply.kind;
    if (outcome === 'moved') this.moves += 1;
    return `${eventId} from ${row.owner} to ${to}: ${outcome}`;
  }

  private async order(shard: string, pattern: string, body: object): Promise<string> {
    const subject = subjects.control(shard, pattern);
    return (await controlCall(this.bus, subject, body, limits.controlCallMs)).kind;
  }

  /** As holdfastctl event fence: taken without being served, and given up. */
  private async fence(): Promise<string> {
    const { site, random } = this;
    const { eventId } = random.pick(site.events);
    const row = site.store.ownership(eventId);
    if (row === null) return 'nothing';
    const incarnation = `fence-${random.token(8)}`;
    const { journal } = this;
    const taken = await journal.takeOver({ eventId, incarnation, fromEpoch: row.epoch });
    if (taken.kind !== 'taken') return `${eventId}: ${taken.kind}`;
    await journal.release(eventId, taken.epoch, row.wakeAtMs);
    return `${eventId} to epoch ${taken.epoch} against ${row.owner ?? 'nobody'}`;
  }

  private async pin(): Promise<string> {
    const { site, random } = this;
    const { eventId } = random.pick(site.events);
    const shardId = random.chance(0.5) ? random.pick(site.shardIds) : null;
    await this.journal.pin(eventId, shardId);
    return `${eventId} to ${shardId ?? 'nothing'}`;
  }
}
