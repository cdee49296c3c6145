import type { UserId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';
import type { SimEvent } from '../ground/hall.js';
import { brief, callOf, type Deed } from '../ground/deeds.js';
import { Ground } from '../ground/ground.js';
import type { Mutation } from '../mutations/mutations.js';
import { SimMoney } from '../payments/sim-money.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { SimGateway } from './sim-gateway.js';
import { SimShard } from './sim-shard.js';
import type { Swarm } from '../faults/swarm.js';

/** How long a supervisor takes to start a dead process again, at most. */
const restartMsMax = 3_000;
/** What a caller in a hurry gives a command. */
const hastyMsMax = 200;

/**
 * The system under trial on its ground: its processes, those who start them again, and the ways
 * in that buyers, organisers and operators have. It knows nobody who uses it.
 */
export class Site extends Ground {
  readonly shardIds: readonly string[];
  readonly shards: SimShard[] = [];
  readonly gateways: SimGateway[] = [];
  /** null: buyers pay by commands, without money. */
  readonly payments: SimMoney | null;
  /** Buyers begin new things. */
  selling = true;
  private generation = 0;

  constructor(
    swarm: Swarm,
    random: SeededRandom,
    private readonly mutation: Mutation | null,
    keepTrace: boolean,
  ) {
    super(swarm, random, { keepTrace, store: mutation?.store });
    this.shardIds = Array.from({ length: swarm.shards }, (_, i) => `s${i + 1}`);
    this.payments = swarm.saga ? new SimMoney(this, mutation?.provider, mutation?.refunds) : null;
  }

  get liveShards(): SimShard[] {
    return this.shards.filter((shard) => shard.alive && !shard.process.paused);
  }

  gateway(random: SeededRandom): SimGateway {
    return random.pick(this.gateways);
  }

  /** One try of one command at some gateway. */
  async send(deed: Deed, random: SeededRandom): Promise<CallResult> {
    const gateway = this.gateway(random);
    deed.tries += 1;
    const { userId, commandId, command } = deed;
    if (this.trace.shown) {
      const body = JSON.stringify({ ...command, type: undefined });
      this.trace.remark(userId, `${command.type} ${body} as ${commandId} at ${gateway.name}`);
    }
    const hasty = this.weather.strikes('short_deadline');
    const within = hasty ? { withinMs: Math.ceil(random.between(1, hastyMsMax)) } : {};
    const sentAtMs = this.nowMs;
    const result = await gateway.call({ ...callOf(deed), ...within });
    this.deeds.heard(deed, result, sentAtMs, this.nowMs);
    const heard = result.kind === 'answered' ? brief(result.answer) : result.kind;
    this.trace.note(userId, `${command.type} ${commandId} at ${gateway.name}: ${heard}`);
    return result;
  }

  /** Reads the owner's map; true when there was an answer. */
  async look({ eventId }: SimEvent, random: SeededRandom): Promise<boolean> {
    const gateway = this.gateway(random);
    const invokedAtMs = this.nowMs;
    const result = await gateway.call({
      eventId,
      commandId: gateway.client.nextCommandId(),
      keyed: false,
      userId: 'usr_look' as UserId,
      request: { type: 'GetSeatMap' },
    });
    if (result.kind !== 'found' || result.view.type !== 'seat_map') return false;
    const { statuses } = result.view;
    this.deeds.looks.push({ eventId, invokedAtMs, answeredAtMs: this.nowMs, statuses });
    return true;
  }

  /** The first start of gateways and shards; payments start later, with the faults. */
  protected startProcesses(): void {
    for (let i = 0; i < this.swarm.gateways; i += 1) this.startGateway(i);
    this.weather.calm = true;
    for (const shardId of this.shardIds) this.startShard(shardId);
  }

  /** Clocks are right, and whoever stood still runs. */
  protected mendProcesses(): void {
    for (const shard of this.shards) {
      shard.process.setWall(0, 0);
      shard.process.resume();
    }
    for (const gateway of this.gateways) gateway.process.resume();
    this.payments?.heal();
  }

  private startShard(shardId: string): void {
    this.generation += 1;
    const shard = new SimShard(shardId, this.generation, this);
    this.mutation?.shard?.(shard);
    this.shards.push(shard);
    const { process } = shard;
    process.onDeath(() => {
      this.trace.note(process.name, 'is dead');
      const waitMs = this.weather.calm ? 100 : this.random.between(50, restartMsMax);
      this.clock.after(waitMs, () => this.startShard(shardId));
    });
    if (!this.weather.calm) process.setWall(this.random.between(-50, 50), 0);
    void shard.start();
  }

  private startGateway(index: number): void {
    this.generation += 1;
    const gateway = new SimGateway(`g${index + 1}`, this.generation, this);
    this.mutation?.gateway?.(gateway);
    this.gateways[index] = gateway;
    gateway.process.onDeath(() => {
      const waitMs = this.weather.calm ? 100 : this.random.between(50, restartMsMax);
      this.clock.after(waitMs, () => this.startGateway(index));
    });
  }
}
