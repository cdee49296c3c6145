import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

import { Connection } from './connection.js';

type Taken = (error?: Error | null) => void;

/** A network that takes nothing until it is told to, and then all that it was given at once. */
class SlowLine extends Duplex {
  private given: Taken | null = null;

  override _write(_chunk: Buffer, _encoding: string, taken: Taken): void {
    this.given = taken;
  }

  override _writev(_chunks: unknown, taken: Taken): void {
    this.given = taken;
  }

  override _read(): void {}

  /** Resolves when everybody has heard of it. */
  async takeAll(): Promise<void> {
    const { given } = this;
    this.given = null;
    given?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a connection of the edge', () => {
  it('tells who waits also of what came behind what had left (EG3)', async () => {
    const line = new SlowLine();
    const connection = new Connection(line as unknown as Socket);
    const told: number[] = [];
    const send = (bytes: string): void => {
      expect(connection.write(bytes)).toBe(false);
      connection.whenDrained(() => told.push(connection.waiting));
    };
    send('first');
    send('second');
    await line.takeAll();
    send('third');
    await line.takeAll();
    expect(connection.waiting).toBe(5);
    await line.takeAll();
    await line.takeAll();
    expect(connection.waiting).toBe(0);
    expect(told.at(-1)).toBe(0);
    send('fourth');
    await line.takeAll();
    await line.takeAll();
    expect(told.at(-1)).toBe(0);
  });
});
