import type { BusRole } from '#libs/contracts/bus-roles.js';

/**
 * The bus as Holdfast needs it: at-most-once messages between processes, nothing kept.
 *
 * B1  A message is delivered at most once to each subscriber, in the order of its publisher.
 * B2  publish() never queues: while the bus is disconnected, or more than
 *     limits.busPendingBytesMax are unsent, it returns false and the message was not sent.
 * B3  A message with a replyTo whose subject has no subscriber comes back at replyTo with
 *     noResponders = true. It was never seen by anybody: safe to send elsewhere.
 * B4  A handler runs synchronously on arrival; its exception is logged and costs nothing else.
 *     The payload belongs to the handler and may be kept.
 * B5  Whoever asks cannot choose that we speak where we may and he may not: a replyTo that is no
 *     answer subject (isAnswerSubject) is not handed over. It matters where a broker has strangers.
 */
export interface Bus {
  /** As whom it speaks: answers come to subjects that only this role hears. */
  readonly role: BusRole;
  readonly connected: boolean;
  publish(subject: string, payload: Uint8Array, replyTo?: string): boolean;
  /** A subject may hold `*` for one token and end in `>` for the rest. */
  subscribe(subject: string, handler: BusHandler, options?: SubscribeOptions): BusSubscription;
  /** Control plane only: one message, one answer. */
  request(subject: string, payload: Uint8Array, timeoutMs: number): Promise<BusReply>;
  /** Called on each change of `connected`; returns the function that stops it. */
  onConnection(listener: (connected: boolean) => void): () => void;
  /** Resolves when everything published so far has reached the server; rejects when it cannot. */
  flush(): Promise<void>;
  /** Stops subscriptions, flushes, disconnects. Idempotent. */
  close(): Promise<void>;
}

export type BusHandler = (message: BusMessage) => void;

export interface SubscribeOptions {
  /** Of all subscribers of the same queue, one gets each message. */
  readonly queue?: string;
}

export interface BusMessage {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly replyTo: string | undefined;
  readonly noResponders: boolean;
}

export interface BusSubscription {
  unsubscribe(): void;
}

/** A timeout means unknown, never failed. `not_sent` and `no_responders` mean it never ran. */
export type BusReply =
  | { readonly kind: 'reply'; readonly payload: Uint8Array }
  | { readonly kind: 'no_responders' }
  | { readonly kind: 'not_sent' }
  | { readonly kind: 'timeout' };
