import type { Rows } from '../area.js';
import { ShopConfig } from './schemas.js';

export const configRows = {
  showConfig: {
    method: 'GET',
    path: '/v1/config',
    summary: 'What a page must know before it can sell',
    auth: 'none',
    object: 'none',
    responses: { 200: { description: 'The same for everybody.', schema: ShopConfig } },
    errors: [],
  },
} satisfies Rows;
