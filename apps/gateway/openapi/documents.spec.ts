import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { errorCodes } from '#libs/contracts/errors.js';

import { routeRows } from '../routes/table.js';
import { errorsOf } from './document.js';
import { gatewayDocuments } from './documents.js';

describe('the generated documents', () => {
  it('are what the code says; `npm run docs` writes them again', async () => {
    for (const { path, text } of await gatewayDocuments()) {
      expect({ path, text: readFileSync(path, 'utf8') }).toEqual({ path, text });
    }
  });

  it('refer only to schemas that are there', async () => {
    const documents = await gatewayDocuments();
    const { text } = documents.find(({ path }) => path.endsWith('.json')) ?? { text: '' };
    const { components } = JSON.parse(text) as { components: { schemas: object } };
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !(name in components.schemas))).toEqual([]);
  });
});

describe('the error table', () => {
  it('has no code that no route and no socket can give', () => {
    const elsewhere = [
      // answers to what matches no route
      'not_found',
      'method_not_allowed',
      // WebSocket messages
      'unknown_message',
      // refusals of commands that have no route yet
      'not_finalized',
      'reservation_id_taken',
      'booking_not_found',
      'not_in_booking',
      'seats_not_blocked',
      'no_payment_in_progress',
      'payment_attempt_mismatch',
      'superseded',
    ];
    const given = new Set<string>([...routeRows.flatMap(errorsOf), ...elsewhere]);
    expect(errorCodes.filter((code) => !given.has(code))).toEqual([]);
  });
});
