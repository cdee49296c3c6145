import type { TObject, TSchema } from 'typebox';

import type { ErrorCode } from '#libs/contracts/errors.js';
import type { Role } from '#libs/contracts/roles.js';

import type { Exchange } from './exchange.js';

/**
 * One row of the route table. It drives routing, validation, limits, metrics and docs/openapi.json,
 * so what is documented is what is enforced.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** OpenAPI form, e.g. `/v1/events/{event_id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: RouteAuth;
  /** Whose the thing is that the request names: others are told that it is not there. */
  readonly object: ObjectOwner;
  /**
   * For whoever proves by the request itself that he may, such as by a signature, and needs no
   * token for it: what others are answered. The handler asks; the row says so for `npm run attack`.
   */
  readonly proof?: ErrorCode;
  /** Tokens from the buckets of the address and the user; 0 = not limited. Default 1. */
  readonly cost?: number;
  /** All properties are strings, in the order of the path. */
  readonly params?: TObject;
  readonly query?: TObject;
  /** Many ask with the same query, and none has a secret in it: what was checked is kept. */
  readonly askedAlike?: true;
  readonly body?: TSchema;
  /** The body as it came, not read by us: `exchange.body` is its bytes. */
  readonly raw?: RawBody;
  /** An absent body is validated as `{}`. */
  readonly bodyOptional?: boolean;
  /** Reads the optional request headers; without it `exchange.headers` stays empty. */
  readonly headers?: readonly RequestHeaderName[];
  /** Status to what it carries; errors come from `errors`. */
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  readonly errors: readonly ErrorCode[];
  /** Each request gets a line in the log, not only those that failed or took long. */
  readonly alwaysLogged?: boolean;
  /** Synchronous on the hot path; a rejected promise is answered 500. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
  /**
   * Tried first where the caller is known and the body came in one piece, which is valid only
   * during the call. True: the request is handled. False: nothing happened, and the body goes the
   * ordinary way through JSON and schema.
   */
  readonly quick?: QuickHandler;
}

/**
 * Who may ask: anybody, anybody who is known, or whoever has one of these roles. Checked in one
 * place, endpoint.ts; the same rows are what `npm run attack` tries.
 */
export type RouteAuth = 'none' | 'user' | { readonly roles: readonly Role[] };

/**
 * - `none`: the request names nothing that is somebody's
 * - `buyer`: a reservation or a booking, which the caller made
 * - `organiser`: an event, which organisers may have if it is their own, and staff in any case
 */
export type ObjectOwner = 'none' | 'buyer' | 'organiser';

export type QuickHandler = (exchange: Exchange, body: Uint8Array) => boolean;

export interface RawBody {
  readonly contentType: string;
  readonly bytesMax: number;
}

export type RequestHeaderName =
  | 'authorization'
  | 'accept'
  | 'accept-encoding'
  | 'if-none-match'
  | 'idempotency-key'
  | 'last-event-id'
  | 'stripe-signature';

export interface ResponseDoc {
  readonly description: string;
  /** Media type to schema; default media type is application/json. */
  readonly schema?: TSchema;
  readonly contentType?: string;
  readonly alternatives?: Readonly<Record<string, TSchema>>;
  readonly headers?: Readonly<Record<string, string>>;
}
