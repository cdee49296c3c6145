import { limits } from '#libs/contracts/limits.js';
import { derivedTrace } from '#libs/platform/trace.js';
import type { Span, Tracer } from '#libs/platform/tracer.js';
import type { CallResult } from './inventory-call.js';
import type { PendingCall } from './lane.js';

/**
 * The span of a call to an owner, when it has its answer. Of a request that is not traced: if the
 * answer took long, or nobody can say what became of it (TC2).
 */
export function traceCall(
  tracer: Tracer,
  pending: PendingCall,
  result: CallResult,
  nowMs: number,
): void {
  const { traced, withinMs = limits.commandDeadlineMs } = pending.call;
  const fromMs = pending.deadlineMs - Math.min(withinMs, limits.commandDeadlineMsMax);
  if (traced !== undefined) {
    const { span: id, parent } = traced;
    tracer.record({ ...spanOf(pending, result), id, parent, fromMs, toMs: nowMs });
    return;
  }
  if (result.kind !== 'unknown' && nowMs - fromMs <= limits.slowRequestMs) return;
  const id = tracer.spanId();
  tracer.keep({ ...spanOf(pending, result), id, parent: null, fromMs, toMs: nowMs });
}

type Named = Omit<Span, 'id' | 'parent' | 'fromMs' | 'toMs'>;

function spanOf({ call, lane, hops, outcomeLost }: PendingCall, result: CallResult): Named {
  const { eventId, commandId, request, trace } = call;
  return {
    trace: trace ?? derivedTrace(commandId),
    name: `call ${request.type}`,
    kind: 'client',
    ...(result.kind === 'unknown' ? { error: 'nobody can say what became of it' } : {}),
    attributes: {
      'messaging.system': 'nats',
      'holdfast.event': eventId,
      'holdfast.command': request.type,
      'holdfast.answer': result.kind,
      'holdfast.moved': hops,
      'holdfast.sent_again': outcomeLost,
      ...(lane === null ? {} : { 'holdfast.shard': lane.incarnation }),
    },
  };
}
