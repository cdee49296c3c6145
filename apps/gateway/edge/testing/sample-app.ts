import type {
  EdgeApp,
  EdgeBehavior,
  EdgeListener,
  EdgeModule,
  EdgeRequest,
  EdgeResponse,
  EdgeSocket,
} from '../edge.js';
import { exclusivePort } from '../edge.js';

/** All in one byte each for V8, none of them ASCII alone. */
export const umlauts = 'n\u00e4me, \u00a0na\u00efve';

/** What a socket of the sample is told, in order. */
export interface SampleSeed {
  readonly room: string;
  readonly events: string[];
  socket: EdgeSocket<SampleSeed> | null;
}

export const largeBytes = 24 * 1024 * 1024;
export const bodyMax = 1_000;
export const backpressureMax = 256 * 1024;
export const payloadMax = 4_096;
export const idleSeconds = 8;

/** Routes that use every part of the port once, and tell what happened to them. */
export class SampleApp {
  readonly app: EdgeApp;
  port = 0;
  /** Answers that wait for a test to give them. */
  readonly waiting: EdgeResponse[] = [];
  readonly seeds: SampleSeed[] = [];
  readonly bodies: string[] = [];
  aborted = 0;
  largeOffset = 0;
  streamed = 0;
  streamTaken = true;
  private listener: EdgeListener | null = null;

  constructor(readonly edge: EdgeModule) {
    this.app = edge.App();
    this.app.get('/plain', (res) => void res.end('plain'));
    this.app.get('/things/fixed', (res) => void res.end('fixed'));
    this.app.get('/things/:id', (res, req) => this.tell(res, req));
    this.app.get('/things/:id/parts/:part', (res, req) => this.tell(res, req));
    this.app.get('/address', (res) => void res.end(new Uint8Array(res.getRemoteAddress()).join()));
    this.app.get('/bytes', (res) => void res.end(Buffer.from('h\u00e9llo')));
    this.app.get('/text/:how', (res, req) => writeText(res, req.getParameter(0)));
    this.app.get('/empty', (res) => void res.tryEnd('', 0));
    this.app.get('/same', (res) => this.same(res));
    this.app.get('/late', (res) => this.later(res));
    this.app.get('/large', (res) => this.large(res));
    this.app.get('/stream', (res) => this.stream(res));
    this.app.post('/echo', (res) => this.echo(res));
    this.app.del('/echo', (res) => this.echo(res));
    this.app.post('/limited', (res) => this.limited(res));
    this.app.ws('/live/:room', this.behavior());
    this.app.get('/live/:room', (res) => void res.end('no socket'));
    this.app.any('/*', (res, req) => this.other(res, req));
  }

  listen(port = 0): Promise<boolean> {
    return new Promise((resolve) => {
      this.app.listen('127.0.0.1', port, exclusivePort, (listener) => {
        if (listener !== false) {
          this.listener = listener;
          this.port = this.edge.us_socket_local_port(listener);
        }
        resolve(listener !== false);
      });
    });
  }

  stopListening(): void {
    if (this.listener !== null) this.edge.us_listen_socket_close(this.listener);
    this.listener = null;
  }

  stop(): void {
    this.stopListening();
    this.app.close();
  }

  private tell(res: EdgeResponse, req: EdgeRequest): void {
    const params = [req.getParameter(0), req.getParameter(1)].filter((one) => one !== '');
    const { length } = req.getHeader('x-long');
    const headers = ['x-a', 'x-none'].map((name) => req.getHeader(name));
    const seen = { params, query: req.getQuery() ?? '', url: req.getUrl(), headers, length };
    res.cork(() => {
      res.writeStatus('200 OK').writeHeader('Content-Type', 'application/json');
      res.end(JSON.stringify(seen));
    });
  }

  private same(res: EdgeResponse): void {
    res.writeStatus('304 Not Modified').writeHeader('ETag', '"1"').endWithoutBody();
  }

  private other(res: EdgeResponse, req: EdgeRequest): void {
    res.onAborted(() => (this.aborted += 1));
    res.writeStatus('404 Not Found').writeHeader('X-Method', req.getMethod());
    if (req.getMethod() === 'head') res.writeHeader('Content-Length', '5').endWithoutBody();
    else res.end('other');
  }

  private later(res: EdgeResponse): void {
    this.waiting.push(res);
    res.onAborted(() => {
      this.waiting.splice(this.waiting.indexOf(res), 1);
      this.aborted += 1;
    });
  }

  private echo(res: EdgeResponse): void {
    const pieces: string[] = [];
    res.onAborted(() => (this.aborted += 1));
    res.onData((chunk, isLast) => {
      pieces.push(Buffer.from(chunk).toString());
      if (!isLast) return;
      this.bodies.push(pieces.join(''));
      res.end(pieces.join(''));
    });
  }

  private limited(res: EdgeResponse): void {
    let length = 0;
    let answered = false;
    res.onAborted(() => (answered = true));
    res.onData((chunk, isLast) => {
      length += chunk.byteLength;
      if (answered || (length <= bodyMax && !isLast)) return;
      answered = true;
      if (length <= bodyMax) res.end('fits');
      else res.writeStatus('413 Content Too Large').end('too large', true);
    });
  }

  private large(res: EdgeResponse): void {
    const body = Buffer.alloc(largeBytes, 'x');
    const go = (offset: number): boolean => {
      const [all, done] = res.tryEnd(body.subarray(offset), largeBytes);
      if (done) this.largeOffset = largeBytes;
      return all;
    };
    res.onAborted(() => (this.aborted += 1));
    res.onWritable((offset) => {
      this.largeOffset = offset;
      return go(offset);
    });
    go(0);
  }

  /** A chunk for each that was taken, as a stream of a slow reader must do. */
  private stream(res: EdgeResponse): void {
    const chunk = 'y'.repeat(64 * 1024);
    let open = true;
    const fill = (): void => {
      while (open && this.streamTaken && this.streamed < largeBytes) {
        res.cork(() => (this.streamTaken = res.write(chunk)));
        this.streamed += chunk.length;
      }
      if (open && this.streamed >= largeBytes) {
        open = false;
        res.cork(() => res.end('end of stream'));
      }
    };
    res.onAborted(() => (open = false));
    res.onWritable(() => {
      this.streamTaken = true;
      fill();
      return true;
    });
    fill();
  }

  private behavior(): EdgeBehavior<SampleSeed> {
    const note = (socket: EdgeSocket<SampleSeed>, text: string): void => {
      socket.getUserData().events.push(text);
    };
    return {
      maxPayloadLength: payloadMax,
      maxBackpressure: backpressureMax,
      idleTimeout: idleSeconds,
      sendPingsAutomatically: true,
      upgrade: (res, req, context) => {
        res.onAborted(() => (this.aborted += 1));
        const room = req.getParameter(0);
        if (room === 'closed') {
          res.cork(() => void res.writeStatus('403 Forbidden').end('{"why":"closed"}'));
          return;
        }
        const seed: SampleSeed = { room, events: [], socket: null };
        const offered = req.getHeader('sec-websocket-protocol');
        const key = req.getHeader('sec-websocket-key');
        const extensions = req.getHeader('sec-websocket-extensions');
        res.upgrade(seed, key, offered.includes('second') ? 'second' : '', extensions, context);
      },
      open: (socket) => {
        const seed = socket.getUserData();
        seed.socket = socket;
        this.seeds.push(seed);
        note(socket, 'open');
        if (seed.room !== 'quiet') socket.subscribe(`to/${seed.room}`);
      },
      message: (socket, bytes, isBinary) => {
        const text = Buffer.from(bytes).toString();
        note(socket, `${isBinary ? 'bytes' : 'text'} ${text}`);
        if (text === 'leave') socket.unsubscribe(`to/${socket.getUserData().room}`);
        else socket.send(isBinary ? Buffer.from(text) : text, isBinary);
      },
      ping: (socket) => {
        if (socket.getUserData().room !== 'quiet') note(socket, 'ping');
      },
      pong: (socket) => {
        if (socket.getUserData().room !== 'quiet') note(socket, 'pong');
      },
      dropped: (socket) => {
        if (socket.getUserData().events.at(-1) !== 'dropped') note(socket, 'dropped');
      },
      drain: (socket) => {
        if (socket.getBufferedAmount() === 0) note(socket, 'drained');
      },
      close: (socket, code) => {
        note(socket, `close ${code}`);
        socket.getUserData().socket = null;
      },
    };
  }
}

function writeText(res: EdgeResponse, how: string): void {
  res.onAborted(() => undefined);
  if (how === 'end') res.end(umlauts);
  else if (how === 'tryEnd') res.tryEnd(umlauts, Buffer.byteLength(umlauts));
  else {
    res.cork(() => {
      res.write(umlauts);
      res.end();
    });
  }
}
