import { shownText } from '#libs/platform/shown-text.js';

export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const redrawMs = 200;
const plainEveryMs = 2_000;

/**
 * One line that says how it goes, with no control character but its own. On a terminal it is
 * rewritten in place and cut to the window's width; elsewhere it is a new line every two seconds.
 */
export class ProgressLine {
  readonly #timer: NodeJS.Timeout;
  readonly #live: boolean;

  constructor(
    private readonly screen: Screen,
    private readonly text: () => string,
  ) {
    this.#live = screen.isTTY === true;
    this.#timer = setInterval(() => this.#draw(), this.#live ? redrawMs : plainEveryMs);
  }

  /** A whole line above the progress. */
  say(line: string): void {
    this.screen.write(`${this.#live ? '\r\x1b[K' : ''}${shownText(line)}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#live) this.screen.write('\r\x1b[K');
  }

  #draw(): void {
    const text = shownText(this.text());
    if (!this.#live) {
      this.screen.write(`${text}\n`);
      return;
    }
    const width = Math.max(10, (this.screen.columns ?? 80) - 1);
    this.screen.write(`\r\x1b[K${cut(text, width)}`);
  }
}

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;
