import type { ApiAnswer, ApiRequest } from '#libs/client/rest-client.js';
import type { BuyerEvidence } from '#libs/oracle/evidence.js';
import { now } from '../demo/api.js';
import type { Replacement } from './member.js';

/** What happened between the beginning of one step and that of the next. */
export interface StepReport {
  readonly step: string;
  readonly stop_ms: number | null;
  readonly start_ms: number | null;
  readonly requests: number;
  readonly held: number;
  /** The longest that a buyer waited for seats that he got, repetitions counted in. */
  readonly slowest_hold_ms: number;
  /** Longest time without an acknowledged hold of anybody. */
  readonly silence_ms: number;
  /** What buyers were answered, or not, that is an error, and how often. */
  readonly errors: Readonly<Record<string, ErrorReport>>;
}

export interface ErrorReport {
  readonly times: number;
  /** Since the step began. */
  readonly first_ms: number;
  readonly last_ms: number;
}

interface OpenStep {
  readonly name: string;
  readonly beganAtMs: number;
  readonly errors: Map<string, ErrorReport>;
  requests: number;
  replacement: Replacement | null;
}

/** The steps of an upgrade in their order, and what buyers met in each of them. */
export class Steps {
  private readonly all: OpenStep[] = [];

  begin(name: string): void {
    const errors = new Map<string, ErrorReport>();
    this.all.push({ name, beganAtMs: now(), errors, requests: 0, replacement: null });
  }

  replaced(replacement: Replacement): void {
    this.last.replacement = replacement;
    if (replacement.exitCode !== 0) this.note(`it ended with ${replacement.exitCode}`);
  }

  /** Every sending of every buyer. An answer that says what is the case is none of ours. */
  answered(
    { method, path }: ApiRequest,
    answer: ApiAnswer | null,
    problem: string,
    { host }: URL,
  ): void {
    this.last.requests += 1;
    const route = path.replaceAll(/(?<=\/v1\/\w+\/)[^/]+/g, ':id');
    if (answer === null) this.note(`${method} ${route} (${host}): ${problem}`);
    else if (answer.status >= 500 || answer.status === 429) {
      this.note(`${method} ${route} (${host}): ${answer.status} ${answer.code ?? ''}`.trim());
    }
  }

  reports(buyers: readonly BuyerEvidence[]): StepReport[] {
    const holds = buyers
      .flatMap((buyer) => buyer.holds)
      .filter((hold) => hold.outcome === 'acknowledged')
      .sort((a, b) => a.answeredAtMs - b.answeredAtMs);
    return this.all.map((step, i) => {
      const { beganAtMs, errors, requests, replacement } = step;
      const endedAtMs = this.all[i + 1]?.beganAtMs ?? Infinity;
      const own = holds.filter((hold) => isIn(hold.answeredAtMs, beganAtMs, endedAtMs));
      const times = own.map(({ answeredAtMs }) => answeredAtMs);
      const waits = own.map(({ sentAtMs, answeredAtMs }) => answeredAtMs - sentAtMs);
      return {
        step: step.name,
        stop_ms: replacement === null ? null : Math.round(replacement.stopMs),
        start_ms: replacement === null ? null : Math.round(replacement.startMs),
        requests,
        held: own.length,
        slowest_hold_ms: Math.round(Math.max(0, ...waits)),
        silence_ms: Math.round(longestGap([beganAtMs, ...times])),
        errors: Object.fromEntries(errors),
      };
    });
  }

  private get last(): OpenStep {
    return this.all[this.all.length - 1];
  }

  private note(error: string): void {
    const { errors, beganAtMs } = this.last;
    const known = errors.get(error);
    const atMs = Math.round(now() - beganAtMs);
    const times = (known?.times ?? 0) + 1;
    errors.set(error, { times, first_ms: known?.first_ms ?? atMs, last_ms: atMs });
  }
}

const isIn = (atMs: number, fromMs: number, toMs: number): boolean => atMs >= fromMs && atMs < toMs;

const longestGap = (times: readonly number[]): number =>
  times.reduce((longest, atMs, i) => (i === 0 ? 0 : Math.max(longest, atMs - times[i - 1])), 0);
