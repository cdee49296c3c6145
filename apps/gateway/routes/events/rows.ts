import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { EventDoc, EventSummaryDoc } from './schemas.js';

const text = Type.Optional(Type.String({ maxLength: limits.keywordLengthMax }));

export const eventRows = {
  searchEvents: {
    method: 'GET',
    path: '/v1/events',
    summary: 'Search events by text, city and time; typos are forgiven',
    auth: 'none',
    query: Type.Object(
      {
        keyword: text,
        city: text,
        start: Type.Optional(Type.String({ maxLength: 40 })),
        end: Type.Optional(Type.String({ maxLength: 40 })),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMax })),
        page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSizeMax })),
      },
      { additionalProperties: false },
    ),
    responses: {
      200: {
        description: 'One page of events.',
        schema: Type.Object({
          total: Type.Integer(),
          page: Type.Integer(),
          page_size: Type.Integer(),
          events: Type.Array(EventSummaryDoc),
        }),
      },
    },
    errors: ['unavailable'],
  },
  showEvent: {
    method: 'GET',
    path: '/v1/events/{event_id}',
    summary: 'One event with prices, sale status and what is left',
    auth: 'none',
    params: eventPath,
    responses: { 200: { description: 'The event.', schema: EventDoc } },
    errors: ['event_not_found', 'unavailable'],
  },
  showLayout: {
    method: 'GET',
    path: '/v1/events/{event_id}/layout',
    summary: 'The seating plan; never changes',
    auth: 'none',
    params: eventPath,
    headers: ['if-none-match'],
    responses: {
      200: { description: 'The plan.', schema: Type.Object({}), headers: { ETag: 'Its hash.' } },
      304: { description: 'The client has it.' },
    },
    errors: ['event_not_found', 'unavailable'],
  },
} satisfies Rows;
