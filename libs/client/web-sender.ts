import { headersOf, readAnswer, type ApiRequest, type RestPorts } from './rest-client.js';
import type { ServerClock } from './server-clock.js';

/**
 * One sending over `fetch`, of a browser or of Node: what it throws, also for want of an answer in
 * time or of JSON in it, is "no answer".
 */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
    readonly signal: AbortSignal;
  },
) => Promise<FetchedAnswer>;

export interface FetchedAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface SenderPorts {
  readonly fetch: Fetch;
  /** Runs `callback` once after `delayMs`; returns the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** The wall clock here, milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Learns from the answers' `Date`. */
  readonly clock: ServerClock;
}

/** Of one sending; who waits longer is helped more by another one. */
const timeoutMsDefault = 8_000;

/** `base`: origin of the gateway, without a slash at its end; empty for the page's own. */
export function webSender(
  base: string,
  { fetch, after, nowMs, clock }: SenderPorts,
  timeoutMs = timeoutMsDefault,
): RestPorts['send'] {
  return async (request) => {
    const sentAtMs = nowMs();
    const abort = new AbortController();
    const cancel = after(timeoutMs, () => abort.abort());
    try {
      const answer = await fetch(base + request.path, {
        method: request.method,
        headers: headersOf(request),
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: abort.signal,
      });
      const heardAtMs = nowMs();
      const serverMs = isOfNow(request, answer) ? dateOf(answer) : NaN;
      if (!Number.isNaN(serverMs)) {
        clock.learn({ sentAtMs, heardAtMs, serverMs, coarseMs: 1_000 });
      }
      return readAnswer(answer.status, await answer.text(), (name) => answer.headers.get(name));
    } catch {
      return null;
    } finally {
      cancel();
    }
  };
}

/** Not out of a cache, whose answers keep the time at which they were made. */
const isOfNow = ({ method }: ApiRequest, { headers }: FetchedAnswer): boolean =>
  method !== 'GET' || (headers.get('cache-control') ?? '').includes('no-store');

const dateOf = ({ headers }: FetchedAnswer): number => Date.parse(headers.get('date') ?? '');
