import { levelWithLate } from '#libs/inventory/codec/fact-kinds.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { SeededRandom } from '../ground/seeded-random.js';
import type { Ground } from '../ground/ground.js';
import type { MemoryCancellations } from './memory-cancellations.js';

/**
 * Organisers whose show does not take place: they cancel it in the midst of its sale, some of them
 * twice. Below the level of facts that can say it they are refused before anything is kept.
 */
export class EventCancellers {
  constructor(
    private readonly table: MemoryCancellations,
    private readonly random: SeededRandom,
    private readonly ground: Ground,
  ) {}

  start(): void {
    const { ground, random } = this;
    const perMinute = ground.swarm.intensity.cancel_event;
    if (perMinute === 0) return;
    ground.clock.after(random.waitMs(perMinute), () => {
      if (ground.weather.calm) return;
      void this.cancel();
      this.start();
    });
  }

  private async cancel(): Promise<void> {
    const { table, random, ground } = this;
    const { eventId } = random.pick(ground.events);
    if ((await ground.factFormat.level()) < levelWithLate) return;
    ground.weather.count('cancel_event');
    ground.trace.note('organiser', `cancels ${eventId}`);
    table.request({
      ...{ eventId, state: 'REQUESTED', asker: 'olga', role: 'organiser', reason: 'ill' },
      feePerPlaceMinor: random.below(2) * 50,
      keepsBookingFee: false,
      ...{ tries: 0, leaseNo: 0, trace: derivedTrace(`cancel ${eventId}`) },
    });
  }
}
