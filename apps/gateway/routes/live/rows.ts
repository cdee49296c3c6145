import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { admission } from '../shared/admission.js';
import { eventPath } from '../shared/paths.js';

const version = Type.Optional(
  Type.String({ maxLength: 15, description: 'The version the client already has.' }),
);

const only = Type.Optional(
  Type.Literal('room', { description: 'How the waiting room goes on, and no map.' }),
);

export const liveRows = {
  watchEvent: {
    method: 'GET',
    path: '/v1/events/{event_id}/live',
    summary: 'The live seat map, by WebSocket or server-sent events',
    description: 'See docs/live-map.md for the frames.',
    auth: 'none',
    object: 'none',
    params: eventPath,
    query: Type.Object(
      {
        token: Type.Optional(Type.String({ maxLength: limits.tokenBytesMax })),
        ...{ admission, version, only },
      },
      { additionalProperties: false },
    ),
    headers: ['accept', 'authorization', 'last-event-id'],
    responses: {
      101: { description: 'WebSocket: one snapshot, then diffs.' },
      200: {
        description: 'The same frames as events.',
        schema: Type.String(),
        contentType: 'text/event-stream',
      },
    },
    errors: [
      'event_not_found',
      'room_not_found',
      'map_needs_admission',
      'admission_expired',
      'admission_invalid',
      'unauthorized',
      'token_expired',
      'upgrade_required',
      'overloaded',
      'unavailable',
    ],
  },
} satisfies Rows;
