import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

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
  readonly code: string | null;
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

const requestTimeoutMs = 6_000;
const giveUpAfterMs = 25_000;
const firstPauseMs = 50;
const pauseMsMax = 1_000;

/**
 * HTTP with the patience of a good client: keep-alive connections, the next gateway when one does
 * not answer, repetition with the same key when the outcome is not known, Retry-After obeyed.
 */
export class Api {
  readonly tally: ApiTally = { brokenConnections: 0, unavailable: 0, slowedDown: 0 };
  readonly #agent: http.Agent;
  readonly #bases: readonly URL[];
  /** Requests that left, repetitions too. */
  sent = 0;
  #turn = 0;

  constructor(gatewayUrls: readonly string[]) {
    if (gatewayUrls.length === 0) throw new Error('the system has no gateway that is known');
    this.#bases = gatewayUrls.map((url) => new URL(url));
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 });
  }

  /** The gateway whose turn it is, for whoever opens connections of its own. */
  nextBase(): URL {
    return this.#bases[this.#turn++ % this.#bases.length];
  }

  async settle(request: ApiRequest): Promise<Settled> {
    const sentAtMs = now();
    let backOffMs = firstPauseMs;
    for (;;) {
      const answer = await this.once(request);
      if (answer !== null && isDefinite(answer)) return { answer, sentAtMs, answeredAtMs: now() };
      this.#count(answer);
      const waitMs = answer?.retryAfterMs ?? backOffMs;
      if (now() + waitMs - sentAtMs > giveUpAfterMs) {
        return { answer: null, sentAtMs, answeredAtMs: now() };
      }
      // Jitter, or all who were cut off together come back together.
      await pause(waitMs * (0.5 + Math.random()));
      backOffMs = Math.min(pauseMsMax, backOffMs * 2);
    }
  }

  /** One sending; null when there was no answer. */
  once(request: ApiRequest): Promise<ApiAnswer | null> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: http.OutgoingHttpHeaders = { accept: 'application/json' };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    if (request.token !== undefined) headers.authorization = `Bearer ${request.token}`;
    if (request.key !== undefined) headers['idempotency-key'] = request.key;
    this.sent++;
    const { hostname, port } = this.nextBase();
    const { method, path } = request;
    const options = { agent: this.#agent, hostname, port, method, path, headers };
    return new Promise((resolve) => {
      const sent = http.request({ ...options, timeout: requestTimeoutMs }, (response) => {
        readAnswer(response).then(resolve, () => resolve(null));
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(null));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #count(answer: ApiAnswer | null): void {
    if (answer === null) this.tally.brokenConnections++;
    else if (answer.status === 429) this.tally.slowedDown++;
    else this.tally.unavailable++;
  }
}

/** Says what happened, and will say so again. */
function isDefinite({ status, code }: ApiAnswer): boolean {
  return status < 500 && status !== 429 && code !== 'payment_in_progress';
}

async function readAnswer(response: http.IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text === '' ? null : JSON.parse(text);
  const error = (body as { error?: { code?: string; retry_after_ms?: number } } | null)?.error;
  const seconds = Number(response.headers['retry-after']);
  const headerMs = Number.isFinite(seconds) ? seconds * 1_000 : null;
  return {
    status: response.statusCode ?? 0,
    body,
    retryAfterMs: error?.retry_after_ms ?? headerMs,
    code: error?.code ?? null,
  };
}

/** Milliseconds since 1970 with fraction: the wall clock, so that it compares with Postgres'. */
export const now = (): number => performance.timeOrigin + performance.now();
