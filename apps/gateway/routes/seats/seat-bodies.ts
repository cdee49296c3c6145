import type { Clock } from '#libs/platform/clock.js';

import type { BodyCache } from '../../http/body-cache.js';
import type { BoundedWork } from '../../http/bounded-work.js';
import {
  isCompressible,
  storedSource,
  type BodySource,
  type CodedBody,
} from '../../http/coded-body.js';
import type { Compression } from '../../http/compression.js';
import type { Coding } from '../../http/content-coding.js';
import type { EventReplica } from '../../replica/event-replica.js';
import { listBytesMin } from '../../replica/seat-list.js';
import type { Replicas } from '../../replica/replicas.js';
import type { SeatForm, SeatState } from '../../replica/seat-states.js';

export interface SeatBodyPorts {
  readonly bodies: BodyCache;
  readonly compression: Compression;
  /** Lists are made a few at a time, of all events. */
  readonly listWork: BoundedWork;
  readonly replicas: Pick<Replicas, 'weigh'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** The body of a state in one of its forms. */
export function seatBody(
  ports: SeatBodyPorts,
  replica: EventReplica,
  state: SeatState,
  form: SeatForm,
): CodedBody {
  if (form === 'list') return ports.bodies.get(state.path, () => listSource(ports, replica, state));
  return ports.bodies.get(`${state.path} ${form}`, () =>
    storedSource(compactBody(replica, state), 'fast', ports.compression),
  );
}

/**
 * The list is compressed as it stands in its event's draft, and copied only for those who take it
 * as it is: to most versions nothing large is ever made.
 */
function listSource(ports: SeatBodyPorts, replica: EventReplica, state: SeatState): BodySource {
  const { letters } = state;
  return {
    weight: letters.byteLength,
    compressible: isCompressible(letters.length * listBytesMin),
    make: (coding) => ports.listWork.run(() => listIn(ports, replica, letters, coding)),
  };
}

async function listIn(
  { replicas, clock, compression }: SeatBodyPorts,
  replica: EventReplica,
  letters: Uint8Array,
  coding: Coding,
): Promise<Uint8Array | null> {
  const { seatList, entry } = replica;
  replica.listedAtMs = clock.monotonicMs();
  const list =
    coding === 'identity'
      ? await seatList.render(letters)
      : await seatList.at(letters, (body) => compression.compress(body, coding, 'fast'));
  replicas.weigh(entry.detail.eventId);
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
