import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  headersOf,
  readAnswer,
  RestClient,
  type ApiAnswer,
  type ApiRequest,
  type ApiTally,
  type Settled,
} from '#libs/client/rest-client.js';

const requestTimeoutMs = 6_000;

/** The client of all buyers of a run: keep-alive connections to the gateways in turn. */
export class Api {
  readonly #agent: http.Agent;
  readonly #bases: readonly URL[];
  readonly #client: RestClient;
  #turn = 0;

  constructor(gatewayUrls: readonly string[]) {
    if (gatewayUrls.length === 0) throw new Error('the system has no gateway that is known');
    this.#bases = gatewayUrls.map((url) => new URL(url));
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 });
    const send = (request: ApiRequest) => this.#send(request);
    this.#client = new RestClient({ send, pause, now, random: Math.random });
  }

  get tally(): ApiTally {
    return this.#client.tally;
  }

  /** Requests that left, repetitions too. */
  get sent(): number {
    return this.#client.sent;
  }

  /** The gateway whose turn it is, for whoever opens connections of its own. */
  nextBase(): URL {
    return this.#bases[this.#turn++ % this.#bases.length];
  }

  settle(request: ApiRequest): Promise<Settled> {
    return this.#client.settle(request);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(request: ApiRequest): Promise<ApiAnswer | null> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const headers = { ...headersOf(request), ...length };
    const { hostname, port } = this.nextBase();
    const { method, path } = request;
    const options = { agent: this.#agent, hostname, port, method, path, headers };
    return new Promise((resolve) => {
      const sent = http.request({ ...options, timeout: requestTimeoutMs }, (response) => {
        answerIn(response).then(resolve, () => resolve(null));
      });
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(null));
      sent.end(body);
    });
  }
}

async function answerIn(response: http.IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode, headers } = response;
  return readAnswer(
    statusCode ?? 0,
    Buffer.concat(chunks).toString(),
    headers['retry-after'] ?? null,
  );
}

/** Milliseconds since 1970 with fraction: the wall clock, so that it compares with Postgres'. */
export const now = (): number => performance.timeOrigin + performance.now();
