import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { wantedTypes } from '#apps/payments/webhooks/stripe-events.js';
import { projectRoot } from '#ops/system/paths.js';

it('names the types of events that an endpoint at Stripe is to be subscribed to', () => {
  const page = readFileSync(path.join(projectRoot, 'docs/operating/secrets.md'), 'utf8');
  const [, named] = /Subscribe it to (.*?): the others/.exec(page) ?? [];
  expect([...named.matchAll(/`([a-z_.]+)`/g)].map(([, type]) => type)).toEqual(wantedTypes);
});
