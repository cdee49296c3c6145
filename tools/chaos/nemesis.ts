import { orderFaults } from '#apps/payments/testing/simulator-control.js';
import type { Fault, FaultContext, FaultTable } from './fault.js';
import type { FaultName } from './fault-names.js';
import { networkFaults } from './network-faults.js';
import { operatorFaults } from './operator-faults.js';
import { postgresFaults } from './postgres-faults.js';
import { processFaults } from './process-faults.js';

const table: FaultTable = {
  ...processFaults,
  ...networkFaults,
  ...postgresFaults,
  ...operatorFaults,
};

/** Of these one at a time: they start and stop the same server. */
const exclusive: readonly (readonly FaultName[])[] = [
  ['kill-nats', 'pause-nats'],
  ['postgres-fast', 'postgres-immediate', 'disk-full', 'kill-backend'],
];

const quietMs = { min: 1_500, max: 4_000 };
const alonePerTogether = 4;
const togetherMax = 5;

/** Breaks things, each kind alone and several together, with quiet spells between. */
export class Nemesis {
  /** How often each kind was done. */
  readonly counts = new Map<FaultName, number>();
  /** What this machine does not allow, and why. */
  readonly skipped = new Map<FaultName, string>();
  readonly #active = new Set<Fault>();

  constructor(
    private readonly context: FaultContext,
    private readonly names: readonly FaultName[],
    /** No fault lasts longer: others must have their turn. */
    private readonly lastsMsMax: number,
    private readonly stop: AbortSignal,
    private readonly say: (line: string) => void,
  ) {}

  async run(): Promise<void> {
    const { random } = this.context;
    let alone: FaultName[] = [];
    for (let round = 1; !this.stop.aborted; round++) {
      await this.#pause(random.between(quietMs.min, quietMs.max));
      const together = round % (alonePerTogether + 1) === 0;
      if (alone.length === 0) alone = random.shuffled(this.#possible);
      const chosen = together ? this.#several() : alone.splice(0, 1);
      if (chosen.length === 0) return;
      await Promise.all(chosen.map((name) => this.#strike(name)));
    }
  }

  /** Everything works again, whatever was going on. */
  async heal(): Promise<void> {
    const { system } = this.context;
    await Promise.allSettled([...this.#active].map((fault) => fault.end()));
    for (const keeper of system.keepers) {
      keeper.signal('SIGCONT');
      for (const line of keeper.lines === null ? [] : Object.values(keeper.lines)) {
        line.delay(0);
        line.flow();
      }
    }
    if ('got' in system.host) await system.host.got.line('up');
    if (system.nats.running) system.nats.resume();
    else await system.nats.restart();
    if (!system.postgres.running) await system.postgres.restart();
    await system.strangeClock?.set(0);
    await orderFaults(system.stripeUrl, []);
  }

  get #possible(): FaultName[] {
    return this.names.filter((name) => !this.skipped.has(name));
  }

  #several(): FaultName[] {
    const { random } = this.context;
    const count = Math.floor(random.between(2, togetherMax + 1));
    const chosen: FaultName[] = [];
    for (const name of random.shuffled(this.#possible)) {
      const group = exclusive.find((names) => names.includes(name));
      if (chosen.length < count && !chosen.some((other) => group?.includes(other))) {
        chosen.push(name);
      }
    }
    return chosen;
  }

  async #strike(name: FaultName): Promise<void> {
    const make = table[name];
    const fault = make === undefined ? 'unknown' : make(this.context);
    if (typeof fault === 'string') {
      this.skipped.set(name, fault);
      this.say(`${name} is skipped: ${fault}`);
      return;
    }
    const lastsMs = Math.min(fault.lastsMs, this.lastsMsMax);
    const lasts = lastsMs > 0 ? ` for ${(lastsMs / 1_000).toFixed(1)} s` : '';
    this.say(`${fault.what}${lasts}`);
    this.#active.add(fault);
    try {
      await fault.begin();
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      await this.#pause(lastsMs);
    } catch (error) {
      // Something else was broken too, and this could not be done.
      this.say(`${name}: ${(error as Error).message.split('\n')[0]}`);
    } finally {
      await fault.end().catch((error: Error) => this.say(`${name}, its end: ${error.message}`));
      this.#active.delete(fault);
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.stop.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.stop.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.stop.addEventListener('abort', end);
    });
  }
}
