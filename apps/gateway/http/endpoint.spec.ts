import { describe, expect, it } from '@jest/globals';

import type { EdgeRequest, EdgeResponse } from '../edge/edge.js';
import { Endpoint, type EndpointPorts } from './endpoint.js';
import type { Route } from './route.js';

/** A client that keeps what it is told, in order. */
class Told {
  readonly lines: unknown[] = [];

  get response(): EdgeResponse {
    const self = this as unknown;
    return self as EdgeResponse;
  }

  onAborted(): void {
    this.lines.push('listens');
  }

  cork(write: () => void): void {
    write();
  }

  writeStatus(status: string): this {
    this.lines.push(status.split('\r\n')[0]);
    return this;
  }

  writeHeader(): this {
    return this;
  }

  end(_body: string, closes: boolean): void {
    this.lines.push(closes ? 'closes' : 'goes on');
  }
}

const route = {
  method: 'POST',
  path: '/v1/things',
  operationId: 'makeThing',
  auth: 'none',
  body: { type: 'object', properties: {}, additionalProperties: false },
  responses: {},
  handle: () => undefined,
} as unknown as Route;

const ports = {
  clock: { monotonicMs: () => 0, nowMs: () => 0 },
  traffic: { leaving: false, inFlight: 0, begin: () => undefined, end: () => undefined },
  requests: { ended: () => undefined, failed: () => undefined },
  traces: { next: () => '0'.repeat(32) },
  admission: { forwardedIn: () => '' },
  cors: null,
} as unknown as EndpointPorts;

const requestOf = (coding: string): EdgeRequest =>
  ({
    getHeader: (name: string) => (name === 'transfer-encoding' ? coding : ''),
  }) as unknown as EdgeRequest;

describe('a body of an unclear end', () => {
  it('is refused when its packet was read, and the connection closed', async () => {
    const told = new Told();
    new Endpoint(route, 0, ports).serve(told.response, requestOf('gzip'));
    // An answer in this turn would let the library go on with what stands behind.
    expect(told.lines).toEqual(['listens']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.lines).toEqual(['listens', '400 Bad Request', 'closes']);
  });
});
