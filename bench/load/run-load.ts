import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { Connection, type ConnectionEvents } from './connection.js';
import { assertPlan, type Counts, type Latency, type LoadPlan, type LoadResult } from './plan.js';
import { buildTemplates } from './request-templates.js';

/** Runs one plan in this process, which should do nothing else: it is the measuring device. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  assertPlan(plan);
  return new LoadRun(plan).run();
}

type Tally = { -readonly [Key in keyof Counts]: Counts[Key] };

const noCounts = (): Tally => ({ accepted: 0, refused: 0, errors: 0, timeouts: 0 });
const sweepMs = 100;
const openLoopTickMs = 1;

class LoadRun implements ConnectionEvents {
  readonly #latency: RecordableHistogram = createHistogram({ highest: 120_000_000, figures: 3 });
  readonly #window = noCounts();
  readonly #total = noCounts();
  readonly #statuses: Record<string, number> = {};
  readonly #connections: Connection[] = [];
  /** Open loop only: connections without work. */
  readonly #idle: Connection[] = [];
  readonly #values: readonly string[];
  readonly #acceptedValues = new Set<string>();
  readonly #timeoutMs: number;
  readonly #closedLoop: boolean;
  #nextValue = 0;
  #sending = false;
  #startedAtMs = 0;
  #windowFromMs = Infinity;
  #windowToMs = Infinity;
  #arrivalsDone = 0;
  #dropped = 0;
  #acceptedTwice = 0;
  #sampleBody = '';

  constructor(private readonly plan: LoadPlan) {
    this.#values = plan.requests.values;
    this.#timeoutMs = plan.timeoutMs;
    this.#closedLoop = plan.arrivals.kind === 'closed';
  }

  async run(): Promise<LoadResult> {
    const cpuBefore = process.cpuUsage();
    await this.#openConnections();
    this.#startedAtMs = performance.now();
    this.#windowFromMs = this.#startedAtMs + this.plan.warmUpMs;
    this.#windowToMs = this.#windowFromMs + this.plan.measureMs;
    this.#sending = true;
    const sweep = setInterval(() => this.#sweepTimeouts(), sweepMs);
    if (this.#closedLoop) this.#connections.forEach((connection) => this.idle(connection));
    else this.#startArrivals();
    await this.#until(() => performance.now() >= this.#windowToMs || this.#exhausted);
    this.#windowToMs = Math.min(this.#windowToMs, performance.now());
    this.#sending = false;
    await this.#until(() => !this.#connections.some((connection) => connection.inFlight));
    clearInterval(sweep);
    this.#connections.forEach((connection) => connection.stop());
    const cpu = process.cpuUsage(cpuBefore);
    return this.#result(cpu.user + cpu.system, performance.now() - this.#startedAtMs);
  }

  idle(connection: Connection): void {
    if (!this.#sending) return;
    if (!this.#closedLoop) {
      this.#idle.push(connection);
      return;
    }
    if (this.#exhausted) return;
    const nowMs = performance.now();
    connection.send(this.#values[this.#nextValue++], nowMs, nowMs);
  }

  answered(connection: Connection, status: number, dueAtMs: number): void {
    const nowMs = performance.now();
    const inWindow = this.#inWindow(nowMs);
    const kind = isWork(status) ? 'accepted' : status === 409 ? 'refused' : 'errors';
    this.#total[kind]++;
    if (inWindow) this.#window[kind]++;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (kind !== 'accepted') return;
    if (this.plan.requests.method === 'POST') this.#keepReceipt(connection.value);
    if (inWindow) this.#latency.record(Math.max(1, Math.round((nowMs - dueAtMs) * 1_000)));
    if (connection.parser.keepBody) {
      this.#sampleBody = connection.parser.body;
      connection.parser.keepBody = false;
    }
  }

  #keepReceipt(value: string): void {
    if (this.#acceptedValues.has(value)) this.#acceptedTwice++;
    else this.#acceptedValues.add(value);
  }

  broken(): void {
    // A timeout was counted when its connection was given up.
    this.#total.errors++;
    if (this.#inWindow(performance.now())) this.#window.errors++;
  }

  #inWindow(nowMs: number): boolean {
    return nowMs >= this.#windowFromMs && nowMs < this.#windowToMs;
  }

  get #exhausted(): boolean {
    return this.#nextValue >= this.#values.length;
  }

  async #openConnections(): Promise<void> {
    const { host, port, connections, requests } = this.plan;
    const templates = buildTemplates(requests, `${host}:${port}`);
    let opened = 0;
    const events: ConnectionEvents = {
      idle: (connection) => (this.#startedAtMs === 0 ? void opened++ : this.idle(connection)),
      answered: (connection, status, dueAtMs) => this.answered(connection, status, dueAtMs),
      broken: () => this.broken(),
    };
    for (let i = 0; i < connections; i++) {
      const own = templates.filter((_, user) => user % connections === i);
      this.#connections.push(new Connection({ host, port }, own, events));
    }
    this.#connections[0].parser.keepBody = true;
    if (!this.#closedLoop) this.#idle.push(...this.#connections);
    const giveUpAtMs = performance.now() + this.#timeoutMs;
    await this.#until(() => opened >= connections || performance.now() > giveUpAtMs);
    if (opened < connections) {
      this.#connections.forEach((connection) => connection.stop());
      throw new Error(`load: only ${opened} of ${connections} connections could be opened`);
    }
  }

  #startArrivals(): void {
    if (this.plan.arrivals.kind !== 'open') return;
    const periodMs = 1_000 / this.plan.arrivals.perSecond;
    const waitingMax = Math.ceil(this.#timeoutMs / periodMs);
    const timer = setInterval(() => {
      if (!this.#sending) return clearInterval(timer);
      const nowMs = performance.now();
      const due = Math.floor((nowMs - this.#startedAtMs) / periodMs);
      const overdue = due - this.#arrivalsDone - waitingMax;
      if (overdue > 0) {
        this.#dropped += overdue;
        this.#arrivalsDone += overdue;
      }
      while (this.#arrivalsDone < due && this.#idle.length > 0 && !this.#exhausted) {
        const connection = this.#idle.pop() as Connection;
        if (!connection.ready || connection.inFlight) continue;
        const dueAtMs = this.#startedAtMs + this.#arrivalsDone++ * periodMs;
        connection.send(this.#values[this.#nextValue++], dueAtMs, nowMs);
      }
    }, openLoopTickMs);
  }

  #sweepTimeouts(): void {
    const nowMs = performance.now();
    for (const connection of this.#connections) {
      if (!connection.inFlight || nowMs - connection.sentAtMs < this.#timeoutMs) continue;
      connection.dueAtMs = NaN;
      connection.replace();
      this.#total.timeouts++;
      if (this.#inWindow(nowMs)) this.#window.timeouts++;
    }
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #result(cpuUs: number, elapsedMs: number): LoadResult {
    return {
      connections: this.plan.connections,
      measuredMs: this.#windowToMs - this.#windowFromMs,
      window: { ...this.#window },
      total: { ...this.#total },
      statuses: this.#statuses,
      latencyUs: summary(this.#latency),
      dropped: this.#dropped,
      exhausted: this.#exhausted,
      sampleBody: this.#sampleBody,
      cpuUs,
      busy: cpuUs / (elapsedMs * 1_000),
      acceptedTwice: this.#acceptedTwice,
    };
  }
}

function summary(latency: RecordableHistogram): Latency {
  if (latency.count === 0) return { p50: 0, p90: 0, p99: 0, p999: 0, max: 0, mean: 0 };
  return {
    p50: latency.percentile(50),
    p90: latency.percentile(90),
    p99: latency.percentile(99),
    p999: latency.percentile(99.9),
    max: latency.max,
    mean: latency.mean,
  };
}

const isWork = (status: number): boolean => (status >= 200 && status < 300) || status === 304;
