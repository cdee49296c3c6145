import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/inventory.js';
import { Buyer } from './people/buyer.js';
import type { Mutation } from './mutations/mutations.js';
import { Nemesis } from './faults/nemesis.js';
import { Operators } from './people/operators.js';
import { Organiser } from './people/organiser.js';
import type { SeededRandom } from './ground/seeded-random.js';
import { SimWatcher } from './people/sim-watcher.js';
import { Site } from './site/site.js';
import type { Swarm } from './faults/swarm.js';

const watcherRetryMs = 200;

/**
 * The simulated world: a site and everybody who uses it, runs it and hurts it. All of it moves on
 * one clock. Each layer below (Site, Ground) knows nothing of those above.
 */
export class World extends Site {
  readonly watchers: readonly SimWatcher[];
  private readonly operators: Operators;

  constructor(swarm: Swarm, random: SeededRandom, mutation: Mutation | null, keepTrace: boolean) {
    super(swarm, random, mutation, keepTrace);
    this.watchers = this.events.flatMap((event) =>
      Array.from(
        { length: swarm.watchers },
        (_, i) => new SimWatcher(`watcher ${i + 1} of ${event.eventId}`, event, this),
      ),
    );
    this.operators = new Operators(this);
  }

  /** Moves that operators asked for and got. */
  get moves(): number {
    return this.operators.moves;
  }

  /** When the last hold that any client may have ends, by the true clock. */
  get lastDeadlineMs(): number {
    const longestMs = Math.max(...this.events.map(({ rules }) => rules.holdTtlMs));
    const ends = this.deeds.all.map(({ answer, invokedAtMs }) => {
      if (answer === null) return invokedAtMs + limits.commandDeadlineMs + longestMs;
      const { outcome } = answer.kind === 'accepted' ? answer : { outcome: null };
      const held = outcome?.type === 'hold' ? outcome.deadlineMs : 0;
      return held - this.clock.nowMs() + this.nowMs;
    });
    return ends.reduce((last, end) => Math.max(last, end), 0);
  }

  /** All processes up, all watchers joined. */
  async open(saleMs: number): Promise<void> {
    this.startProcesses();
    await this.clock.advance(1_500);
    this.weather.calm = false;
    this.keepWatching();
    new Nemesis(this, this.watchers).start();
    this.operators.start();
    this.factFormat.start(saleMs);
    this.payments?.start();
    new Organiser(this).start();
  }

  /** Buyers until the end of the sale; resolves when the last of them went home. */
  async sell(): Promise<void> {
    const buyers = Array.from(
      { length: this.swarm.buyers },
      (_, i) => new Buyer(`usr_${(i + 1).toString(36)}` as UserId, this),
    );
    await Promise.all(buyers.map((buyer) => buyer.live()));
  }

  /** All faults end: lines are whole, clocks are right, the dead are started again. */
  async heal(): Promise<void> {
    this.endFaults();
    this.mendProcesses();
    await this.operators.tidy();
  }

  private keepWatching(): void {
    for (const watcher of this.watchers) {
      if (!watcher.connected) watcher.connect(this.random.pick(this.gateways));
    }
    this.clock.after(watcherRetryMs, () => this.keepWatching());
  }
}
