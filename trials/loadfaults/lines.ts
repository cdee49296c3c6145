import { connect, type Socket } from 'node:net';

export interface LineAnswer {
  readonly status: number;
  readonly retryAfter: boolean;
}

type Answered = (answer: LineAnswer, dueMs: number) => void;

const openedAtOnce = 256;

/** Keep-alive connections with one request each on its way; whoever is free takes the next. */
export class Lines {
  /** On their way when their connection broke. */
  lost = 0;
  private readonly all: Line[] = [];
  private readonly free: Line[] = [];

  static async open(
    target: { readonly host: string; readonly port: number },
    count: number,
    answered: Answered,
  ): Promise<Lines> {
    const lines = new Lines();
    while (lines.all.length < count) {
      const more = Math.min(openedAtOnce, count - lines.all.length);
      const opened = Array.from({ length: more }, () => lines.add(connect(target), answered));
      await Promise.all(opened);
    }
    return lines;
  }

  get inFlight(): number {
    return this.all.filter(({ dueMs }) => dueMs !== null).length;
  }

  /** False: all are waiting for an answer, or gone. */
  send(text: string, dueMs: number): boolean {
    const line = this.free.pop();
    if (line === undefined) return false;
    line.dueMs = dueMs;
    line.socket.write(text);
    return true;
  }

  close(): void {
    for (const { socket } of this.all) socket.destroy();
  }

  private add(socket: Socket, answered: Answered): Promise<void> {
    const line: Line = { socket, dueMs: null, rest: '' };
    this.all.push(line);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      const answer = read(line, chunk.toString('latin1'));
      if (answer === null || line.dueMs === null) return;
      answered(answer, line.dueMs);
      line.dueMs = null;
      this.free.push(line);
    });
    socket.on('close', () => {
      if (line.dueMs !== null) this.lost += 1;
      line.dueMs = null;
      const at = this.free.indexOf(line);
      if (at >= 0) this.free.splice(at, 1);
    });
    return new Promise((resolve, reject) => {
      socket.once('connect', () => {
        this.free.push(line);
        resolve();
      });
      socket.on('error', reject);
    });
  }
}

interface Line {
  readonly socket: Socket;
  /** Of the request that waits for its answer. */
  dueMs: number | null;
  rest: string;
}

function read(line: Line, text: string): LineAnswer | null {
  const all = line.rest + text;
  line.rest = all;
  const headEnd = all.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = all.slice(0, headEnd);
  if (all.length < headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return null;
  line.rest = '';
  return { status: Number(head.slice(9, 12)), retryAfter: /retry-after:/i.test(head) };
}
