import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';

import type { Rows } from '../area.js';
import { SystemStatus } from './schemas.js';

/** For who runs the system. */
export const statusRows = {
  showStatus: {
    method: 'GET',
    path: '/v1/admin/status',
    summary: 'Which shards are alive, who owns which event, what is quarantined',
    description:
      'As this gateway hears it, and as the database has it; no shard is asked. `holdfastctl` ' +
      'tells more and changes it.',
    auth: { roles: ['sre'] },
    object: 'none',
    query: Type.Object(
      { after: Type.Optional(Type.String({ maxLength: limits.keywordLengthMax })) },
      { additionalProperties: false },
    ),
    responses: { 200: { description: 'As it is now; owners in pages.', schema: SystemStatus } },
    errors: ['unavailable'],
  },
} satisfies Rows;
