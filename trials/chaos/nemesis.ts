import { setTimeout as sleep } from 'node:timers/promises';
import { orderFaults } from '#apps/payments/testing/simulator-control.js';
import { now } from '../demo/api.js';
import { Deck } from './deck.js';
import type { Fault, FaultContext, FaultTable } from './fault.js';
import type { FaultName } from './fault-names.js';
import { networkFaults } from './network-faults.js';
import { operatorFaults } from './operator-faults.js';
import { postgresFaults } from './postgres-faults.js';
import { processFaults } from './process-faults.js';
import { standbyFaults } from './standby-faults.js';
import { StrikeLog } from './strike-log.js';

const table: FaultTable = {
  ...processFaults,
  ...networkFaults,
  ...postgresFaults,
  ...standbyFaults,
  ...operatorFaults,
};

const quietMsMax = 4_000;
/** After this every event must sell again, whatever was broken before. */
export const sellsAgainWithinMs = 30_000;
const pollMs = 20;

export interface NemesisPlan {
  readonly names: readonly FaultName[];
  readonly minutes: number;
  readonly stop: AbortSignal;
}

/** Events on sale that had no acknowledged hold since then. */
export type NotSelling = (sinceMs: number, atOnce: boolean) => readonly string[];

/** Breaks things, each kind alone and several together, with quiet spells between. */
export class Nemesis {
  readonly log: StrikeLog;
  /** What did not sell again in time. */
  readonly late: string[] = [];
  readonly #deck: Deck;
  readonly #active = new Set<Fault>();
  readonly #duties: Promise<void>[] = [];

  constructor(
    private readonly context: FaultContext,
    private readonly plan: NemesisPlan,
    private readonly notSelling: NotSelling,
    private readonly say: (line: string) => void,
  ) {
    this.log = new StrikeLog(plan.names);
    this.#deck = new Deck(plan.names, context.random);
  }

  get decks(): number {
    return this.#deck.decks;
  }

  async run(): Promise<void> {
    const { random } = this.context;
    const { stop } = this.plan;
    const longestQuietMs = Math.min(quietMsMax, this.#roundMs / 4);
    while (!stop.aborted) {
      await this.#pause(random.between(longestQuietMs / 3, longestQuietMs));
      if (stop.aborted) return;
      const chosen = this.#deck.deal();
      if (chosen.length === 0) return;
      const struck = await Promise.all(chosen.map((name) => this.#strike(name)));
      const last = struck.reduce((one, other) => (one.endedAtMs > other.endedAtMs ? one : other));
      if (last.done) await this.#waitUntilAllSell(chosen, last.endedAtMs, last.atOnce);
    }
  }

  /** Everything works again, whatever was going on. */
  async heal(): Promise<void> {
    const { system } = this.context;
    await Promise.allSettled([...this.#active].map((fault) => fault.end()));
    await Promise.allSettled(this.#duties);
    for (const keeper of system.keepers) {
      keeper.signal('SIGCONT');
      for (const line of keeper.lines === null ? [] : Object.values(keeper.lines)) {
        line.delay(0);
        line.flow();
      }
    }
    if ('got' in system.host) await system.host.got.heal();
    if (system.nats.running) system.nats.resume();
    else await system.nats.restart();
    if (!system.postgres.running) await system.postgres.restart();
    await system.strangeClock?.set(0);
    await orderFaults(system.stripeUrl, []);
  }

  /** What one round may take if each kind is to have its turn. */
  get #roundMs(): number {
    return (this.plan.minutes * 60_000) / this.plan.names.length;
  }

  /** No fault lasts longer: others must have their turn. A minute in a run of half an hour. */
  get #lastsMsMax(): number {
    return (this.plan.minutes * 60_000) / (this.plan.names.length + 5);
  }

  async #strike(name: FaultName): Promise<Struck> {
    const nothing = { done: false, atOnce: true, endedAtMs: 0 };
    const fault = await this.#make(name);
    if (fault === null) return nothing;
    const lastsMs = Math.min(fault.lastsMs, this.#lastsMsMax);
    const lasts = lastsMs > 0 ? ` for ${(lastsMs / 1_000).toFixed(1)} s` : '';
    this.say(`${name}: ${fault.what}${lasts}`);
    this.#active.add(fault);
    const atOnce = fault.lastsMs === 0;
    let endedAtMs = 0;
    try {
      await fault.begin();
      endedAtMs = now();
      this.log.done(name);
      await this.#pause(lastsMs);
    } catch (error) {
      this.#couldNot(name, error as Error);
      return nothing;
    } finally {
      await fault.end().catch((error: Error) => this.say(`${name}, its end: ${error.message}`));
      this.#active.delete(fault);
    }
    if (fault.afterwards !== undefined) this.#duties.push(fault.afterwards());
    return { done: true, atOnce, endedAtMs: atOnce ? endedAtMs : now() };
  }

  /** Null: not possible, now or ever. */
  async #make(name: FaultName): Promise<Fault | null> {
    try {
      const fault = await table[name](this.context);
      if (typeof fault !== 'string') return fault;
      this.log.unavailable.set(name, fault);
      this.#deck.takeOut(name);
      this.say(`${name} is not possible here: ${fault}`);
    } catch (error) {
      this.#couldNot(name, error as Error);
    }
    return null;
  }

  /** Something else was broken too. */
  #couldNot(name: FaultName, error: Error): void {
    this.log.notDone(name);
    this.#deck.putBack(name);
    this.say(`${name} could not be done: ${error.message.split('\n')[0]}`);
  }

  /** Only what was done alone says something about its kind. */
  async #waitUntilAllSell(
    names: readonly FaultName[],
    sinceMs: number,
    atOnce: boolean,
  ): Promise<void> {
    const giveUpAtMs = now() + sellsAgainWithinMs;
    let waiting = this.notSelling(sinceMs, atOnce);
    while (waiting.length > 0 && now() < giveUpAtMs && !this.plan.stop.aborted) {
      await sleep(pollMs);
      waiting = this.notSelling(sinceMs, atOnce);
    }
    if (waiting.length === 0) {
      if (names.length === 1) this.log.recovered(names[0], now() - sinceMs);
    } else if (!this.plan.stop.aborted) {
      const seconds = sellsAgainWithinMs / 1_000;
      const text = `${waiting.join(', ')}: no hold for ${seconds} s after ${names.join(', ')}`;
      this.late.push(text);
      this.say(text);
    }
  }

  #pause(ms: number): Promise<void> {
    const { stop } = this.plan;
    if (stop.aborted || ms <= 0) return Promise.resolve();
    return sleep(ms, undefined, { signal: stop }).catch(() => undefined);
  }
}

interface Struck {
  readonly done: boolean;
  readonly atOnce: boolean;
  /** When the system could begin to recover. */
  readonly endedAtMs: number;
}
