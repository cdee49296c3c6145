import type { TracedCommit } from '#libs/actor/actor-ports.js';
import type { Mail } from '#libs/actor/mail.js';
import { limits } from '#libs/contracts/limits.js';
import type { Reply } from '#libs/contracts/wire.js';
import type { Span, Tracer } from '#libs/platform/tracer.js';

/**
 * A command at its owner: from its arrival to its answer, and below that what it waited for. Of one
 * whose request is not traced the first alone, when it was refused or took long (TC2).
 */
export function recordCommand(
  tracer: Tracer,
  mail: Mail,
  reply: Reply,
  commit: TracedCommit | null,
  nowMs: number,
): void {
  const { item, arrivedAtMs } = mail;
  const decidedAtMs = mail.decidedAtMs ?? nowMs;
  const whole = { ...spanOf(tracer, mail, nowMs), parent: item.span ?? null };
  const batch = commit === null ? {} : { 'holdfast.batch': commit.batchNo };
  const attributes = { ...whole.attributes, ...answerOf(reply), ...batch };
  tracer.record({ ...whole, attributes });
  const below = (name: string, fromMs: number, toMs: number): void => {
    const { trace, id: parent } = whole;
    const id = tracer.spanId();
    tracer.record({ trace, id, parent, name, kind: 'internal', fromMs, toMs, attributes: {} });
  };
  below('mailbox', arrivedAtMs, decidedAtMs);
  if (commit === null) return;
  // Behind what was being written already it waits for that alone.
  if (commit.sealedAtMs > decidedAtMs) below('gather', decidedAtMs, commit.sealedAtMs);
  below('append', Math.max(decidedAtMs, commit.sealedAtMs), nowMs);
}

export function keepRefused(tracer: Tracer, mail: Mail, reason: string, nowMs: number): void {
  tracer.keep({ ...spanOf(tracer, mail, nowMs), error: reason });
}

/** The first ones, as in the line about them. */
export function keepSlow(tracer: Tracer, mails: readonly Mail[], nowMs: number): void {
  for (const mail of mails.slice(0, limits.tracesPerLineMax)) {
    if (mail.item.span === undefined) tracer.keep(spanOf(tracer, mail, nowMs));
  }
}

function spanOf(tracer: Tracer, { item, trace, arrivedAtMs }: Mail, nowMs: number): Span {
  const { eventId, request } = item;
  return {
    trace,
    id: tracer.spanId(),
    parent: null,
    name: request.type,
    kind: 'consumer',
    fromMs: arrivedAtMs,
    toMs: nowMs,
    attributes: {
      'messaging.system': 'nats',
      'holdfast.event': eventId,
      ...('holdId' in request ? { 'holdfast.reservation': request.holdId } : {}),
    },
  };
}

function answerOf(reply: Reply): Span['attributes'] {
  if (reply.kind !== 'answered') return { 'holdfast.answer': reply.kind };
  const { answer, replayed } = reply;
  const said = answer.kind === 'refused' ? answer.refusal.code : answer.kind;
  return { 'holdfast.answer': said, 'holdfast.replayed': replayed };
}
