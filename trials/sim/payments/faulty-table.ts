import type { SeededRandom } from '../ground/seeded-random.js';
import type { SimProcess } from '../ground/sim-process.js';
import type { Ground } from '../ground/ground.js';

/**
 * A table of payments as one process reaches it. A statement that was sent is carried out even if
 * its sender dies; an answer can be lost, and reaches only a process that still runs.
 */
export class FaultyTable {
  constructor(
    private readonly process: SimProcess,
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

  protected ask<T>(statement: () => Promise<T>): Promise<T> {
    const { process, random } = this;
    const { clock, weather } = this.ground;
    return new Promise((resolve, reject) => {
      const back = (hear: () => void): void => {
        clock.after(random.between(0.1, 0.5), () => process.arrive(hear));
      };
      const carryOut = async (): Promise<void> => {
        if (weather.strikes('attempts_refused')) {
          back(() => reject(new Error('injected: the attempts are away')));
          return;
        }
        const result = await statement();
        if (weather.strikes('attempts_unanswered')) {
          back(() => reject(new Error('injected: the answer of the attempts is lost')));
        } else back(() => resolve(result));
      };
      clock.after(random.between(0.1, 0.5), () => void carryOut());
    });
  }
}
