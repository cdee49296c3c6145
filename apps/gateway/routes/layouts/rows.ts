import Type from 'typebox';

import type { Rows } from '../area.js';
import { LayoutDoc, LayoutHash } from './schemas.js';

export const layoutRows = {
  showLayout: {
    method: 'GET',
    path: '/v1/layouts/{hash}',
    summary: 'A seating plan; never changes',
    description: 'The address that `layout_hash` of an event and of its live map names.',
    auth: 'none',
    object: 'none',
    params: Type.Object({ hash: LayoutHash }),
    headers: ['accept-encoding', 'if-none-match'],
    responses: {
      200: { description: 'The plan.', schema: LayoutDoc, headers: { ETag: 'Its hash.' } },
      304: { description: 'The client has it.' },
    },
    errors: ['layout_not_found', 'unavailable'],
  },
} satisfies Rows;
