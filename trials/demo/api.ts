import http from 'node:http';
import https from 'node:https';
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
/**
 * A gateway closes a connection that was idle for ten seconds. Who uses one until then will send a
 * request, one day, into a connection that is just being closed, and cannot tell what became of it.
 */
const idleMsMax = 5_000;

/** The client of all buyers of a run: keep-alive connections to the gateways in turn. */
export class Api {
  readonly #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
  readonly #client: RestClient;
  /** The gateway whose turn it is, also for whoever opens connections of its own. */
  readonly nextBase: () => URL;

  /** `gateways`: all of them, to be taken in turn, or who says which is next. */
  constructor(
    gateways: readonly string[] | (() => URL),
    private readonly watch: ApiWatch = () => undefined,
    interpret: Interpret = (request, _gateway, send) => send(request),
    /** Who signed for gateways over TLS, as PEM; null: whom the system trusts. */
    readonly ca: string | null = null,
  ) {
    this.nextBase = typeof gateways === 'function' ? gateways : inTurn(gateways);
    const kept = { keepAlive: true, maxSockets: 512, maxFreeSockets: 512, timeout: idleMsMax };
    const trust = ca === null ? {} : { ca };
    this.#agents = {
      'http:': new http.Agent(kept),
      'https:': new https.Agent({ ...kept, ...trust }),
    };
    const send = (request: ApiRequest) => {
      const gateway = this.nextBase();
      return interpret(request, gateway, (said) => this.#send(said, gateway));
    };
    this.#client = new RestClient({ send, pause, now, random: Math.random });
  }

  get tally(): ApiTally {
    return this.#client.tally;
  }

  /** Requests that left, repetitions too. */
  get sent(): number {
    return this.#client.sent;
  }

  settle(request: ApiRequest): Promise<Settled> {
    return this.#client.settle(request);
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  #send(request: ApiRequest, base: URL): Promise<ApiAnswer | null> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const headers = { ...headersOf(request), ...length };
    const { hostname, port } = base;
    const { method, path } = request;
    const isPlain = base.protocol !== 'https:';
    const agent = this.#agents[isPlain ? 'http:' : 'https:'];
    const options = { agent, hostname, port, method, path, headers };
    const ask = isPlain ? http.request : https.request;
    return new Promise((resolve) => {
      const settle = (answer: ApiAnswer | null, problem = '') => {
        this.watch(request, answer, problem, base);
        resolve(answer);
      };
      const fail = (error: Error) => settle(null, error.message);
      const sent = ask({ ...options, timeout: requestTimeoutMs }, (response) => {
        answerIn(response).then(settle, fail);
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', fail);
      sent.end(body);
    });
  }
}

/** Is told of every sending and what came of it; `problem`: why there is no answer. */
export type ApiWatch = (
  request: ApiRequest,
  answer: ApiAnswer | null,
  problem: string,
  gateway: URL,
) => void;

/** Stands between the buyers and each gateway, and may say a request in other words. */
export type Interpret = (
  request: ApiRequest,
  gateway: URL,
  send: (said: ApiRequest) => Promise<ApiAnswer | null>,
) => Promise<ApiAnswer | null>;

function inTurn(gatewayUrls: readonly string[]): () => URL {
  if (gatewayUrls.length === 0) throw new Error('the system has no gateway that is known');
  const bases = gatewayUrls.map((url) => new URL(url));
  let turn = 0;
  return () => bases[turn++ % bases.length];
}

async function answerIn(response: http.IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode, headers } = response;
  return readAnswer(statusCode ?? 0, Buffer.concat(chunks).toString(), (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  });
}

/** Milliseconds since 1970 with fraction: the wall clock, so that it compares with Postgres'. */
export const now = (): number => performance.timeOrigin + performance.now();
