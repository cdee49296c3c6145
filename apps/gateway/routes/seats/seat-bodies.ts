import type { EventEntry } from '../../events/event-book.js';
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
import { listBytesMin } from '../../replica/seat-list.js';
import type { Replicas } from '../../replica/replicas.js';
import type { SeatForm, SeatState } from '../../replica/seat-states.js';

export interface SeatBodyPorts {
  readonly bodies: BodyCache;
  readonly compression: Compression;
  /** Lists are made a few at a time, of all events. */
  readonly listWork: BoundedWork;
  readonly replicas: Pick<Replicas, 'isListed' | 'seatListOf' | 'weigh'>;
}

/** The body of a state in one of its forms. It outlives the replica that the state was taken of. */
export function seatBody(ports: SeatBodyPorts, state: SeatState, form: SeatForm): CodedBody {
  if (form === 'list') return ports.bodies.get(state.path, () => listSource(ports, state));
  return ports.bodies.get(`${state.path} ${form}`, () =>
    storedSource(compactBody(state), 'fast', ports.compression),
  );
}

/**
 * The list is compressed as it stands in its event's draft, and copied only for those who take it
 * as it is: to most versions nothing large is ever made.
 */
function listSource(ports: SeatBodyPorts, state: SeatState): BodySource {
  const { entry, letters } = state;
  const bytes = letters.length * listBytesMin;
  return {
    weight: letters.byteLength,
    compressible: isCompressible(bytes),
    bytesBefore: () => (ports.replicas.isListed(entry.detail.eventId) ? 0 : bytes),
    make: (coding) => ports.listWork.run(() => listIn(ports, entry, letters, coding)),
  };
}

async function listIn(
  { replicas, compression }: SeatBodyPorts,
  entry: EventEntry,
  letters: Uint8Array,
  coding: Coding,
): Promise<Uint8Array | null> {
  const seatList = replicas.seatListOf(entry);
  try {
    if (coding === 'identity') return await seatList.render(letters);
    return await seatList.at(letters, (body) => compression.compress(body, coding, 'fast'));
  } finally {
    replicas.weigh(entry.detail.eventId);
  }
}

/** The snapshot frame of the live map. */
function compactBody(state: SeatState): Buffer {
  const { detail, layout } = state.entry;
  return Buffer.from(
    JSON.stringify({
      type: 'snapshot',
      event_id: detail.eventId,
      version: state.version,
      sale_status: state.saleStatus,
      layout_hash: layout.hash,
      statuses: Buffer.from(state.letters.buffer).toString('latin1'),
      areas: state.areas,
    }),
  );
}
