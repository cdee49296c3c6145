import type { Clock } from '#libs/platform/clock.js';

import type { BodyCache } from '../../http/body-cache.js';
import type { BoundedWork } from '../../http/bounded-work.js';
import type { CodedBody } from '../../http/coded-body.js';
import type { EventReplica } from '../../replica/event-replica.js';
import type { Replicas } from '../../replica/replicas.js';
import type { SeatForm, SeatState } from '../../replica/seat-states.js';

export interface SeatBodyPorts {
  readonly bodies: BodyCache;
  /** Lists are as large while they are made as afterwards: few at a time, of all events. */
  readonly listWork: BoundedWork;
  readonly replicas: Pick<Replicas, 'weigh'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The body of a state in one of its forms; null: too many lists are being made. */
export function seatBody(
  ports: SeatBodyPorts,
  replica: EventReplica,
  state: SeatState,
  form: SeatForm,
): CodedBody | Promise<CodedBody | null> {
  const key = form === 'list' ? state.path : `${state.path} ${form}`;
  return ports.bodies.get(key, 'fast', () =>
    form === 'list'
      ? ports.listWork.run(() => listOf(ports, replica, state))
      : Promise.resolve(compactBody(replica, state)),
  );
}

async function listOf(
  { replicas, clock }: SeatBodyPorts,
  replica: EventReplica,
  state: SeatState,
): Promise<Buffer> {
  replica.listedAtMs = clock.monotonicMs();
  const list = await replica.seatList.render(state.letters);
  replicas.weigh(replica.entry.detail.eventId);
  return list;
}

/** The snapshot frame of the live map. */
function compactBody({ entry }: EventReplica, state: SeatState): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: 'snapshot',
      event_id: entry.detail.eventId,
      version: state.version,
      sale_status: state.saleStatus,
      layout_hash: entry.layout.hash,
      statuses: Buffer.from(state.letters.buffer).toString('latin1'),
      areas: state.areas,
    }),
  );
}
