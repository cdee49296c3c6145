import http from 'node:http';

/** What the bench was told about one hold: performance.now() at its sending and its answer. */
export interface AcknowledgedHold {
  readonly eventId: string;
  readonly sentMs: number;
  readonly ackedMs: number;
}

export interface LoadTarget {
  readonly eventId: string;
  /** Public seat ids; each is wanted by one buyer at a time. */
  readonly seatIds: readonly string[];
}

/**
 * Buyers who hold a seat and let it go, for ever, over HTTP: one closed loop a connection. Nothing
 * is repeated behind the scenes, so that every answer which is not the expected one is an error
 * that a buyer saw.
 */
export class MoveLoad {
  readonly acknowledged: AcknowledgedHold[] = [];
  /** Over all events. */
  holds = 0;
  /** Answers other than 201 and 200, by status; 0 = the connection broke. */
  readonly errors = new Map<number, number>();
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
  private loops: Promise<void>[] = [];
  private stopping = false;
  private turn = 0;

  constructor(
    private readonly gateway: URL,
    private readonly users: readonly (readonly string[])[],
  ) {}

  /** `record`: keep every acknowledgement, for the gaps in them. */
  start(targets: readonly LoadTarget[], connections: number, pauseMs: number, record: boolean) {
    for (let i = 0; i < connections; i += 1) {
      this.loops.push(this.run(targets, i, connections, pauseMs, record));
    }
  }

  get errorCount(): number {
    return [...this.errors.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
    this.agent.destroy();
  }

  /** Seats of a target are dealt out to the connections, so that nobody is refused. */
  private async run(
    targets: readonly LoadTarget[],
    index: number,
    connections: number,
    pauseMs: number,
    record: boolean,
  ): Promise<void> {
    for (let round = index; !this.stopping; round += connections) {
      const { eventId, seatIds } = targets[round % targets.length];
      const user = this.users[this.turn++ % this.users.length];
      const sentMs = performance.now();
      const seat = seatIds[round % seatIds.length];
      const held = await this.send('POST', '/v1/reservations', user, {
        event_id: eventId,
        seat_ids: [seat],
      });
      if (held === null) continue;
      this.holds += 1;
      if (record) this.acknowledged.push({ eventId, sentMs, ackedMs: performance.now() });
      const id = encodeURIComponent(String(held.reservation_id));
      await this.send('DELETE', `/v1/reservations/${id}`, user, null);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private send(
    method: string,
    path: string,
    headers: readonly string[],
    body: object | null,
  ): Promise<Record<string, unknown> | null> {
    const text = body === null ? '' : JSON.stringify(body);
    const named = Object.fromEntries(headers.map((line) => line.split(': ') as [string, string]));
    const options = {
      method,
      agent: this.agent,
      headers: { ...named, 'content-type': 'application/json', 'content-length': text.length },
    };
    return new Promise((resolve) => {
      const failed = (status: number): void => {
        this.errors.set(status, (this.errors.get(status) ?? 0) + 1);
        resolve(null);
      };
      const request = http.request(new URL(path, this.gateway), options, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (answer += part));
        response.on('error', () => failed(0));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          if (status !== 201 && status !== 200) failed(status);
          else resolve(JSON.parse(answer) as Record<string, unknown>);
        });
      });
      request.on('error', () => failed(0));
      request.end(text);
    });
  }
}
