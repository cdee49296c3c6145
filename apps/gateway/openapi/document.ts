import Type, { type TSchema } from 'typebox';

import {
  errorCodes,
  errorTable,
  hasTrace,
  type ErrorCode,
  type ErrorStatus,
} from '#libs/contracts/errors.js';

import type { RequestHeaderName, ResponseDoc } from '../http/route.js';
import type { Row } from '../routes/area.js';
import { PriceLineDoc } from '../routes/reservations/schemas.js';
import { AskedEventId, AskedId, SeatLabelTexts } from '../routes/shared/schemas.js';
import { routeRows, routeSchemas } from '../routes/table.js';

/** docs/openapi.json: OpenAPI 3.1, made from the route table that serves the requests. */
const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.Enum([...errorCodes], { description: 'See docs/errors.md.' }),
    message: Type.String(),
    retry_after_ms: Type.Optional(Type.Integer({ minimum: 0 })),
    roles: Type.Optional(Type.Array(Type.String())),
    field: Type.Optional(Type.String({ description: 'Path of the offending field.' })),
    detail: Type.Optional(Type.String()),
    seat_ids: Type.Optional(Type.Array(Type.String())),
    seat_labels: Type.Optional(SeatLabelTexts),
    areas: Type.Optional(Type.Array(Type.String())),
    alternative: Type.Optional(
      Type.Object({ seat_ids: Type.Array(Type.String()), seat_labels: SeatLabelTexts }),
    ),
    lines: Type.Optional(Type.Array(PriceLineDoc)),
    total: Type.Optional(Type.Integer()),
    currency: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer()),
    left: Type.Optional(Type.Integer()),
    decline_code: Type.Optional(Type.String()),
    reservation_id: Type.Optional(Type.String()),
    booking_id: Type.Optional(Type.String()),
    trace_id: Type.Optional(Type.String({ description: 'Also in the header Trace-Id.' })),
  }),
});

const named = new Map<unknown, string>(
  [...Object.entries(routeSchemas).sort(byName), ['ErrorBody', ErrorBody] as const].map(
    ([name, schema]) => [schema, name],
  ),
);

export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of routeRows) {
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(row) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: '1',
      description:
        'Seats for sale: hold, pay, watch. Amounts are in the minor unit of the currency.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'As `npm start` serves it.' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: Object.fromEntries(
        [...named].map(([schema, name]) => [name, inner(schema as TSchema)]),
      ),
    },
  };
}

function operationOf(row: Row): object {
  const parameters = [
    ...parametersOf('path', row.params),
    ...parametersOf('query', row.query),
    ...headersOf(row),
  ];
  return {
    operationId: row.operationId,
    summary: row.summary,
    ...(row.description === undefined ? {} : { description: row.description }),
    security: securityOf(row),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(row.body === undefined
      ? {}
      : {
          requestBody: {
            required: row.bodyOptional !== true,
            content: { 'application/json': { schema: reference(row.body) } },
          },
        }),
    ...(row.raw === undefined
      ? {}
      : { requestBody: { required: true, content: { [row.raw.contentType]: {} } } }),
    responses: { ...successes(row), ...failures(row) },
  };
}

/** Alternatives: one of the roles does. */
function securityOf({ auth }: Row): object[] {
  if (auth === 'none') return [];
  return auth === 'user' ? [{ bearer: [] }] : auth.roles.map((role) => ({ bearer: [role] }));
}

function parametersOf(where: string, schema: Row['params']): object[] {
  if (schema === undefined) return [];
  const required = (schema.required as readonly string[] | undefined) ?? [];
  return Object.entries(schema.properties as Readonly<Record<string, TSchema>>).map(
    ([name, property]) => ({
      name,
      in: where,
      required: required.includes(name),
      schema: reference(property),
    }),
  );
}

const headerNames: Readonly<
  Record<Exclude<RequestHeaderName, 'accept' | 'authorization'>, string>
> = {
  'accept-encoding': 'Accept-Encoding',
  'idempotency-key': 'Idempotency-Key',
  'if-none-match': 'If-None-Match',
  'last-event-id': 'Last-Event-ID',
  'stripe-signature': 'Stripe-Signature',
};

/** OpenAPI has its own ways to say what Accept chooses, and who asks. */
function headersOf(row: Row): object[] {
  return (row.headers ?? [])
    .filter((name) => name !== 'accept' && name !== 'authorization')
    .map((name) => ({
      name: headerNames[name],
      in: 'header',
      required: false,
      schema: { type: 'string' },
    }));
}

function successes(row: Row): Record<string, object> {
  return Object.fromEntries(
    Object.entries(row.responses).map(([status, doc]) => [status, successOf(doc)]),
  );
}

function successOf(doc: ResponseDoc): object {
  const content = {
    ...(doc.schema === undefined ? {} : { [doc.contentType ?? 'application/json']: doc.schema }),
    ...doc.alternatives,
  };
  const types = Object.entries(content);
  return {
    description: doc.description,
    ...(doc.headers === undefined ? {} : { headers: mapped(doc.headers, headerDoc) }),
    ...(types.length === 0
      ? {}
      : { content: mapped(content, (schema) => ({ schema: reference(schema) })) }),
  };
}

const headerDoc = (description: string): object => ({ description, schema: { type: 'string' } });

function failures(row: Row): Record<string, object> {
  const byStatus = new Map<ErrorStatus, ErrorCode[]>();
  for (const code of errorsOf(row)) {
    const status = errorTable[code].httpStatus;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const statuses = [...byStatus].filter(([status]) => !(status in row.responses));
  return Object.fromEntries(
    statuses
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\``).join(', '),
          ...(codes.some(hasTrace) ? { headers: { 'Trace-Id': headerDoc('The trace_id.') } } : {}),
          content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } },
        },
      ]),
  );
}

/** What a route can answer: its own errors and those that come with what it takes. */
export function errorsOf(row: Row): ErrorCode[] {
  const takes = isChecked(row.params) ? row.params : (row.query ?? row.body);
  const all: ErrorCode[] = [
    ...(takes === undefined ? [] : (['invalid_request'] as const)),
    ...(row.body === undefined
      ? []
      : (['malformed_json', 'ambiguous_framing', 'body_too_large'] as const)),
    ...(row.auth === 'none'
      ? []
      : (['unauthorized', 'token_expired', 'headers_too_large'] as const)),
    ...(typeof row.auth === 'string' ? [] : (['forbidden'] as const)),
    ...row.errors,
    ...(row.cost === 0 ? [] : (['rate_limited', 'overloaded', 'shutting_down'] as const)),
    'internal',
  ];
  return [...new Set(all)];
}

/** Such an id is looked for whatever it looks like; any other part of a path can be malformed. */
const isChecked = (params: Row['params']): boolean =>
  Object.values(params?.properties ?? {}).some(
    (property) => property !== AskedEventId && property !== AskedId,
  );

/** A named schema by its name, anything else in full with the named ones inside by name. */
function reference(schema: unknown): unknown {
  const name = named.get(schema);
  return name === undefined ? inner(schema) : { $ref: `#/components/schemas/${name}` };
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reference);
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value as Readonly<Record<string, unknown>>, reference);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

const mapped = <In, Out>(
  values: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
