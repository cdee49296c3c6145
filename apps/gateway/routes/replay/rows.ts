import Type from 'typebox';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { ReplayPage } from './schemas.js';

/** A sale seen again: for those who decided about it. */
export const replayRows = {
  showReplay: {
    method: 'GET',
    path: '/v1/admin/events/{event_id}/replay',
    summary: 'The course of the sale from its first moment: what happened to which seat, and when',
    description:
      'Folded in order, the steps give the seat map of any moment. They come from the journal ' +
      'and ask nothing of the owner of the event. No step tells of people.',
    auth: { roles: ['organiser', 'sre'] },
    object: 'organiser',
    params: eventPath,
    query: Type.Object(
      {
        after: Type.Optional(
          Type.Integer({ minimum: 0, description: 'The `next` of the page before; 0 = all.' }),
        ),
      },
      { additionalProperties: false },
    ),
    responses: { 200: { description: 'One page, oldest first.', schema: ReplayPage } },
    errors: ['event_not_found', 'unavailable'],
  },
} satisfies Rows;
