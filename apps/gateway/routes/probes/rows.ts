import Type from 'typebox';

import type { Rows } from '../area.js';

export const probeRows = {
  livez: {
    method: 'GET',
    path: '/livez',
    summary: 'The process is alive',
    auth: 'none',
    object: 'none',
    cost: 0,
    responses: { 200: { description: 'Alive.', schema: Type.Object({ status: Type.String() }) } },
    errors: [],
  },
  readyz: {
    method: 'GET',
    path: '/readyz',
    summary: 'The process can take requests',
    auth: 'none',
    object: 'none',
    cost: 0,
    responses: {
      200: { description: 'Ready.', schema: Type.Object({ status: Type.String() }) },
      503: {
        description: 'Not ready; says what is missing.',
        schema: Type.Object({ status: Type.String(), missing: Type.Array(Type.String()) }),
      },
    },
    errors: [],
  },
} satisfies Rows;
