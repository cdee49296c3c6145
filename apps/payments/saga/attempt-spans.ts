import { AsyncLocalStorage } from 'node:async_hooks';

import { limits } from '#libs/contracts/limits.js';
import type { AttemptId } from '#libs/inventory/ids.js';
import type { Clock } from '#libs/platform/clock.js';
import type { SpanId, TraceId } from '#libs/platform/trace.js';
import {
  idsAsAttributes,
  type Span,
  type SpanAttributes,
  type Tracer,
} from '#libs/platform/tracer.js';
import type { TracedCall } from '#libs/routing/inventory-call.js';

import { namedAttempt, type Attempt } from './attempt.js';

/**
 * The steps of payments as spans, and below them what each asked of the provider.
 *
 * SP1  Of a request that is traced each is recorded as it ends, under the span of the request, also
 *      in another process after a crash.
 * SP2  Of any other they are remembered while this process works on the attempt. As soon as one of
 *      them fails, or all together took long, all of them are recorded and those that follow;
 *      else they are forgotten with the work. An attempt has a bounded number of them.
 */
export class AttemptSpans {
  private readonly steps = new AsyncLocalStorage<StepScope>();
  private readonly remembered = new Map<AttemptId, Remembered>();

  constructor(
    private readonly tracer: Tracer | null,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Runs a step; what is asked within is told under it. */
  async step<Result extends { readonly type: string }>(
    attempt: Attempt,
    name: string,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const { tracer, clock } = this;
    if (tracer === null || attempt.trace === null) return run();
    const scope = { attempt, trace: attempt.trace, id: tracer.spanId() };
    const fromMs = clock.monotonicMs();
    const result = await this.steps.run(scope, run);
    this.tell(tracer, attempt, {
      ...{ trace: scope.trace, id: scope.id, parent: attempt.span, fromMs },
      toMs: clock.monotonicMs(),
      name: `payment ${name}`,
      kind: 'internal',
      ...errorOf(result),
      attributes: { ...idsAsAttributes(namedAttempt(attempt)), 'holdfast.result': result.type },
    });
    return result;
  }

  /** One request to the provider, when it has ended. */
  asked(name: string, fromMs: number, error: string | null, attributes: SpanAttributes): void {
    const scope = this.steps.getStore();
    if (this.tracer === null || scope === undefined) return;
    this.tell(this.tracer, scope.attempt, {
      ...{ trace: scope.trace, id: this.tracer.spanId(), parent: scope.id, fromMs },
      toMs: this.clock.monotonicMs(),
      name,
      kind: 'client',
      ...(error === null ? {} : { error }),
      attributes,
    });
  }

  /** For a command that the present step sends. */
  call(): TracedCall | null {
    const scope = this.steps.getStore();
    if (this.tracer === null || scope === undefined || scope.attempt.span === null) return null;
    return { span: this.tracer.spanId(), parent: scope.id };
  }

  /** This process does not work on it any more. */
  ended(attemptId: AttemptId): void {
    this.remembered.delete(attemptId);
  }

  private tell(tracer: Tracer, attempt: Attempt, span: Span): void {
    if (attempt.span !== null) {
      tracer.record(span);
      return;
    }
    const { attemptId } = attempt;
    const known = this.remembered.get(attemptId) ?? { spans: [], tookMs: 0, worth: false };
    this.remembered.set(attemptId, known);
    // What was given up is told when it ends after all, and its attempt may be over by then.
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > limits.attemptsRememberedMax) this.remembered.delete(oldest);
    if (span.kind === 'internal') known.tookMs += span.toMs - span.fromMs;
    if (known.spans.length < limits.spansPerAttemptMax) known.spans.push(span);
    known.worth ||= span.error !== undefined || known.tookMs > limits.slowRequestMs;
    if (known.worth) for (const one of known.spans.splice(0)) tracer.keep(one);
  }
}

interface StepScope {
  readonly attempt: Attempt;
  readonly trace: TraceId;
  readonly id: SpanId;
}

interface Remembered {
  readonly spans: Span[];
  tookMs: number;
  worth: boolean;
}

/** What will be tried again; a decline is an answer. */
const errorOf = (result: { readonly type: string; readonly reason?: unknown }) =>
  result.type === 'unclear' ? { error: String(result.reason) } : {};
