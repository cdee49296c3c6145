import type { Socket } from 'node:net';

interface Chunk {
  readonly bytes: Buffer;
  readonly dueAtMs: number;
}

/** More than this waiting, and the sender feels it, as over a real line. */
const waitingBytesMax = 1 << 20;

/** One direction of a proxied connection: delivers in order, later, or not yet. */
export class Pipe {
  #delayMs = 0;
  #jammed = false;
  #waiting: Chunk[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {}

  set(delayMs: number, jammed: boolean): void {
    this.#delayMs = delayMs;
    this.#jammed = jammed;
    this.#deliver();
  }

  write(bytes: Buffer): void {
    if (!this.#jammed && this.#delayMs === 0 && this.#waiting.length === 0) {
      this.#send(bytes);
      return;
    }
    this.#waiting.push({ bytes, dueAtMs: performance.now() + this.#delayMs });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > waitingBytesMax) this.from.pause();
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    if (this.#jammed) return;
    const nowMs = performance.now();
    while (this.#waiting.length > 0 && this.#waiting[0].dueAtMs <= nowMs) {
      const { bytes } = this.#waiting.shift()!;
      this.#waitingBytes -= bytes.length;
      this.#send(bytes);
    }
    if (this.#waiting.length === 0) this.from.resume();
    else this.#timer = setTimeout(() => this.#deliver(), this.#waiting[0].dueAtMs - nowMs + 1);
  }

  #send(bytes: Buffer): void {
    if (!this.to.writableEnded && !this.to.destroyed) this.to.write(bytes);
  }
}
