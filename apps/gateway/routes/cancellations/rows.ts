import { roles } from '#libs/contracts/roles.js';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { CancelEventBody, EventCancellation } from './schemas.js';

/** Events that do not take place, by whose they are and by those who count the money. */
export const cancellationRows = {
  cancelEvent: {
    method: 'POST',
    path: '/v1/admin/events/{event_id}/cancel',
    summary: 'Cancel an event for good, and give all its bookings back',
    description:
      'It cannot be undone: look at `GET …/cancellation` first, which has what would go back. ' +
      'Nothing is sold any more; each booking gets a refund of its own, by and by. Asked again ' +
      'it goes on, with what was left before.',
    auth: { roles: ['organiser', 'finance'] },
    object: 'organiser',
    params: eventPath,
    body: CancelEventBody,
    responses: {
      202: { description: 'It is under way, or was before.', schema: EventCancellation },
    },
    errors: ['event_not_found', 'event_cancelled', 'not_finalized', 'overloaded', 'unavailable'],
    alwaysLogged: true,
  },
  showCancellation: {
    method: 'GET',
    path: '/v1/admin/events/{event_id}/cancellation',
    summary: 'How far the refunds of a cancelled event are, and the report at the end',
    auth: { roles },
    object: 'organiser',
    params: eventPath,
    responses: { 200: { description: 'As it is now.', schema: EventCancellation } },
    errors: ['event_not_found', 'overloaded', 'unavailable'],
  },
} satisfies Rows;
