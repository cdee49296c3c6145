import type { NatsConnection } from 'nats';

/**
 * The private parts of nats.js that the bus must see to keep B2, and nothing else. The library
 * queues without limit and tells of a lost connection only some turns later; its public interface
 * shows neither the unsent bytes nor the state of the link. Checked when connecting, so that a
 * version of the library that keeps them elsewhere fails at start and not in a sale.
 */
interface Internals {
  readonly protocol: {
    /** True between a finished handshake and the end of the socket. */
    readonly connected: boolean;
    /** What waits for the end of the current turn. */
    readonly outbound: { size(): number };
    flushPending(): void;
    readonly transport: {
      readonly socket?: { readonly writableLength: number; destroy(): void } | undefined;
      discard(): void;
    };
  };
}

export class NatsLink {
  private readonly internals: Internals;

  constructor(connection: NatsConnection) {
    this.internals = connection as unknown as Internals;
    const { protocol } = this.internals;
    const known =
      typeof protocol.connected === 'boolean' &&
      typeof protocol.outbound.size() === 'number' &&
      typeof protocol.flushPending === 'function' &&
      typeof protocol.transport.socket?.writableLength === 'number' &&
      typeof protocol.transport.discard === 'function';
    if (!known) throw new Error('this version of nats.js hides its link: pin the tested one');
  }

  get connected(): boolean {
    return this.internals.protocol.connected;
  }

  /** Bytes that were published and are not yet in the hands of the operating system. */
  get pendingBytes(): number {
    const { outbound, transport } = this.internals.protocol;
    return outbound.size() + (transport.socket?.writableLength ?? 0);
  }

  /** Hands over to the operating system now what waits for the end of the current turn. */
  push(): void {
    this.internals.protocol.flushPending();
  }

  /**
   * Ends a link that no longer answers. The library first tries to write to it, and would wait as
   * long as the operating system keeps the dead socket.
   */
  abandon(): void {
    this.internals.protocol.transport.socket?.destroy();
  }

  /** After close: the library lets a dial that is under way finish, and would keep its socket. */
  discard(): void {
    this.internals.protocol.transport.discard();
  }
}
