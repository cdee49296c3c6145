import { setTimeout as pause } from 'node:timers/promises';
import { faultKinds, type FaultKind } from '#apps/payments/simulator/faults.js';
import {
  orderFaults,
  orderWeather,
  type OrderedFault,
} from '#apps/payments/testing/simulator-control.js';
import type { Keeper } from '../chaos/keeper.js';
import type { Seeded } from '../chaos/seeded.js';
import type { ChaosSystem } from '../chaos/system.js';
import type { WebhookWord } from './options.js';

/** Of a hundred requests, for each kind of fault. */
const faultsPercent = 5;
const killEveryMs = 5_000;
const orderAgainMs = 100;
const orderTriesMax = 300;

/**
 * How long each takes that takes time: beyond the 3 s that payments wait for an answer, and, where
 * a bank decides, about as long as a hold waits for its payment.
 */
const latencyMs: Readonly<Partial<Record<FaultKind, number>>> = {
  latency: 1_500,
  late_answer: 4_000,
  processing: 29_000,
};

export const everyFault: readonly OrderedFault[] = faultKinds.map((kind) => ({
  kind,
  operation: '*',
  times: null,
  probability: faultsPercent / 100,
  latency_ms: latencyMs[kind] ?? 0,
}));

const weatherOf = (webhooks: WebhookWord) =>
  webhooks === 'thrice' ? { copies: 3, delay_ms_max: 8_000 } : { copies: 2, delay_ms_max: 4_000 };

/**
 * What goes wrong while customers buy: the provider's faults, its webhooks, and every five seconds
 * the sudden death of a process, the provider's own among them.
 */
export class Trouble {
  readonly kills = new Map<string, number>();

  constructor(
    private readonly system: ChaosSystem,
    private readonly random: Seeded,
    private readonly webhooks: WebhookWord,
    private readonly say: (line: string) => void,
  ) {}

  /** Until `stop`; everything works again when it resolves. */
  async run(stop: AbortSignal): Promise<void> {
    await this.#order(everyFault);
    for (;;) {
      await pause(killEveryMs, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) break;
      await this.#kill(this.random.pick(this.system.keepers));
    }
    await this.#order([]);
  }

  get killed(): number {
    return [...this.kills.values()].reduce((sum, times) => sum + times, 0);
  }

  async #kill(victim: Keeper): Promise<void> {
    this.say(`kill -9 ${victim.name}`);
    this.kills.set(victim.name, (this.kills.get(victim.name) ?? 0) + 1);
    victim.signal('SIGKILL');
    // Faults are nothing that a provider remembers.
    if (victim.role === 'stripe') await this.#order(everyFault);
  }

  /** As soon as the provider can be reached. */
  async #order(faults: readonly OrderedFault[]): Promise<void> {
    const { stripeUrl } = this.system;
    for (let tries = 1; ; tries += 1) {
      try {
        await orderFaults(stripeUrl, faults);
        await orderWeather(stripeUrl, weatherOf(this.webhooks));
        return;
      } catch (error) {
        if (tries === orderTriesMax) throw error;
        await pause(orderAgainMs);
      }
    }
  }
}
