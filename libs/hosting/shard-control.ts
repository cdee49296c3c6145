import type { Bus, BusMessage, BusSubscription } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer, encodeFailure } from '#libs/bus/control-call.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { Log } from '#libs/platform/log.js';

/** What one shard process can be asked by operators and other shards, by name. */
export type ControlHandlers = Readonly<Record<string, (body: never) => unknown>>;

/**
 * Serves control-plane calls on this shard's own subjects. A handler that throws answers an error;
 * the caller decides what that means. Bodies come from our own processes of the same version and
 * are checked by their handlers only as far as safety needs.
 */
export function serveControl(
  bus: Bus,
  incarnation: string,
  handlers: ControlHandlers,
  log: Log,
): BusSubscription {
  return bus.subscribe(subjects.control(incarnation, '*'), (message) => {
    const pattern = message.subject.slice(message.subject.lastIndexOf('.') + 1);
    const handler = handlers[pattern];
    if (handler === undefined) {
      reply(bus, message, encodeFailure(`unknown call ${pattern}`));
      return;
    }
    void answer(bus, message, handler, log);
  });
}

async function answer(
  bus: Bus,
  message: BusMessage,
  handler: (body: never) => unknown,
  log: Log,
): Promise<void> {
  try {
    const body = await handler(decodeBody(message.payload) as never);
    reply(bus, message, encodeAnswer(body));
  } catch (error) {
    log.warn({ err: error, subject: message.subject }, 'control call failed');
    reply(bus, message, encodeFailure(error instanceof Error ? error.message : String(error)));
  }
}

function reply(bus: Bus, message: BusMessage, payload: Uint8Array): void {
  if (message.replyTo !== undefined) bus.publish(message.replyTo, payload);
}
