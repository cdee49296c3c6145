import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { pageHeaders } from '../shared/page-links.js';
import { eventPath } from '../shared/paths.js';
import { EventDoc, EventSummaryDoc, EventTypeText, FacetsDoc } from './schemas.js';

const text = Type.Optional(Type.String({ maxLength: limits.keywordLengthMax }));
const time = Type.Optional(
  Type.String({
    maxLength: 40,
    description:
      'An RFC 3339 time, or a date: that whole day by the calendar at the venue, also as the end.',
  }),
);
const pageSize = Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSizeMax }));
const matches = {
  keyword: text,
  city: text,
  start: time,
  end: time,
  type: Type.Optional(EventTypeText),
  available: Type.Optional(
    Type.Enum(['true', 'false'], {
      description:
        'true: only events of which something can still be had, also those whose sale opens ' +
        'later. By counts that are some seconds old: a hint, where a reservation decides.',
    }),
  ),
};
const filters = {
  ...matches,
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMax })),
};
const strict = { additionalProperties: false } as const;

/** Two addresses of one list, which differ in one word. */
const list = {
  method: 'GET',
  auth: 'none',
  object: 'none',
  headers: ['accept-encoding', 'if-none-match'],
  responses: {
    200: {
      description: 'One page of events, some seconds old at most.',
      schema: Type.Array(EventSummaryDoc),
      headers: { ...pageHeaders, ETag: 'Of this page and coding.' },
    },
    304: { description: 'Nothing changed.' },
  },
  errors: ['unavailable'],
} as const;

export const eventRows = {
  listEvents: {
    ...list,
    path: '/v1/events',
    summary: 'Search events by text, city and time; typos are forgiven',
    query: Type.Object({ ...filters, page_size: pageSize }, strict),
    askedAlike: true,
  },
  searchEvents: {
    ...list,
    path: '/v1/events/search',
    summary: 'The same list, with pageSize for page_size',
    query: Type.Object({ ...filters, pageSize }, strict),
    askedAlike: true,
  },
  showFacets: {
    method: 'GET',
    path: '/v1/events/facets',
    summary: 'How many events of a search there are of each type, in each city and month',
    auth: 'none',
    object: 'none',
    cost: 2,
    query: Type.Object(matches, strict),
    askedAlike: true,
    headers: ['accept-encoding', 'if-none-match'],
    responses: {
      200: {
        description: 'The counts, some seconds old.',
        schema: FacetsDoc,
        headers: { ETag: 'Of these counts and coding.' },
      },
      304: { description: 'Nothing changed.' },
    },
    errors: ['unavailable'],
  },
  showEvent: {
    method: 'GET',
    path: '/v1/events/{event_id}',
    summary: 'One event with prices, sale status and what is left',
    auth: 'none',
    object: 'none',
    params: eventPath,
    headers: ['accept-encoding', 'if-none-match'],
    responses: {
      200: {
        description: 'The event, as it is when it is asked for.',
        schema: EventDoc,
        headers: { ETag: 'Of this state and coding; absent while its seats are not known.' },
      },
      304: { description: 'Nothing changed.' },
    },
    errors: ['event_not_found', 'unavailable'],
  },
} satisfies Rows;
