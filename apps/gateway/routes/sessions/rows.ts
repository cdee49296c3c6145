import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { Session } from './schemas.js';

export const sessionRows = {
  openSession: {
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Start a guest session',
    auth: 'none',
    object: 'none',
    cost: limits.sessionRequestCost,
    body: Type.Object({}, { additionalProperties: false }),
    bodyOptional: true,
    responses: { 201: { description: 'A new identity and its token.', schema: Session } },
    errors: [],
  },
} satisfies Rows;
