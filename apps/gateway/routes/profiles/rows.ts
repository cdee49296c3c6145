import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { pageHeaders } from '../shared/page-links.js';
import { AskedId } from '../shared/schemas.js';
import { PerformerDoc, VenueDoc } from './schemas.js';

const query = Type.Object(
  {
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMax })),
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSizeMax })),
  },
  { additionalProperties: false },
);

const profile = {
  method: 'GET',
  auth: 'none',
  object: 'none',
  query,
  headers: ['accept-encoding', 'if-none-match'],
} as const;

const headers = { ...pageHeaders, ETag: 'Of this page and coding.' };
const notModified = { description: 'Nothing changed.' };

export const profileRows = {
  showVenue: {
    ...profile,
    path: '/v1/venues/{venue_id}',
    summary: 'A venue, and what is still to come there',
    params: Type.Object({ venue_id: AskedId }),
    responses: {
      200: { description: 'The venue.', schema: VenueDoc, headers },
      304: notModified,
    },
    errors: ['venue_not_found', 'unavailable'],
  },
  showPerformer: {
    ...profile,
    path: '/v1/performers/{performer_id}',
    summary: 'A performer, and what is still to come of them',
    params: Type.Object({ performer_id: AskedId }),
    responses: {
      200: { description: 'The performer.', schema: PerformerDoc, headers },
      304: notModified,
    },
    errors: ['performer_not_found', 'unavailable'],
  },
} satisfies Rows;
