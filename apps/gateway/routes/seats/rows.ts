import Type from 'typebox';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { SeatDoc, SnapshotDoc } from './schemas.js';

/** Chosen by Accept: the snapshot frame of the live map, one letter a seat index. */
export const compactType = 'application/vnd.holdfast.seats';

export const seatRows = {
  showSeats: {
    method: 'GET',
    path: '/v1/events/{event_id}/seats',
    summary: 'All seats as they are now',
    auth: 'none',
    params: eventPath,
    headers: ['accept', 'if-none-match'],
    responses: {
      200: {
        description: 'The seats; compact on request.',
        schema: Type.Array(SeatDoc),
        alternatives: { [compactType]: SnapshotDoc },
        headers: { ETag: 'The version of the map.' },
      },
      304: { description: 'Nothing changed.' },
    },
    errors: ['event_not_found', 'overloaded', 'unavailable'],
  },
} satisfies Rows;
