import type { By } from '#libs/inventory/by.js';
import type { Command } from '#libs/inventory/commands.js';
import type { CommandId, EventId, UserId } from '#libs/inventory/ids.js';
import { isQuery } from '#libs/contracts/queries.js';
import type { Query, Reply } from '#libs/contracts/wire.js';
import type { SpanId } from '#libs/platform/trace.js';

/** One request to the owner of an event, wherever it is. */
export interface InventoryCall {
  readonly eventId: EventId;
  readonly commandId: CommandId;
  /** The caller supplied the command id (Idempotency-Key) and may send it again later. */
  readonly keyed: boolean;
  readonly userId: UserId;
  readonly request: Command | Query;
  /** Milliseconds; default limits.commandDeadlineMs, at most limits.commandDeadlineMsMax. */
  readonly withinMs?: number;
  /** Absent: who usually sends such a command. */
  readonly by?: By;
  /** W3C trace id, 32 hex digits. Absent: the one that is made of the command id. */
  readonly trace?: string;
  /** Of a hold, as in CommandItem. No answer to it depends on it below the bound. */
  readonly address?: string;
  /** Its request is traced: the span of this call, and the one above it. */
  readonly traced?: TracedCall;
}

export interface TracedCall {
  readonly span: SpanId;
  readonly parent: SpanId;
}

/**
 * Whether it may be sent a second time while the first may still be answered. A read may, and a
 * command whose caller made the id: what was said to it is remembered, also a refusal, by the
 * journal or by its owner until the call's deadline. Of an id that a gateway made no refusal is
 * remembered, so of two sendings one could be told "no" and the other be carried out afterwards.
 */
export const isRepeatable = ({ keyed, request }: InventoryCall): boolean =>
  keyed || isQuery(request);

/**
 * `moved` and `too_late` never leave the client: it routes again until the deadline.
 * `unknown`: the deadline passed while the command may have run. Ask again with the same id.
 */
export type CallResult =
  | Exclude<Reply, { kind: 'moved' } | { kind: 'too_late' }>
  | { readonly kind: 'unknown'; readonly retryAfterMs: number };

/** What gateways and payments use to reach the actors. Bounded: over the bound, `overloaded`. */
export interface InventoryClient {
  /** Hot path: `done` is called exactly once, never before send() returns. */
  send(call: InventoryCall, done: (result: CallResult) => void): void;
  call(call: InventoryCall): Promise<CallResult>;
  /** A command id nobody else makes: for callers that have none. */
  nextCommandId(): CommandId;
  /** True when at least one live shard is known and the bus is connected. */
  readonly ready: boolean;
  close(): void;
}
