import type { Pool } from 'pg';

import type {
  CancelEventCall,
  CancellationReply,
  ShowCancellationCall,
} from '#libs/contracts/event-cancellation.js';
import { isDatabaseAway } from '#libs/database/answer-deadline.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { Log } from '#libs/platform/log.js';
import { derivedTrace, isTraceId } from '#libs/platform/trace.js';

import { cancellationFigures } from './cancellation-figures.js';
import type { CancellationTable } from './cancellation-table.js';

export interface CancellationDeskPorts {
  readonly pool: Pool;
  readonly table: Pick<CancellationTable, 'request'>;
  /** Work is due. */
  readonly wake: () => void;
  readonly log: Log;
}

/**
 * Where events are cancelled, and where is said how far that is. Who asks has been let in by the
 * gateway. The event is the key: asked twice, it is cancelled once (G4).
 */
export class CancellationDesk {
  constructor(private readonly ports: CancellationDeskPorts) {}

  cancel({ trace, ...call }: CancelEventCall): Promise<CancellationReply> {
    const { table, wake, log } = this.ports;
    const { eventId, asker, role, reason, feePerPlaceMinor, keepsBookingFee = false } = call;
    return this.unlessAway(async () => {
      const kept = isTraceId(trace) ? trace : derivedTrace(`cancel/${eventId}`);
      const asked = await table.request({
        ...{ eventId, asker, role, reason, feePerPlaceMinor, keepsBookingFee },
        trace: kept,
      });
      if (asked.kind === 'refused') return asked;
      const about = { trace: kept, event: eventId, role };
      if (asked.isNew) log.warn(about, 'an event is to be cancelled');
      wake();
      return this.figures(eventId);
    });
  }

  show({ eventId }: ShowCancellationCall): Promise<CancellationReply> {
    return this.unlessAway(() => this.figures(eventId));
  }

  private async figures(eventId: EventId): Promise<CancellationReply> {
    const cancellation = await cancellationFigures(this.ports.pool, eventId);
    return cancellation === null
      ? { kind: 'refused', reason: 'event_not_found' }
      : { kind: 'cancellation', cancellation };
  }

  private async unlessAway(answer: () => Promise<CancellationReply>): Promise<CancellationReply> {
    try {
      return await answer();
    } catch (error) {
      if (isDatabaseAway(error)) return { kind: 'unavailable', retryAfterMs: 1_000 };
      throw error;
    }
  }
}
