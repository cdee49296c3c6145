import { describe, expect, it } from '@jest/globals';

import { errorCodes, errorTable, type ErrorCode } from '#libs/contracts/errors.js';

import type { EdgeResponse } from '../edge/edge.js';
import { Exchange } from './exchange.js';

/** What an exchange writes, in order. */
class RecordedResponse {
  status = '';
  readonly headers = new Map<string, string>();
  closed = false;

  onAborted(): this {
    return this;
  }
  cork(write: () => void): this {
    write();
    return this;
  }
  writeStatus(status: string): this {
    this.status = status;
    return this;
  }
  writeHeader(name: string, value: string): this {
    this.headers.set(name, value);
    return this;
  }
  end(_body: string, closeConnection = false): this {
    this.closed = closeConnection;
    return this;
  }
}

function answered(answer: (exchange: Exchange) => void): RecordedResponse {
  const response = new RecordedResponse();
  answer(new Exchange(response as unknown as EdgeResponse, 0, 0, () => undefined));
  return response;
}

const isLoad = (code: ErrorCode): boolean => [429, 503].includes(errorTable[code].httpStatus);

describe('an error answer', () => {
  it.each(errorCodes.filter(isLoad))('%s says when to come back, whichever way', (code) => {
    const ways = [
      answered((exchange) => exchange.error(code)),
      answered((exchange) => exchange.errorAndClose(code)),
    ];
    expect(ways.map(({ headers }) => headers.get('Retry-After'))).toEqual(['1', '1']);
    expect(ways.map(({ closed }) => closed)).toEqual([false, true]);
  });

  it('says the time that is known, in whole seconds and never less', () => {
    const wait = { retry_after_ms: 2_001 };
    for (const answer of [
      answered((exchange) => exchange.error('rate_limited', wait)),
      answered((exchange) => exchange.errorAndClose('shutting_down', wait)),
    ]) {
      expect(answer.headers.get('Retry-After')).toBe('3');
    }
  });

  it('says nothing of coming back when that would not help', () => {
    const codes = errorCodes.filter((code) => !isLoad(code));
    const saying = codes.filter((code) =>
      answered((exchange) => exchange.error(code)).headers.has('Retry-After'),
    );
    expect(saying).toEqual([]);
  });
});
