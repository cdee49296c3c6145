import type { StripeErrorBody } from './objects.js';

/** An answer before it is sent: the body is the exact text, so that a replay is byte for byte. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export const ok = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) });

/** Stripe's error envelope; the type follows from the caller. */
export function failure(status: number, error: StripeErrorBody): Answer {
  return { status, body: JSON.stringify({ error }, null, 2) };
}

export const invalidRequest = (message: string, param?: string, code?: string): Answer =>
  failure(400, {
    type: 'invalid_request_error',
    message,
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  });

export const missingParameter = (param: string): Answer =>
  invalidRequest(`Missing required param: ${param}.`, param, 'parameter_missing');

/** In a path Stripe answers 404, in a parameter 400; the code is the same. */
export function resourceMissing(kind: string, id: string, param: string, inPath: boolean): Answer {
  return failure(inPath ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

export const unauthorised = (): Answer =>
  failure(401, {
    type: 'invalid_request_error',
    message: 'You did not provide a valid API key: send "Authorization: Bearer YOUR_SECRET_KEY".',
  });

export const unknownUrl = (method: string, path: string): Answer =>
  failure(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  });

export const idempotencyMismatch = (key: string): Answer =>
  failure(400, {
    type: 'idempotency_error',
    message:
      'Keys for idempotent requests can only be used with the same parameters they were first ' +
      `used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });

export const idempotencyInUse = (key: string): Answer =>
  failure(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using the key '${key}'.`,
  });

export const tooManyRequests = (): Answer =>
  failure(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded. Try again later.',
  });

/** Somebody else changes the object just now: docs.stripe.com/rate-limits#object-lock-timeouts */
export const lockTimeout = (): Answer =>
  failure(429, {
    type: 'invalid_request_error',
    code: 'lock_timeout',
    message:
      'This object cannot be accessed right now because another API request or Stripe process is ' +
      'currently accessing it.',
  });

export const serverError = (): Answer =>
  failure(500, { type: 'api_error', message: 'An unknown error occurred' });
