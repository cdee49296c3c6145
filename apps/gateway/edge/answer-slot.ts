import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A connection as Node's HTTP server marks it. */
type Marked = Socket & { _httpMessage?: AnswerSlot | null };

/**
 * What Node's HTTP server keeps an answer as: the place in the line of a connection. Answers are
 * written past it (NodeResponse), so nothing of Node's own response is needed but what the server
 * itself asks: which one a connection is at, whether the connection is kept, and to be told when
 * the answer is complete. A stream with listeners for each request costs a fifth of this edge.
 */
export class AnswerSlot {
  /** Set by the server, from what the request says. */
  shouldKeepAlive = true;
  destroyed = false;
  private finished: (() => void) | null = null;

  /** Node 26 looks for the request here, and calls the listener with the slot as `this`. */
  constructor(readonly req: IncomingMessage) {}

  assignSocket(socket: Marked): void {
    socket._httpMessage = this;
  }

  detachSocket(socket: Marked): void {
    socket._httpMessage = null;
  }

  on(event: string, listener: () => void): this {
    if (event === 'finish') this.finished = listener;
    return this;
  }

  /** By newer Nodes, of answers that wait in line when their connection closes. */
  destroy(): this {
    this.destroyed = true;
    return this;
  }

  /** Only `finish` has a listener, the server's own. */
  emit(event: string): boolean {
    if (event !== 'finish' || this.finished === null) return false;
    this.finished();
    return true;
  }

  /** As the class that `http.createServer` takes. */
  static readonly asResponse = AnswerSlot as unknown as typeof ServerResponse;
}
