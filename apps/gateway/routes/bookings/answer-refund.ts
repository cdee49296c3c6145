import type { ControlReply } from '#libs/bus/control-call.js';
import type { RefundReply } from '#libs/contracts/payments.js';

import type { Exchange } from '../../http/exchange.js';
import { refundJson } from './refund-json.js';

/** What payments say to who asked for a refund, by whatever right. */
export function answerRefund(exchange: Exchange, reply: ControlReply<RefundReply>): void {
  if (reply.kind === 'overloaded') {
    return exchange.error('overloaded', { retry_after_ms: reply.retryAfterMs });
  }
  if (reply.kind !== 'ok') {
    const ran = reply.kind === 'timeout' || reply.kind === 'error';
    return exchange.error(ran ? 'outcome_unknown' : 'unavailable', { retry_after_ms: 1_000 });
  }
  const { body } = reply;
  switch (body.kind) {
    case 'refund':
      return exchange.json(202, JSON.stringify(refundJson(body.refund)));
    case 'key_reused':
      return exchange.error('idempotency_key_reused', { field: 'idempotency_key' });
    case 'refused':
      return exchange.error(
        body.reason,
        body.leftMinor === undefined ? {} : { left: body.leftMinor },
      );
    case 'unavailable':
      return exchange.error('unavailable', { retry_after_ms: body.retryAfterMs });
  }
}
