import { describe, expect, it } from '@jest/globals';

import type { EdgeApp, EdgeHandler, EdgeRequest, EdgeResponse } from './edge.js';
import { withUtf8, writesTextWrongly } from './uws-text.js';

/** Keeps what it is given; all of one kind have one prototype, as those of the library. */
class Written {
  readonly said: unknown[] = [];

  end(body: unknown): this {
    this.said.push(body);
    return this;
  }
  write(chunk: unknown): boolean {
    this.said.push(chunk);
    return true;
  }
  tryEnd(chunk: unknown, total: number): [boolean, boolean] {
    this.said.push(chunk, total);
    return [true, true];
  }
}

function served(write: EdgeHandler): readonly unknown[] {
  const handlers: EdgeHandler[] = [];
  const app = { get: (_pattern: string, handler: EdgeHandler) => handlers.push(handler) };
  withUtf8(app as unknown as EdgeApp).get('/', write);
  const written = new Written();
  handlers[0](written as unknown as EdgeResponse, {} as EdgeRequest);
  return written.said;
}

const bytes = (text: string): Buffer => Buffer.from(text);

describe('text for builds that take the bytes of a string as V8 has them', () => {
  it('is handed over as UTF-8 where it is not ASCII', () => {
    expect(served((res) => void res.end('n\u00e4me'))).toEqual([bytes('n\u00e4me')]);
    expect(served((res) => void res.write('\u00a0'))).toEqual([bytes('\u00a0')]);
    expect(served((res) => void res.tryEnd('\u20ac', 3))).toEqual([bytes('\u20ac'), 3]);
  });

  it('stays as it is where it is ASCII, or bytes already', () => {
    const raw = bytes('\u00e4');
    expect(served((res) => void res.end('plain'))).toEqual(['plain']);
    expect(served((res) => void res.end(raw))).toEqual([raw]);
    expect(served((res) => void res.end())).toEqual([undefined]);
  });

  it('is left to the builds that write it right', () => {
    expect(['20.19.6', '22.23.5', '24.0.0', '25.1.0'].map(writesTextWrongly)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
