import { MemoryRooms } from '#libs/room/memory-rooms.js';
import type { RoomStore } from '#libs/room/room-store.js';
import { faultMsMax, wallErrorMsMax, type FaultKind, type Swarm } from '../faults/swarm.js';
import { Ground } from '../ground/ground.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import { RoomGateway } from './room-gateway.js';
import { RoomHall } from './room-hall.js';
import { RoomKeeper } from './room-keeper.js';
import { roomKeysOf, roomPlanOf, type RoomPlan } from './room-plan.js';
import { RoomWitness } from './room-witness.js';

const restartMsMax = 3_000;

/**
 * One event's waiting room, on the ground of the simulated sale and with its faults: gateways,
 * keepers and the database between them. It knows nobody who waits. Behind the room is a count of
 * places, not an actor: what an owner does with a hold is the sale's to show.
 */
export class RoomSite extends Ground {
  readonly plan: RoomPlan;
  readonly hall: RoomHall;
  readonly witness: RoomWitness;
  readonly gateways: RoomGateway[] = [];
  readonly keepers: RoomKeeper[] = [];
  /** Somebody's, for thieves. */
  shownAdmission = '';
  private readonly nemesis: SeededRandom;
  private generation = 0;

  constructor(
    swarm: Swarm,
    random: SeededRandom,
    keepTrace: boolean,
    mutated: (tables: RoomStore) => RoomStore = (tables) => tables,
  ) {
    super(swarm, random, { keepTrace });
    this.nemesis = random.fork('nemesis');
    this.plan = roomPlanOf(random.fork('plan'), this.clock.nowMs());
    this.hall = new RoomHall(this.plan.places);
    const say = (what: string): void => this.violation(`room: ${what}`);
    const nowMs = (): number => this.clock.nowMs();
    this.witness = new RoomWitness(mutated(new MemoryRooms()), this.plan, nowMs, say);
  }

  /** All faults are drawn by the time that this resolves; resolves when the room is there. */
  async begin(): Promise<void> {
    const { plan } = this;
    this.weather.calm = true;
    await this.witness.store.open(this.events[0].eventId, plan, roomKeysOf(this.random));
    for (let i = 0; i < plan.gateways; i += 1) this.startGateway(i);
    for (let i = 0; i < plan.keepers; i += 1) this.startKeeper(i);
    if (plan.owned) this.keepers[0].own(this.hall);
    this.weather.calm = false;
    for (const [kind, strike] of Object.entries(this.strikes)) {
      this.schedule(kind as FaultKind, strike);
    }
  }

  gateway(random: SeededRandom): RoomGateway {
    return random.pick(this.gateways);
  }

  heal(): void {
    this.endFaults();
    for (const { process } of [...this.gateways, ...this.keepers]) {
      process.setWall(0, 0);
      process.resume();
    }
  }

  private startGateway(index: number): void {
    this.generation += 1;
    const name = `g${index + 1}.${this.generation}`;
    const gateway = new RoomGateway(name, this, this.witness.store);
    this.gateways[index] = gateway;
    gateway.process.onDeath(() => this.again(name, () => this.startGateway(index)));
  }

  private startKeeper(index: number): void {
    this.generation += 1;
    const others = (): readonly RoomKeeper[] => this.keepers;
    const store = this.witness.store;
    const keeper = new RoomKeeper(`s${index + 1}`, this.generation, this, store, others);
    this.keepers[index] = keeper;
    keeper.process.onDeath(() => {
      this.again(keeper.process.name, () => this.startKeeper(index));
      this.hasOwner();
    });
  }

  private again(name: string, start: () => void): void {
    this.trace.note(name, 'is dead');
    const waitMs = this.weather.calm ? 100 : this.nemesis.between(50, restartMsMax);
    this.clock.after(waitMs, start);
  }

  /** Somebody else owns the event, after a while; who did may not know it yet. */
  private hasOwner(): void {
    if (!this.plan.owned) return;
    for (const keeper of this.keepers) {
      keeper.lose();
      this.untilHealed(this.nemesis.between(10, faultMsMax), () => keeper.know());
    }
    this.clock.after(faultMsMax + 10, () => {
      const alive = this.keepers.filter(({ process }) => !process.dead);
      for (const keeper of this.keepers) keeper.know();
      if (alive.length === 0) this.hasOwner();
      else this.nemesis.pick(alive).own(this.hall);
    });
  }

  private schedule(kind: FaultKind, strike: () => void): void {
    const perMinute = this.swarm.intensity[kind];
    if (perMinute === 0) return;
    this.clock.after(this.nemesis.waitMs(perMinute), () => {
      if (this.weather.calm) return;
      this.weather.count(kind);
      this.trace.note('nemesis', kind);
      strike();
      this.schedule(kind, strike);
    });
  }

  private readonly strikes: Partial<Record<FaultKind, () => void>> = {
    crash: () => this.nemesis.pick(this.keepers).process.kill(),
    gateway_crash: () => this.nemesis.pick(this.gateways).process.kill(),
    pause: () => {
      const { process } = this.someone();
      process.pause();
      this.later(() => process.resume());
    },
    clock_jump: () => {
      const { process } = this.someone();
      process.setWall(this.nemesis.between(-1, 1) * wallErrorMsMax, 0);
    },
    journal_away: () => {
      const all = this.nemesis.chance(0.5);
      const ways = all ? [...this.gateways, ...this.keepers] : [this.someone()];
      for (const { way } of ways) way.away = true;
      this.later(() => ways.forEach(({ way }) => (way.away = false)));
    },
    partition: () => {
      const keeper = this.nemesis.pick(this.keepers);
      for (const { shardId } of this.keepers) keeper.unseen.add(shardId);
      this.later(() => keeper.unseen.clear());
    },
    fence: () => this.hasOwner(),
  };

  private someone(): RoomGateway | RoomKeeper {
    const all = this.nemesis.chance(0.5) ? this.gateways : this.keepers;
    return this.nemesis.pick<RoomGateway | RoomKeeper>(all);
  }

  private later(end: () => void): void {
    this.untilHealed(this.nemesis.between(10, faultMsMax), end);
  }
}
