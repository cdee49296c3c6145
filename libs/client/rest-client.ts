import type { ErrorCode, ErrorExtras } from '#libs/contracts/errors.js';
import { BackOff, type Pace } from './back-off.js';

/** One request of a buyer, which may be sent several times: always with the same key. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  /** Idempotency-Key: a repetition has one effect (G4). */
  readonly key?: string;
  readonly body?: object;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | null;
  readonly code: ErrorCode | null;
  /** X-Total-Count: of a list, on all pages; null: not said. */
  readonly total: number | null;
}

/** `answer` null: no answer that says what happened came in time. The outcome is unknown. */
export interface Settled {
  readonly answer: ApiAnswer | null;
  /** Of the first sending. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** How often things went wrong on the way, and were repeated. */
export interface ApiTally {
  /** Connections that broke or could not be made, and answers that did not come. */
  brokenConnections: number;
  /** 503, 500. */
  unavailable: number;
  /** 429. */
  slowedDown: number;
}

export interface RestPorts {
  /** One sending, to any gateway, each time; null when no whole answer came. Has a time-out. */
  readonly send: (request: ApiRequest) => Promise<ApiAnswer | null>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Milliseconds of a clock that the caller compares with others. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const giveUpAfterMsDefault = 25_000;
const pace: Pace = { firstMs: 50, mostMs: 1_000 };

/**
 * The patience of a good client: the next gateway when one does not answer, repetition with the
 * same key while the outcome is not known, Retry-After obeyed.
 */
export class RestClient {
  readonly tally: ApiTally = { brokenConnections: 0, unavailable: 0, slowedDown: 0 };
  /** Requests that left, repetitions too. */
  sent = 0;

  constructor(
    private readonly ports: RestPorts,
    private readonly giveUpAfterMs = giveUpAfterMsDefault,
  ) {}

  async settle(request: ApiRequest): Promise<Settled> {
    const { now, pause, random } = this.ports;
    const sentAtMs = now();
    const backOff = new BackOff(pace, random);
    for (;;) {
      this.sent += 1;
      const answer = await this.ports.send(request);
      if (answer !== null && isDefinite(answer)) return { answer, sentAtMs, answeredAtMs: now() };
      this.#count(answer);
      const toldMs = answer?.retryAfterMs ?? null;
      const waitMs = toldMs === null ? backOff.next() : backOff.spread(toldMs);
      if (now() + waitMs - sentAtMs > this.giveUpAfterMs) {
        return { answer: null, sentAtMs, answeredAtMs: now() };
      }
      await pause(waitMs);
    }
  }

  #count(answer: ApiAnswer | null): void {
    if (answer === null) this.tally.brokenConnections += 1;
    else if (answer.status === 429) this.tally.slowedDown += 1;
    else this.tally.unavailable += 1;
  }
}

/** A header by its name in small letters; null: it is not there. */
export type HeaderOf = (name: string) => string | null;

/** What came back, read alike whatever brought it. Throws when the body is not JSON. */
export function readAnswer(status: number, text: string, header: HeaderOf): ApiAnswer {
  const body: unknown = text === '' ? null : JSON.parse(text);
  const { error } = (body ?? {}) as { error?: ErrorExtras & { readonly code?: ErrorCode } };
  const seconds = numberIn(header('retry-after'));
  return {
    status,
    body,
    retryAfterMs: error?.retry_after_ms ?? (seconds === null ? null : seconds * 1_000),
    code: error?.code ?? null,
    total: numberIn(header('x-total-count')),
  };
}

function numberIn(text: string | null): number | null {
  const number = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Headers that say the request, beside those of the connection. */
export function headersOf({ token, key, body }: ApiRequest): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
}

/** Says what happened, and will say so again. */
function isDefinite({ status, code }: ApiAnswer): boolean {
  return status < 500 && status !== 429 && code !== 'payment_in_progress';
}
