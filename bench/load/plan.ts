/** What a load run sends, and what it reports. Both cross a process border as JSON. */
export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  /** Keep-alive connections; each has at most one request in flight. */
  readonly connections: number;
  /** Answers in the first part are counted apart from the measured window. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** A request without a whole answer after this long is a timeout; its connection is replaced. */
  readonly timeoutMs: number;
  readonly arrivals: Arrivals;
  readonly requests: RequestSet;
}

/**
 * closed: each connection sends as soon as it has its answer; finds the peak.
 * open: requests are due at fixed times whatever the answers do; latency counts from the time
 * a request was due, so a stall is charged to every request that had to wait for it.
 */
export type Arrivals =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly perSecond: number };

/**
 * Requests that differ in their user's headers and in one fixed-width value of the body; of a GET,
 * which has none, in a header that nobody reads. They are sent in order, each as often as it is in
 * the list: a run that runs out of values ends early and says so.
 */
export interface RequestSet {
  readonly method: 'POST' | 'GET';
  readonly path: string;
  /** One list of header lines (`Name: value`) per user; at least as many as connections. */
  readonly users: readonly (readonly string[])[];
  readonly bodyBefore: string;
  readonly bodyAfter: string;
  /** Of each user, in place of `bodyAfter`. */
  readonly bodiesAfter?: readonly string[];
  /** ASCII, all of one width. */
  readonly values: readonly string[];
}

export interface LoadResult {
  readonly connections: number;
  readonly measuredMs: number;
  /** Inside the measured window. */
  readonly window: Counts;
  /** The whole run: warm-up, window and drain. What the journal is compared with. */
  readonly total: Counts;
  /** Answers of the whole run by HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Accepted answers inside the window. */
  readonly latencyUs: Latency;
  /** Open loop: requests that were due and never sent, because too many were waiting. */
  readonly dropped: number;
  /** True when the values ran out before the time did. */
  readonly exhausted: boolean;
  /** Body of the first accepted answer, for servers that imitate it. */
  readonly sampleBody: string;
  /** CPU of the generator, user and system, over the whole run. */
  readonly cpuUs: number;
  /**
   * That CPU for each microsecond of the run. The generator sends from one thread: near 1 it is
   * what is measured, not the server.
   */
  readonly busy: number;
  /** Accepted answers of the whole run for a value that had one before: what nobody may sell. */
  readonly acceptedTwice: number;
}

export interface Counts {
  /** 2xx, and 304 for who has it already. The only number that is work done. */
  readonly accepted: number;
  /** 409: somebody else has the seat. */
  readonly refused: number;
  /** Any other answer, and connections that broke with a request in flight. */
  readonly errors: number;
  readonly timeouts: number;
}

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

/** Rejects what would make a run meaningless, before anything is sent. */
export function assertPlan(plan: LoadPlan): void {
  const { requests } = plan;
  if (plan.connections < 1) throw new Error('load: at least one connection');
  if (requests.users.length < plan.connections) {
    throw new Error('load: at least as many users as connections');
  }
  const width = requests.values[0]?.length ?? 0;
  if (width === 0) throw new Error('load: at least one value');
  if (requests.values.some((value) => value.length !== width)) {
    throw new Error('load: all values must have the same width');
  }
}
