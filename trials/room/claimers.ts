import { setTimeout as pause } from 'node:timers/promises';
import { JsonLine } from '#bench/room/json-line.js';

export interface Claimed {
  readonly user: number;
  /** As the gateway said it. */
  readonly position: number;
  readonly until: string;
  readonly admittedAtMs: number;
}

const lookMs = 50;
const againMs = 100;

interface PlaceBody {
  readonly state: string;
  readonly position: number;
  readonly admission: { readonly until: string } | null;
}

/**
 * All who wait: they look how far it is, at whichever gateway answers, and ask for their turn
 * until they have it. Whoever dies meanwhile costs them tries, and must not cost them more.
 */
export class Claimers {
  readonly claimed: Claimed[] = [];
  /** Answers of another kind than "later": none, or something is wrong. */
  readonly wrong: string[] = [];
  /** The most that any gateway said. */
  serving = 0;
  private readonly lines: readonly JsonLine[];
  private readonly asking: Promise<void>[] = [];
  private going = true;
  private turn = 0;

  constructor(
    urls: readonly URL[],
    private readonly eventId: string,
    private readonly users: readonly (readonly string[])[],
    /** Of each position. */
    private readonly userAt: readonly number[],
  ) {
    this.lines = urls.map((url) => new JsonLine(url));
  }

  async start(): Promise<void> {
    let seen = 0;
    while (this.going) {
      const { status, body } = await this.ask('GET', '/serving', []);
      if (status === 200) this.serving = Math.max(this.serving, body.serving as number);
      for (; seen < this.serving; seen += 1) this.asking.push(this.claim(this.userAt[seen], seen));
      await pause(lookMs);
    }
    await Promise.all(this.asking);
  }

  stop(): void {
    this.going = false;
  }

  close(): void {
    for (const line of this.lines) line.close();
  }

  private async claim(user: number, expected: number): Promise<void> {
    const body = { nonce: 'asks-again-for-his-turn' };
    for (;;) {
      const answer = await this.ask('POST', '', this.users[user], body);
      const { state, position, admission } = answer.body as unknown as PlaceBody;
      if (answer.status === 200 && position !== expected) {
        this.wrong.push(`${user} was at ${expected} and is at ${position}`);
        return;
      }
      if (answer.status === 200 && admission !== null) {
        const { until } = admission;
        this.claimed.push({ user, position, until, admittedAtMs: Date.now() });
        return;
      }
      // A gateway may be behind the one that said how far it is.
      if (answer.status === 200 && state !== 'waiting') {
        this.wrong.push(`${user} is ${state} at ${position}`);
        return;
      }
      await pause(againMs);
    }
  }

  /** Of one gateway after the other; status 0: it did not answer. */
  private async ask(method: string, more: string, user: readonly string[], body?: object) {
    this.turn += 1;
    const line = this.lines[this.turn % this.lines.length];
    const path = `/v1/events/${this.eventId}/queue${more}`;
    return line.ask(method, path, user, body).catch(() => ({ status: 0, body: {} as never }));
  }
}
