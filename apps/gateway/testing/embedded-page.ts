import { readFileSync } from 'node:fs';
import path from 'node:path';
import WebSocket from 'ws';
import * as client from '#libs/client/holdfast.js';
import type { SocketLike } from '#libs/client/web-lines.js';
import { until } from '#libs/testing/until.js';

/** The page of docs/how-to/embed.md, run as it stands there, with elements that it names. */
export class EmbeddedPage {
  readonly #elements = new Map<string, PageElement>();
  readonly #sockets: WebSocket[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #left = false;
  readonly #later = (callback: () => void, delayMs: number): unknown => {
    if (this.#left) return undefined;
    const timer = setTimeout(callback, delayMs);
    this.#timers.push(timer);
    return timer;
  };

  constructor(
    private readonly base: string,
    private readonly eventId: string,
  ) {}

  async start(): Promise<void> {
    const html = /```html\n([\s\S]*?)```/.exec(embedText)?.[1] ?? '';
    for (const [, id] of html.matchAll(/<\w+ id="(\w+)"/g)) {
      this.#elements.set(id, { textContent: '', disabled: true, hidden: true });
    }
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    const body = script.replace(/import (\{.*\}) from '.\/holdfast.js';/, 'const $1 = client;');
    const location = { origin: this.base, search: `?event=${this.eventId}` };
    const document = { getElementById: (id: string) => this.element(id) };
    const sockets = this.#sockets;
    class PageSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    }
    const window = {
      ...globals,
      setTimeout: this.#later,
      WebSocket: PageSocket as unknown as SocketClass,
    };
    const given = { client, location, document, window, setTimeout: this.#later };
    const run = new AsyncFunction(...Object.keys(given), 'addEventListener', body);
    await run(...Object.values(given), () => undefined);
  }

  /** Its tab is closed. */
  leave(): void {
    this.#left = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.terminate();
  }

  element(id: string): PageElement {
    const element = this.#elements.get(id);
    if (element === undefined) throw new Error(`the page has no ${id}`);
    return element;
  }

  text(id: string, pattern: RegExp): Promise<void> {
    const shown = () => this.element(id).textContent;
    return until(
      () => pattern.test(shown()),
      () => `${id} says ${String(pattern)}, not ${shown()}`,
    );
  }
}

interface PageElement {
  textContent: string;
  disabled: boolean;
  hidden: boolean;
  onclick?: () => Promise<void>;
}

type SocketClass = new (url: string, protocols: string[]) => SocketLike;

const embedText = readFileSync(
  path.join(import.meta.dirname, '../../../docs/how-to/embed.md'),
  'utf8',
);

const globals = { fetch, clearTimeout, Date, Math };

const AsyncFunction = (async () => Promise.resolve()).constructor as new (
  ...parts: string[]
) => (...given: unknown[]) => Promise<void>;
