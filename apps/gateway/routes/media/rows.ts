import Type from 'typebox';

import type { Rows } from '../area.js';
import { MediaHash, PictureDoc } from './schemas.js';

export const mediaRows = {
  showMedia: {
    method: 'GET',
    path: '/v1/media/{hash}',
    summary: 'A picture of an event or a venue; never changes',
    description:
      'The address that `thumbnail_url` or `image_url` names. Another picture has another one.',
    auth: 'none',
    object: 'none',
    params: Type.Object({ hash: MediaHash }),
    headers: ['if-none-match'],
    responses: {
      200: {
        description: 'The picture.',
        contentType: 'image/webp',
        schema: PictureDoc,
        headers: { ETag: 'Its hash.' },
      },
      304: { description: 'The client has it.' },
    },
    errors: ['media_not_found', 'unavailable'],
  },
} satisfies Rows;
