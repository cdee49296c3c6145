import type { ErrorCode } from '#libs/contracts/errors.js';
import type { components, paths } from './openapi-types.js';
import type { ApiAnswer, ApiRequest, Settled } from './rest-client.js';

/**
 * Calls with the paths, fields and answers of docs/openapi.json: it does not compile against a
 * document that says something else. What is sent, when and how often is RestClient's.
 *
 * TY1  Every value goes into its path or query whole, whatever characters it has.
 * TY2  An outcome that is not known is null, never a refusal.
 */
export type Method = 'get' | 'post' | 'delete';

/** The paths that can be called so. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathsOf<M>> = NonNullable<paths[P][M]>;

interface Always {
  /** Of a session; absent: nobody in particular. */
  readonly token?: string;
  /** Idempotency-Key: the same call may be sent again and has one effect (G4). */
  readonly key?: string;
}

type PathPart<O> = O extends { parameters: { path: infer V extends object } }
  ? { readonly path: Readonly<V> }
  : unknown;
type QueryPart<O> = O extends { parameters: { query?: infer V } }
  ? Exclude<V, undefined> extends never
    ? unknown
    : { readonly query?: Readonly<Exclude<V, undefined>> }
  : unknown;
type BodyPart<O> = O extends { requestBody: { content: { 'application/json': infer V } } }
  ? { readonly body: V }
  : O extends { requestBody?: { content: { 'application/json': infer V } } }
    ? { readonly body?: V }
    : unknown;

/** What a call takes. */
export type CallOf<M extends Method, P extends PathsOf<M>> = Always &
  PathPart<Operation<M, P>> &
  QueryPart<Operation<M, P>> &
  BodyPart<Operation<M, P>>;

type BodyOf<R> = R extends { content: { 'application/json': infer J } } ? J : null;

/** What comes back: `status` tells which body it is. */
export type AnswerOf<M extends Method, P extends PathsOf<M>> =
  Operation<M, P> extends { responses: infer R }
    ? { [S in keyof R & number]: Told<S, BodyOf<R[S]>> }[keyof R & number]
    : never;

export interface Told<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;
  /** null: it went well. */
  readonly code: ErrorCode | null;
  /** Of a list, on all pages; null when it is no list, or not said. */
  readonly total: number | null;
}

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Call arguments may be left out when nothing in them is needed. */
type Arguments<C> = Record<never, never> extends C ? [call?: C] : [call: C];

export interface Settles {
  settle(request: ApiRequest): Promise<Settled>;
}

export class TypedClient {
  constructor(private readonly rest: Settles) {}

  /** null: no answer in time, and nobody knows what happened; ask, or repeat with the same key. */
  get<P extends PathsOf<'get'>>(path: P, ...[call]: Arguments<CallOf<'get', P>>) {
    return this.#call<AnswerOf<'get', P>>('GET', path, call);
  }

  post<P extends PathsOf<'post'>>(path: P, ...[call]: Arguments<CallOf<'post', P>>) {
    return this.#call<AnswerOf<'post', P>>('POST', path, call);
  }

  delete<P extends PathsOf<'delete'>>(path: P, ...[call]: Arguments<CallOf<'delete', P>>) {
    return this.#call<AnswerOf<'delete', P>>('DELETE', path, call);
  }

  async #call<A>(method: ApiRequest['method'], path: string, call: AnyCall = {}) {
    const { path: values = {}, query = {}, body, token, key } = call;
    const { answer } = await this.rest.settle({
      method,
      path: filled(path, values) + asQuery(query),
      ...(body === undefined ? {} : { body: body as object }),
      ...(token === undefined ? {} : { token }),
      ...(key === undefined ? {} : { key }),
    });
    return answer as (A & ApiAnswer) | null;
  }
}

interface AnyCall extends Always {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** TY1 */
const filled = (path: string, values: Readonly<Record<string, unknown>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(values[name])));

function asQuery(query: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
