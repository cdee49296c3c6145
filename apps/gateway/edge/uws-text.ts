import type { EdgeApp, EdgeBehavior, EdgeHandler } from './edge.js';

/** From this Node on the builds of the library have the fault. */
const firstFaultyNode = 24;

export const writesTextWrongly = (version: string): boolean =>
  Number(version.split('.')[0]) >= firstFaultyNode;

/**
 * uWebSockets.js as built for Node 24 and newer takes V8's own bytes of a string: where no
 * character is beyond U+00FF that is one byte each, and an umlaut arrives as broken UTF-8
 * (issue 1280 of its repository, seen with uwebsockets 3.0.6). Text that is not ASCII is handed
 * over as bytes instead. Older builds are used as they are, and pay nothing.
 *
 * The library makes its responses and sockets from one prototype each, which nobody sees before the
 * first of them: there it is mended, once.
 */
export function withUtf8(app: EdgeApp): EdgeApp {
  const mended = new WeakSet<object>();
  const mend = (one: object, methods: readonly string[]): void => {
    const prototype = Object.getPrototypeOf(one) as Methods;
    if (mended.has(prototype)) return;
    mended.add(prototype);
    methods.forEach((name) => (prototype[name] = takingBytes(prototype[name])));
  };
  const handled =
    (handler: EdgeHandler): EdgeHandler =>
    (res, req) => {
      mend(res, ['end', 'write', 'tryEnd']);
      handler(res, req);
    };
  const behaved = <Seed>(behavior: EdgeBehavior<Seed>): EdgeBehavior<Seed> => ({
    ...behavior,
    upgrade: (res, req, context) => {
      mend(res, ['end', 'write', 'tryEnd']);
      behavior.upgrade(res, req, context);
    },
    open: (socket) => {
      mend(socket, ['send']);
      behavior.open(socket);
    },
  });
  return {
    get: (pattern, handler) => app.get(pattern, handled(handler)),
    head: (pattern, handler) => app.head(pattern, handled(handler)),
    post: (pattern, handler) => app.post(pattern, handled(handler)),
    del: (pattern, handler) => app.del(pattern, handled(handler)),
    any: (pattern, handler) => app.any(pattern, handled(handler)),
    ws: (pattern, behavior) => app.ws(pattern, behaved(behavior)),
    publish: (topic, message, isBinary) => app.publish(topic, utf8(message), isBinary),
    listen: (host, port, options, done) => app.listen(host, port, options, done),
    close: () => app.close(),
  };
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = Record<string, Method>;

function takingBytes(method: Method): Method {
  return function (this: unknown, ...args: unknown[]) {
    if (typeof args[0] === 'string') args[0] = utf8(args[0]);
    return method.apply(this, args);
  };
}

/** Only ASCII has as many bytes as characters. */
const utf8 = <Data extends string | Uint8Array>(data: Data): Data | Uint8Array =>
  typeof data !== 'string' || Buffer.byteLength(data) === data.length ? data : Buffer.from(data);
