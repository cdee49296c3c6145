import { Audience } from '#apps/gateway/live/audience.js';
import type { Viewer } from '#apps/gateway/live/viewer.js';
import { Replicas } from '#apps/gateway/replica/replicas.js';
import type { CallResult, InventoryCall } from '#libs/routing/inventory-call.js';
import { wholeLoop } from '#libs/platform/loop-share.js';
import { createInventoryClient, type RoutingClient } from '#libs/routing/inventory-client.js';
import type { Ground } from '../ground/ground.js';
import type { SimEvent } from '../ground/hall.js';
import { SimBus } from '../ground/sim-bus.js';
import { SimProcess } from '../ground/sim-process.js';

/** A gateway without its sockets: router, replicas and audiences are the production code. */
export class SimGateway {
  readonly process: SimProcess;
  readonly bus: SimBus;
  readonly client: RoutingClient;
  private readonly replicas: Replicas;
  private readonly audiences = new Map<string, Audience>();
  /** Who follows which topic of the live maps. */
  private readonly followers = new Map<string, Set<(payload: string) => void>>();
  private readonly open = new Set<(result: CallResult) => void>();

  constructor(
    readonly name: string,
    generation: number,
    private readonly ground: Ground,
  ) {
    const { clock, network } = ground;
    this.process = new SimProcess(`${name}.${generation}`, clock);
    this.bus = new SimBus(network, this.process, 'gateway');
    const log = ground.logOf(this.process.name);
    this.client = createInventoryClient({
      bus: this.bus,
      clock: this.process.clock,
      random: ground.random.fork(this.process.name),
      log,
      clientId: `${name}-${generation}`,
      locationsMax: 100,
    });
    this.replicas = new Replicas({
      bus: this.bus,
      inventory: this.client,
      clock: this.process.clock,
      log,
      share: wholeLoop,
      onResync: (reason) => ground.trace.note(this.process.name, `fetches a map: ${reason}`),
    });
    this.process.onDeath(() => {
      for (const done of [...this.open]) done(lost);
    });
  }

  /** A buyer's request over HTTP. The line to a gateway that dies breaks. */
  call(call: InventoryCall): Promise<CallResult> {
    if (this.process.dead) return Promise.resolve(notSent);
    return new Promise((resolve) => {
      const done = (result: CallResult): void => {
        this.open.delete(done);
        resolve(result);
      };
      this.open.add(done);
      this.ground.clock.after(this.ground.random.between(0.1, 1), () => {
        this.process.arrive(() => this.client.send(call, done));
      });
    });
  }

  /** null: this gateway cannot show the event now. */
  audienceOf(event: SimEvent): Audience | null {
    const replica = this.process.dead ? null : this.replicas.of(event.entry);
    if (replica === null) return null;
    const known = this.audiences.get(event.eventId);
    if (known?.replica === replica) return known;
    const audience = new Audience(replica, {
      clock: this.process.clock,
      publish: (topic, payload) => {
        for (const hear of [...(this.followers.get(topic) ?? [])]) hear(payload as string);
      },
      count: () => undefined,
    });
    this.audiences.set(event.eventId, audience);
    return audience;
  }

  follow(audience: Audience, viewer: Viewer, hear: (payload: string) => void): void {
    const topic = audience.topic(viewer.format);
    const others = this.followers.get(topic);
    if (others === undefined) this.followers.set(topic, new Set([hear]));
    else others.add(hear);
  }

  unfollow(audience: Audience, viewer: Viewer, hear: (payload: string) => void): void {
    this.followers.get(audience.topic(viewer.format))?.delete(hear);
  }
}

/** The connection broke: what became of the request is not known. */
const lost: CallResult = { kind: 'unknown', retryAfterMs: 100 };
const notSent: CallResult = { kind: 'unavailable', retryAfterMs: 100, executed: 'no' };
