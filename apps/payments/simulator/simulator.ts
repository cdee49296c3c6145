import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { publishedMinimums, type MinimumCharges } from '#libs/contracts/money/stripe-charging.js';
import { systemClock, type Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { systemRandom, type Random } from '#libs/platform/random.js';
import { sameText } from '#libs/platform/same-text.js';

import {
  idempotencyInUse,
  idempotencyMismatch,
  invalidRequest,
  lockTimeout,
  serverError,
  tooManyRequests,
  unauthorised,
  unknownUrl,
  type Answer,
} from './errors.js';
import { eventsOf, noRequest, type EventCause } from './events.js';
import { Faults, faultsOf, type FaultKind, type FaultRule } from './faults.js';
import { canonical, decodeForm, type FormObject } from './form.js';
import { ledgerOf } from './ledger.js';
import type { Handled, OperationContext } from './operation.js';
import { routeOf, type Routed } from './routes.js';
import { SlowBanks } from './slow-banks.js';
import { Store, type Change, type SavedAnswer } from './store.js';
import { isChallengePath, showChallenge } from './three-d-secure.js';
import { weatherOf, Webhooks, type WebhookEndpoint } from './webhooks.js';
import {
  headerOf,
  isTestKey,
  keyOf,
  readBody,
  send,
  sendJson,
  sendPage,
  type Fate,
} from './wire.js';

/**
 * A Stripe that ships with Holdfast: the same wire protocol as api.stripe.com for the part that
 * Holdfast uses, so that Stripe's own SDK cannot tell the difference. Where the real service is
 * durable this one is too: an answer leaves only after its effect is on disk.
 *
 * Idempotency keys as Stripe's: the same key with the same parameters gives the first answer
 * again, errors included, for 24 hours; with other parameters 400; while the first is running
 * 409. Refusals that come before execution (401, 409, 429, parameters that make no sense) are not
 * kept.
 *
 * Control, for tests and operators: POST /_simulator/faults, POST /_simulator/webhooks, GET
 * /_simulator/ledger. With a key of its own it serves those alone who show it, there too. The
 * pages of 3-D Secure are shown to whoever has an intent's client secret.
 */
export interface SimulatorOptions {
  /** 0 = any free one. */
  readonly port: number;
  readonly host?: string;
  readonly dataFile: string;
  readonly log: Log;
  readonly random?: Random;
  readonly clock?: Clock;
  /** Absent: any test key will do, and control is everybody's. */
  readonly key?: string | undefined;
  /** Absent: as Stripe publishes them. */
  readonly minimums?: MinimumCharges;
  /** Who is told of events. Absent: nobody, and none are made. */
  readonly webhook?: WebhookEndpoint | undefined;
}

export interface StripeSimulator {
  readonly port: number;
  stop(): Promise<void>;
}

const latencyMsMax = 60_000;
const idempotencyKeyMax = 255;

export async function startStripeSimulator(options: SimulatorOptions): Promise<StripeSimulator> {
  const random = options.random ?? systemRandom;
  const store = await Store.open(options.dataFile);
  const { clock = systemClock, minimums = publishedMinimums } = options;
  const { log, key, webhook = null } = options;
  const webhooks = new Webhooks(store, clock, random, log, webhook);
  const simulator = new Simulator(store, random, clock, log, minimums, key, webhooks);
  const server = createServer((request, response) => {
    simulator.serve(request, response).catch((error: unknown) => {
      options.log.error({ err: error }, 'the simulator failed to answer');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        simulator.stop();
      });
      await store.close();
    },
  };
}

class Simulator {
  private readonly faults: Faults;
  private readonly keysInUse = new Set<string>();
  private readonly pauses = new Set<() => void>();
  private readonly banks: SlowBanks;
  private stopping = false;

  constructor(
    private readonly store: Store,
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly minimums: MinimumCharges,
    private readonly key: string | undefined,
    private readonly webhooks: Webhooks,
  ) {
    this.faults = new Faults(random);
    const commit = (change: Change): Promise<void> => this.commit(change, noRequest);
    this.banks = new SlowBanks(store, clock, log, () => this.context(null), commit);
    this.banks.resume();
    this.webhooks.resume();
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, query = ''] = (request.url ?? '/').split('?', 2);
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    if (body === null) {
      request.destroy();
      return;
    }
    if (path.startsWith('/_simulator/')) {
      if (this.key === undefined || this.takes(request)) {
        return this.control(method, path, body, response);
      }
      return sendJson(response, 401, { error: 'the key of the simulator is needed' });
    }
    if (isChallengePath(path)) {
      return this.challenge(method, path, method === 'GET' ? query : body, response);
    }
    const fate = await this.fateOf(method, path, method === 'GET' ? query : body, request);
    if (fate.drop) {
      response.destroy();
      return;
    }
    send(response, request, fate, this.stopping);
  }

  /** Ends injected pauses and keep-alive, so that the server can close. */
  stop(): void {
    this.stopping = true;
    this.banks.stop();
    this.webhooks.stop();
    for (const wake of this.pauses) wake();
  }

  private async fateOf(
    method: string,
    path: string,
    form: string,
    request: IncomingMessage,
  ): Promise<Fate> {
    const requestId = `req_${this.random.token(14)}`;
    const plain = (answer: Answer): Fate => ({ answer, requestId, replayed: false, drop: false });
    if (!this.takes(request)) return plain(unauthorised());
    const routed = routeOf(method, path);
    if (routed === null) return plain(unknownUrl(method, path));
    const params = decodeForm(form);
    if (params === null) return plain(invalidRequest('The request body could not be parsed.'));
    const faults = this.faults.take(routed.name);
    if (faults.has('rate_limit')) return plain(tooManyRequests());
    if (faults.has('lock_timeout')) return plain(lockTimeout());
    const drop = faults.has('drop_before') || faults.has('drop_after');
    const key = method === 'POST' ? headerOf(request, 'idempotency-key') : null;
    if (key === null) {
      return { ...plain(await this.execute(routed, params, faults, requestId, null)), drop };
    }
    if (key.length > idempotencyKeyMax) {
      return plain(invalidRequest('Idempotency keys are at most 255 characters.'));
    }
    const fingerprint = `${method} ${path} ${canonical(params)}`;
    const inUse = this.keysInUse.has(key) || faults.has('key_in_use');
    if (inUse) return plain(idempotencyInUse(key));
    this.keysInUse.add(key);
    try {
      const saved = this.store.answerOf(key, this.nowSeconds);
      if (saved !== null) return { ...replay(saved, fingerprint, requestId), drop };
      const identity = { key, fingerprint };
      return { ...plain(await this.execute(routed, params, faults, requestId, identity)), drop };
    } finally {
      this.keysInUse.delete(key);
    }
  }

  /** Resolves when the effect and the answer under the key are on disk. */
  private async execute(
    routed: Routed,
    params: FormObject,
    faults: ReadonlyMap<FaultKind, FaultRule>,
    requestId: string,
    identity: { readonly key: string; readonly fingerprint: string } | null,
  ): Promise<Answer> {
    const latency = faults.get('latency');
    if (latency !== undefined) await this.pause(latency.latencyMs);
    if (faults.has('drop_before')) return serverError();
    const handled: Handled = faults.has('error_before')
      ? { answer: serverError(), change: {} }
      : this.run(routed, params, faults.get('processing'));
    const answer = faults.has('error_after') ? serverError() : handled.answer;
    const keep = identity !== null && handled.unexecuted !== true;
    const atSeconds = this.nowSeconds;
    const saved = keep ? { answer: { ...identity, requestId, atSeconds, ...answer } } : {};
    const change = { ...handled.change, ...saved };
    const cause = { id: requestId, idempotency_key: identity?.key ?? null };
    if (Object.keys(change).length > 0) await this.commit(change, cause);
    // What a read saw must not be undone by a crash.
    else await this.store.written();
    for (const pending of handled.change.pending ?? []) this.banks.decide(pending);
    for (const one of handled.change.pendingRefunds ?? []) this.banks.decideRefund(one);
    // Webhooks of it may well be there before its answer.
    const late = faults.get('late_answer');
    if (late !== undefined) await this.pause(late.latencyMs);
    return answer;
  }

  /** Events are kept with what they tell of, and told when both are on disk. */
  private async commit(change: Change, cause: EventCause): Promise<void> {
    const { store, webhooks } = this;
    const events = webhooks.wanted(eventsOf(change, store, cause, this.context(null)));
    await store.commit(events.length === 0 ? change : { ...change, events });
    webhooks.announce(events);
  }

  private async challenge(
    method: string,
    path: string,
    form: string,
    response: ServerResponse,
  ): Promise<void> {
    const shown = showChallenge(this.context(null), method, path, form);
    if (shown.change.intents !== undefined) await this.commit(shown.change, noRequest);
    sendPage(response, shown);
  }

  private run(routed: Routed, params: FormObject, slowBank: FaultRule | undefined): Handled {
    const bankTakesMs = slowBank?.latencyMs ?? null;
    return routed.operation(this.context(bankTakesMs), params, routed.id);
  }

  private context(bankTakesMs: number | null): OperationContext {
    return {
      store: this.store,
      nowSeconds: this.nowSeconds,
      nowMs: this.clock.nowMs(),
      minimums: this.minimums,
      bankTakesMs,
      nextId: (prefix) => `${prefix}_${this.random.token(24)}`,
    };
  }

  private get nowSeconds(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.pauses.delete(wake);
        resolve();
      };
      const cancel = this.clock.after(Math.min(delayMs, latencyMsMax), wake);
      this.pauses.add(wake);
      if (this.stopping) wake();
    });
  }

  private takes({ headers }: IncomingMessage): boolean {
    const shown = keyOf(headers.authorization);
    return this.key === undefined ? isTestKey(shown) : sameText(shown, this.key);
  }

  private control(method: string, path: string, body: string, response: ServerResponse): void {
    if (method === 'GET' && path === '/_simulator/ledger') {
      sendJson(response, 200, ledgerOf(this.store));
      return;
    }
    if (method === 'POST' && path === '/_simulator/faults') {
      const rules = faultsOf(body);
      if (rules === null) {
        sendJson(response, 400, { error: 'expected {"faults":[{"kind":"...", ...}]}' });
        return;
      }
      this.faults.replace(rules);
      this.log.info({ faults: rules }, 'faults replaced');
      sendJson(response, 200, { faults: rules.length });
      return;
    }
    if (method === 'POST' && path === '/_simulator/webhooks') {
      const weather = weatherOf(body);
      if (weather === null) {
        sendJson(response, 400, { error: 'expected {"copies":1,"delay_ms_max":0,"loss":0}' });
        return;
      }
      this.webhooks.order(weather);
      sendJson(response, 200, weather);
      return;
    }
    sendJson(response, 404, { error: 'unknown control endpoint' });
  }
}

function replay(saved: SavedAnswer, fingerprint: string, requestId: string): Fate {
  if (saved.fingerprint !== fingerprint) {
    const answer = idempotencyMismatch(saved.key);
    return { answer, requestId, replayed: false, drop: false };
  }
  const answer = { status: saved.status, body: saved.body };
  return { answer, requestId: saved.requestId, replayed: true, drop: false };
}
