import http from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

import { limits } from '#libs/contracts/limits.js';

import { otherEventId } from '../seats/other-events.js';
import { kinds, listedEvents, type Kind } from './kinds.js';

/** One address that asks as often as it may, for `ms`; `url`: of the gateway. */
export interface NeighbourOrder {
  readonly url: string;
  readonly kind: Kind;
  readonly ms: number;
  /** From 0, of this kind. */
  readonly round: number;
}

/** How often it asked, and how often it got what it was about: see Asker.served. */
export interface NeighbourReport {
  readonly asked: number;
  readonly served: number;
}

const showPath = '/v1/events/evt_show1';
const socketsMax = limits.socketsPerAddressMax;
/** Of a second's requests, how many are made at once. */
const beatMs = 20;
/** Each says as much as it may, so that it gets more than the kernel keeps for it. */
const pausedMax = Math.floor(limits.addressRequestsPerSecond / limits.socketMessagesPerSecond) - 1;

process.on('message', (order: NeighbourOrder) => {
  void ask(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

async function ask({ url, kind, ms, round }: NeighbourOrder): Promise<NeighbourReport> {
  const localAddress = `127.0.4.${kinds.indexOf(kind) + 1}`;
  const to = new Asker(url, localAddress);
  // Without a token no byte of what he says would be read.
  const token = kind === 'bad input' ? await sessionOf(url) : '';
  const acts: Record<Kind, () => void> = {
    lists: () => to.get(`${showPath}/seats`),
    'many lists': () => to.getOther(round),
    searches: () => to.get(`/v1/events/search?keyword=${Math.random().toString(36).slice(2)}`),
    'bad input': () => to.post('/v1/reservations', token, '{"event_id":'.repeat(200)),
    connections: () => to.knock(),
    sockets: () => to.openSocket(true),
    resumes: () => to.resume(socketsMax, false),
    'slow reads': () => to.readNothing(),
    'unread maps': () => to.resume(pausedMax, true),
  };
  const untilMs = performance.now() + ms;
  let asked = 0;
  try {
    for (const startMs = performance.now(); performance.now() < untilMs; await pause(beatMs)) {
      const due = ((performance.now() - startMs) / 1_000) * limits.addressRequestsPerSecond;
      for (; asked < due; asked++) acts[kind]();
    }
  } finally {
    to.close();
  }
  return { asked, served: to.served };
}

async function sessionOf(url: string): Promise<string> {
  const answer = await fetch(new URL('/v1/sessions', url), { method: 'POST' });
  return ((await answer.json()) as { token: string }).token;
}

class Asker {
  /**
   * Answers that say 2xx, or 4xx to bad input; connections that were open; frames of a live map
   * that came, or for one that is not read, resumes that were sent to it while it was open.
   */
  served = 0;
  private readonly agent: http.Agent;
  private readonly sockets = new Set<WebSocket>();
  private readonly lines = new Set<{ destroy(): unknown }>();
  private turn = 0;

  constructor(
    private readonly url: string,
    private readonly localAddress: string,
  ) {
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 16, localAddress });
  }

  get(path: string): void {
    const headers = { 'accept-encoding': 'identity' };
    const request = http.get(new URL(path, this.url), { agent: this.agent, headers }, (answer) => {
      if (answer.statusCode === 200) this.served += 1;
      answer.resume();
    });
    request.on('error', () => undefined);
  }

  /** The list of one event after the other. */
  getOther(round: number): void {
    const index = round * listedEvents + (this.turn++ % listedEvents);
    this.get(`/v1/events/${otherEventId(index)}/seats`);
  }

  post(path: string, token: string, text: string): void {
    const headers = {
      ...{ 'content-type': 'application/json', 'content-length': text.length },
      authorization: `Bearer ${token}`,
    };
    const options = { method: 'POST', agent: this.agent, headers };
    const request = http.request(new URL(path, this.url), options, (answer) => {
      if (answer.statusCode === 400) this.served += 1;
      answer.resume();
    });
    request.on('error', () => undefined);
    request.end(text);
  }

  /** Bytes that are no request. */
  knock(): void {
    const line = this.line();
    line.write('GET / HTTP/9\r\n\0\r\n\r\n');
    line.on('data', () => undefined);
  }

  openSocket(shut: boolean): WebSocket {
    const live = new URL(`${showPath}/live`, this.url.replace('http', 'ws'));
    const socket = new WebSocket(live, { localAddress: this.localAddress });
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('message', () => {
      this.served += 1;
      if (shut) socket.terminate();
    });
    return socket;
  }

  /**
   * From `most` sockets, each in its turn, for what is missing since ever. `unread`: they read
   * nothing of it.
   */
  resume(most: number, unread: boolean): void {
    if (this.sockets.size < most) {
      const socket = this.openSocket(false);
      if (unread) socket.on('open', () => socket.pause());
    }
    const open = [...this.sockets].filter(({ readyState }) => readyState === WebSocket.OPEN);
    const resume = JSON.stringify({ type: 'resume', version: 0 });
    const socket = open.at(this.turn++ % Math.max(1, open.length));
    if (socket === undefined) return;
    socket.send(resume);
    if (unread) this.served += 1;
  }

  /** Lists and event streams, and nothing of them is read. */
  readNothing(): void {
    const what = this.turn++ % 2 === 0 ? `${showPath}/seats` : `${showPath}/live`;
    const line = this.line();
    line.pause();
    line.write(`GET ${what} HTTP/1.1\r\nHost: neighbour\r\nAccept: text/event-stream, */*\r\n\r\n`);
    line.on('connect', () => line.pause());
  }

  close(): void {
    this.agent.destroy();
    for (const socket of this.sockets) socket.terminate();
    for (const line of this.lines) line.destroy();
  }

  private line() {
    const { port, hostname } = new URL(this.url);
    const at = { port: Number(port), host: hostname, localAddress: this.localAddress };
    const line = connect(at);
    this.lines.add(line);
    line.on('connect', () => (this.served += 1));
    line.on('error', () => undefined);
    return line;
  }
}
