import Type from 'typebox';

import type { ResponseDoc } from '../../http/route.js';
import type { Rows } from '../area.js';
import { admission } from '../shared/admission.js';
import { eventPath } from '../shared/paths.js';
import { SeatDoc, SeatsVersion, SnapshotDoc } from './schemas.js';

/** Chosen by Accept: the snapshot frame of the live map, one letter a seat index. */
export const compactType = 'application/vnd.holdfast.seats';

const seats: ResponseDoc = {
  description: 'The seats; compact on request.',
  schema: Type.Array(SeatDoc),
  alternatives: { [compactType]: SnapshotDoc },
  headers: {
    ETag: 'Of this state, form and coding.',
    Link: 'The address of this very state, as rel="duplicate".',
  },
};

/** Where a waiting room stands before the map. */
const barred = [
  'map_needs_admission',
  'admission_expired',
  'admission_invalid',
  'token_expired',
  'unauthorized',
] as const;

export const seatRows = {
  showSeats: {
    method: 'GET',
    path: '/v1/events/{event_id}/seats',
    summary: 'All seats as they are now',
    description:
      'As they were at most a moment ago: a new state is taken at most four times a second. Who ' +
      'sends a bearer token gets a state that is no older than the request, with everything in ' +
      'it that was answered before; 503 when the owner of the event cannot be asked.',
    auth: 'none',
    object: 'none',
    params: eventPath,
    query: Type.Object({ admission }),
    headers: ['authorization', 'accept', 'accept-encoding', 'if-none-match'],
    responses: { 200: seats, 304: { description: 'Nothing changed.' } },
    errors: ['event_not_found', ...barred, 'overloaded', 'unavailable'],
  },
  showSeatsVersion: {
    method: 'GET',
    path: '/v1/events/{event_id}/seats/{version}',
    summary: 'All seats at one state; may be kept for ever',
    description:
      'The address that a list links to as its duplicate. Only the last few states are here; of ' +
      'another one the answer is 404 with a link to the newest.',
    auth: 'none',
    object: 'none',
    params: Type.Object({ ...eventPath.properties, version: SeatsVersion }),
    query: Type.Object({ admission }),
    headers: ['authorization', 'accept', 'accept-encoding', 'if-none-match'],
    responses: { 200: seats, 304: { description: 'The client has it.' } },
    errors: ['event_not_found', 'version_not_found', ...barred, 'overloaded', 'unavailable'],
  },
} satisfies Rows;
