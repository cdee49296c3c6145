import { MemoryBroker } from '#libs/bus/memory-broker.js';
import type { EventId, HoldId, UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { CallResult, InventoryCall } from '../inventory-call.js';
import { createInventoryClient, type RoutingClient } from '../inventory-client.js';
import { chooseShard } from '../placement.js';
import { FakeShard } from './fake-shard.js';

const eventId = 'evt_one' as EventId;

/** A client and the shards it talks to, on a virtual clock. */
export class ClientScene {
  readonly clock = new VirtualClock();
  readonly client: RoutingClient;
  /** In the order in which the answers came. */
  readonly results: CallResult[] = [];
  private readonly broker: MemoryBroker;

  constructor() {
    const { clock } = this;
    this.broker = new MemoryBroker({ clock, random: systemRandom, log: silentLog() });
    const ports = { bus: this.broker.connect('gateway'), clock, random: systemRandom };
    this.client = createInventoryClient({ ...ports, log: silentLog(), clientId: 'gw1' });
  }

  startShard(id: string): FakeShard {
    return new FakeShard(this.broker.connect(id), this.clock, id);
  }

  /** The two shards in the order in which placement prefers them for the event of calls. */
  async twoShards(): Promise<[FakeShard, FakeShard]> {
    const [a, b] = [this.startShard('a'), this.startShard('b')];
    await this.clock.advance(10);
    return this.shardIdOf(eventId) === a.shardId ? [a, b] : [b, a];
  }

  /** Another event, which placement gives to that shard. */
  eventAt({ shardId }: FakeShard): EventId {
    const events = Array.from({ length: 100 }, (_, i) => `evt_other${i}` as EventId);
    return events.find((event) => this.shardIdOf(event) === shardId) ?? events[0];
  }

  send(over: Partial<InventoryCall> = {}, results = this.results): void {
    const call: InventoryCall = {
      eventId,
      commandId: this.client.nextCommandId(),
      keyed: false,
      userId: 'usr_1' as UserId,
      request: { type: 'GetHold', holdId: 'rsv_one_aaaaaaaaaaaaaaaa' as HoldId },
      ...over,
    };
    this.client.send(call, (result) => results.push(result));
  }

  private shardIdOf(event: EventId): string | undefined {
    return chooseShard(event, this.client.membership.placeable)?.shardId;
  }
}
