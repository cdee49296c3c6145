import Type from 'typebox';

import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import { roles } from '#libs/contracts/roles.js';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { AuditEntry, HistoryEntry, OfficeEvent, ReasonBody, Sales, SaleState } from './schemas.js';

const strict = { additionalProperties: false } as const;
const everyone = { roles } as const;
/** Decides about a sale. */
const deciders = { roles: ['organiser', 'sre'] } as const;
/** Looks into what went wrong; sees the ids of buyers. */
const lookers = { roles: ['support', 'sre'] } as const;

const before = Type.Optional(
  Type.Integer({ minimum: 1, description: 'The `next` of the page before.' }),
);
const next = Type.Union([Type.Integer(), Type.Null()], { description: 'null: that is all.' });

const changeErrors: readonly ErrorCode[] = [
  'event_not_found',
  'overloaded',
  'unavailable',
  'outcome_unknown',
];

const saleChange = {
  method: 'POST',
  auth: deciders,
  object: 'organiser',
  params: eventPath,
  body: ReasonBody,
  responses: { 200: { description: 'Done, or it was so already.', schema: SaleState } },
  errors: changeErrors,
  alwaysLogged: true,
} as const;

/** For those who run events. Who may what is in `auth`; an organiser has his own events. */
export const adminRows = {
  listOfficeEvents: {
    method: 'GET',
    path: '/v1/admin/events',
    summary: 'The events you run: your own as an organiser, else all; by id',
    auth: everyone,
    object: 'organiser',
    query: Type.Object(
      {
        after: Type.Optional(Type.String({ maxLength: limits.keywordLengthMax })),
        page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.officePageMax })),
      },
      strict,
    ),
    responses: {
      200: {
        description: 'One page.',
        schema: Type.Object({
          events: Type.Array(OfficeEvent),
          next: Type.Union([Type.String(), Type.Null()], {
            description: 'For `after`; null: that is all.',
          }),
        }),
      },
    },
    errors: ['unavailable'],
  },
  showSales: {
    method: 'GET',
    path: '/v1/admin/events/{event_id}',
    summary: 'What is held, booked and taken',
    auth: everyone,
    object: 'organiser',
    params: eventPath,
    responses: { 200: { description: 'As it is now.', schema: Sales } },
    errors: ['event_not_found', 'overloaded', 'unavailable'],
  },
  openSale: {
    ...saleChange,
    path: '/v1/admin/events/{event_id}/open-sale',
    summary: 'Let buyers hold: before its time, or once closed',
  },
  closeSale: {
    ...saleChange,
    path: '/v1/admin/events/{event_id}/close-sale',
    summary: 'No new holds; who has one may still extend it, pay, or give it back',
  },
  showHistory: {
    method: 'GET',
    path: '/v1/admin/events/{event_id}/history',
    summary: 'What happened, newest first, and by whom',
    auth: lookers,
    object: 'organiser',
    params: eventPath,
    query: Type.Object({ before }, strict),
    responses: {
      200: {
        description: 'One page; buyers only by their ids.',
        schema: Type.Object({ entries: Type.Array(HistoryEntry), next }),
      },
    },
    errors: ['event_not_found', 'unavailable'],
  },
  showAudit: {
    method: 'GET',
    path: '/v1/admin/events/{event_id}/audit',
    summary: 'Who asked for which change, why, and what became of it; newest first',
    auth: lookers,
    object: 'organiser',
    params: eventPath,
    query: Type.Object({ before }, strict),
    responses: {
      200: {
        description: 'One page.',
        schema: Type.Object({ entries: Type.Array(AuditEntry), next }),
      },
    },
    errors: ['event_not_found', 'unavailable'],
  },
} satisfies Rows;
