import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const waitMsMax = 600_000;

/** Asks a gateway as people do, over connections that are kept. */
export class JsonLine {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly url: URL) {}

  ask(method: string, path: string, user: readonly string[], body?: object): Promise<Said> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers: Record<string, string | number> = { 'content-length': text.length };
    if (body !== undefined) headers['content-type'] = 'application/json';
    for (const line of user) {
      const [name, value] = line.split(': ');
      headers[name] = value;
    }
    const { agent } = this;
    return new Promise((resolve, reject) => {
      const request = http.request(
        new URL(path, this.url),
        { method, agent, headers },
        (answer) => {
          let read = '';
          answer.setEncoding('utf8');
          answer.on('data', (part: string) => (read += part));
          answer.on('error', reject);
          answer.on('end', () => {
            const status = answer.statusCode ?? 0;
            resolve({ status, body: read === '' ? {} : (JSON.parse(read) as Said['body']) });
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
  }

  serving(eventId: string): Promise<Said> {
    return this.ask('GET', `/v1/events/${eventId}/queue/serving`, []);
  }

  /** Until the gateway says so of the room; how long that took. */
  async until(eventId: string, holds: (body: Said['body']) => boolean): Promise<number> {
    const startedMs = performance.now();
    for (;;) {
      const { status, body } = await this.serving(eventId);
      const passedMs = performance.now() - startedMs;
      if (status === 200 && holds(body)) return passedMs;
      if (passedMs > waitMsMax) throw new Error(`the room of ${eventId}: ${JSON.stringify(body)}`);
      await pause(50);
    }
  }

  close(): void {
    this.agent.destroy();
  }
}
