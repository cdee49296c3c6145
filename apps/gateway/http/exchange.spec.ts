import { describe, expect, it } from '@jest/globals';

import { errorCodes, errorTable, type ErrorCode } from '#libs/contracts/errors.js';

import { TraceIds, derivedTrace } from '#libs/platform/trace.js';
import { systemRandom } from '#libs/platform/random.js';
import type { InventoryCall } from '#libs/routing/inventory-call.js';

import type { EdgeResponse } from '../edge/edge.js';
import { Exchange } from './exchange.js';
import { statusLines } from './status.js';

/** What an exchange writes, in order. */
class RecordedResponse {
  status = '';
  readonly headers = new Map<string, string>();
  body = '';
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
  end(body: string, closeConnection = false): this {
    this.body = body;
    this.closed = closeConnection;
    return this;
  }
}

const owner = { finished: () => undefined, traces: new TraceIds(systemRandom) };

const begun = (response = new RecordedResponse()): Exchange =>
  new Exchange(response as unknown as EdgeResponse, 0, 0, owner);

function answered(answer: (exchange: Exchange) => void): RecordedResponse {
  const response = new RecordedResponse();
  answer(begun(response));
  return response;
}

const isLoad = (code: ErrorCode): boolean => [429, 503].includes(errorTable[code].httpStatus);

describe('a refusal of an event stream', () => {
  const refusal = (code: ErrorCode, extras = {}): RecordedResponse =>
    answered((exchange) => {
      exchange.streams = true;
      exchange.error(code, extras);
    });

  it.each(errorCodes.filter((code) => errorTable[code].retry))(
    'with %s is a stream that ends with it, so that a browser comes back',
    (code) => {
      const { status, headers, body, closed } = refusal(code, { retry_after_ms: 2_500 });
      expect([status, closed]).toEqual([statusLines[200], false]);
      expect(headers.get('Content-Type')).toBe('text/event-stream');
      expect(headers.get('Cache-Control')).toBe('no-store');
      const [retry, data, ...rest] = body.split('\n');
      expect([retry, ...rest]).toEqual(['retry: 2500', '', '']);
      expect(JSON.parse(data.slice('data: '.length))).toMatchObject({
        type: 'error',
        error: { code, retry_after_ms: 2_500 },
      });
    },
  );

  it('that no time can mend keeps its status', () => {
    expect(refusal('event_not_found').status).toMatch(/^404/);
    expect(refusal('unauthorized').status).toMatch(/^401/);
  });
});

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

describe('a large answer', () => {
  it('says that the connection ends with it, when the server is going', () => {
    const said = [false, true].map((last) => {
      const response = new RecordedResponse();
      const exchange = begun(response);
      exchange.last = last;
      exchange.sendLarge('application/json', [], 1, () => undefined);
      return response.headers.get('Connection');
    });
    expect(said).toEqual([undefined, 'close']);
  });
});

describe('the trace of an exchange', () => {
  const theirs = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${theirs}-b7ad6b7169203331-01`;
  const call = { commandId: 'usr_ada/one' } as InventoryCall;

  it('is what the client named, and its commands carry it', () => {
    const exchange = begun();
    exchange.hear(traceparent);
    expect(exchange.follow(call)).toEqual({ ...call, trace: theirs });
    expect(exchange.trace).toBe(theirs);
  });

  it.each(['', 'nonsense', traceparent.toUpperCase()])(
    'is that of its command after the traceparent %j, and the command carries none',
    (header) => {
      const exchange = begun();
      exchange.hear(header);
      expect(exchange.follow(call)).toBe(call);
      expect(exchange.trace).toBe(derivedTrace('usr_ada/one'));
    },
  );

  it('stays what it was when it was needed before the command', () => {
    const exchange = begun();
    const { trace } = exchange;
    expect(exchange.follow(call)).toEqual({ ...call, trace });
    expect(exchange.trace).toBe(trace);
    expect(begun().trace).not.toBe(trace);
  });

  it('is in every answer that somebody may have to look into, and in no other', () => {
    const has = (code: ErrorCode): boolean[] => {
      const { headers, body } = answered((exchange) => {
        exchange.hear(traceparent);
        exchange.error(code);
      });
      const { error } = JSON.parse(body) as { error: { trace_id?: string } };
      return [headers.get('Trace-Id') === theirs, error.trace_id === theirs];
    };
    const wanted = errorCodes.filter((code) => has(code).includes(true));
    expect(wanted.flatMap(has)).not.toContain(false);
    expect(wanted.map((code) => errorTable[code].httpStatus).sort()).toEqual([
      402, 500, 503, 503, 503, 503,
    ]);
  });
});
