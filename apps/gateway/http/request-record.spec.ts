import { beforeEach, describe, expect, it } from '@jest/globals';
import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { Span, Tracer } from '#libs/platform/tracer.js';
import { logInto } from '#libs/testing/log-lines.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { EdgeResponse } from '../edge/edge.js';
import { RequestLog, type NamedRoute } from './request-log.js';
import { RequestRecord } from './request-record.js';

/** A client that only takes what it gets; `leave` is its way out. */
class Client {
  leave = (): void => undefined;
  readonly res = {
    onAborted: (handler: () => void) => void (this.leave = handler),
    cork: (write: () => void) => write(),
    writeStatus: () => this.res,
    writeHeader: () => this.res,
    end: () => this.res,
  };
}

const { log, lines } = logInto();
let clock: VirtualClock;
let ended: number[];
let spans: [how: 'recorded' | 'kept', span: Span][];
let headId: string | null;
let traceparent: string;

const tracer: Tracer = {
  head: () => headId,
  spanId: () => 'f'.repeat(16),
  record: (span) => void spans.push(['recorded', span]),
  keep: (span) => void spans.push(['kept', span]),
};

beforeEach(() => {
  spans = [];
  [headId, traceparent] = [null, ''];
  clock = new VirtualClock();
  ended = [];
  lines.length = 0;
});

async function request(
  route: NamedRoute,
  takesMs: number,
  status: number | 'gone',
  params: readonly string[] = [],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const client = new Client();
  const record = new RequestRecord(route, 7, {
    tracer,
    clock,
    requests: new RequestLog(log, clock),
    traces: new TraceIds(systemRandom),
    traffic: {
      leaving: false,
      inFlight: 0,
      begin: () => undefined,
      end: (_index, how) => void ended.push(how),
    },
  });
  const exchange = record.begin(client.res as unknown as EdgeResponse);
  exchange.hear(traceparent);
  record.sample(exchange);
  exchange.params = params;
  await clock.advance(takesMs);
  if (status === 'gone') client.leave();
  else exchange.json(status, '{}');
  return lines.at(-1);
}

const plain: NamedRoute = { operationId: 'showEvent' };

describe('a request', () => {
  it('leaves no line when it was answered in time', async () => {
    for (const status of [200, 304, 404, 409, 429]) await request(plain, 10, status);
    expect(await request(plain, limits.slowRequestMs, 201)).toBeUndefined();
    expect(ended).toEqual([200, 304, 404, 409, 429, 201]);
  });

  it('leaves one when it failed on our side', async () => {
    const line = await request(plain, 10, 503);
    expect(line).toMatchObject({ msg: 'request', route: 'showEvent', status: 503, ms: 10 });
    expect(line?.trace).toMatch(/^[0-9a-f]{32}$/);
  });

  it('leaves one when it took long, also when the client did not wait for it', async () => {
    const longMs = limits.slowRequestMs + 1;
    expect(await request(plain, longMs, 200)).toMatchObject({ status: 200, ms: longMs });
    expect(await request(plain, longMs, 'gone')).toMatchObject({ status: 0, ms: longMs });
  });

  it('is named by the ids in its path, if they are ids', async () => {
    const params = Type.Object({ booking_id: Type.String() });
    const route = { operationId: 'showBooking', params };
    const booking = 'bkg_show_0123456789abcdef';
    expect(await request(route, 10, 503, [booking])).toMatchObject({ booking });
    const line = await request(route, 10, 503, ['x","level":"fatal'.repeat(1_000)]);
    expect(Object.keys(line ?? {})).not.toContain('booking');
  });

  it('leaves one in any case when it is about money, and none when it is a probe', async () => {
    const paying = { operationId: 'createBooking', alwaysLogged: true };
    expect(await request(paying, 10, 201)).toMatchObject({ route: 'createBooking', status: 201 });
    lines.length = 0;
    await request({ operationId: 'readyz', cost: 0 }, 10, 503);
    expect(lines).toEqual([]);
  });
});

describe('the span of a request', () => {
  const route: NamedRoute = { ...plain, method: 'GET', path: '/v1/events/{event_id}' };
  const [theirs, above] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];

  it('is there when it is traced, under whoever asked', async () => {
    [headId, traceparent] = ['1'.repeat(16), `00-${theirs}-${above}-01`];
    await request(route, 10, 404);
    expect(spans).toEqual([
      [
        'recorded',
        {
          ...{ trace: theirs, id: headId, parent: above, kind: 'server' },
          ...{ name: 'GET /v1/events/{event_id}', fromMs: 0, toMs: 10 },
          attributes: {
            'http.request.method': 'GET',
            'http.route': '/v1/events/{event_id}',
            'http.response.status_code': 404,
          },
        },
      ],
    ]);
  });

  it('is there when it is not traced and failed, took long or lost its client', async () => {
    await request(route, 10, 200);
    await request(route, 10, 503);
    await request(route, limits.slowRequestMs + 1, 200);
    await request(route, limits.slowRequestMs + 1, 'gone');
    expect(spans.map(([how, { error }]) => [how, error])).toEqual([
      ['kept', '503'],
      ['kept', undefined],
      ['kept', 'the client went away first'],
    ]);
  });

  it('is never there of a probe', async () => {
    headId = '1'.repeat(16);
    await request({ operationId: 'readyz', cost: 0 }, 10, 503);
    expect(spans).toEqual([]);
  });
});
