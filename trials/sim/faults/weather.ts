import type { SeededRandom } from '../ground/seeded-random.js';
import type { FaultKind, Swarm } from './swarm.js';

/** Decides whether the next message or call goes wrong, and counts what did. */
export class Weather {
  /** The healed phase: nothing goes wrong any more. */
  calm = false;
  readonly injected = new Map<FaultKind, number>();

  constructor(
    readonly swarm: Swarm,
    private readonly random: SeededRandom,
  ) {}

  strikes(kind: FaultKind): boolean {
    const probability = this.swarm.intensity[kind];
    if (this.calm || probability === 0 || !this.random.chance(probability)) return false;
    this.count(kind);
    return true;
  }

  between(leastMs: number, mostMs: number): number {
    return this.random.between(leastMs, mostMs);
  }

  count(kind: FaultKind): void {
    this.injected.set(kind, (this.injected.get(kind) ?? 0) + 1);
  }
}
