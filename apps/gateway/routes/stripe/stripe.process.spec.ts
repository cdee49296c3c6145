import { request } from 'node:http';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { ControlServer } from '#libs/bus/control-server.js';
import { limits } from '#libs/contracts/limits.js';
import type {
  ChallengeCall,
  ChallengeReply,
  WebhookCall,
  WebhookReply,
} from '#libs/contracts/payments.js';
import { subjects } from '#libs/contracts/subjects.js';
import { silentLog } from '#libs/platform/log.js';

import { loadedEdges } from '../../edge/testing/loaded-edges.js';
import { startHarness, type Harness } from '../../testing/harness.js';

interface Said {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

describe.each(loadedEdges)('what Stripe says, over %s', (edge) => {
  let harness: Harness;
  let heard: WebhookCall[];
  let reply: WebhookReply | null;
  let waiting: (() => void)[];

  beforeAll(async () => {
    harness = await startHarness({ edge });
    const payments = new ControlServer({ bus: harness.far, log: silentLog() });
    payments.serve(subjects.payments('webhook'), async (call: WebhookCall) => {
      heard.push(call);
      if (reply === null) await new Promise<void>((resolve) => waiting.push(resolve));
      return reply ?? { kind: 'recorded' };
    });
    payments.serve(
      subjects.payments('challenge'),
      ({ method, intentId, form }: ChallengeCall): ChallengeReply => {
        if (intentId === 'pi_none') return { kind: 'not_found' };
        return method === 'GET'
          ? { kind: 'page', html: `<p>${intentId} ${form}</p>` }
          : { kind: 'sent_back', location: `https://tickets.example/?${form}` };
      },
    );
  });

  afterAll(() => harness.stop());

  beforeEach(() => {
    [heard, reply, waiting] = [[], { kind: 'recorded' }, []];
  });

  afterEach(() => {
    for (const go of waiting) go();
  });

  /** In pieces, as a body of several packets comes. */
  function say(path: string, pieces: readonly Buffer[], signature?: string): Promise<Said> {
    return new Promise((resolve, reject) => {
      const { port } = harness.gateway;
      const headers = signature === undefined ? {} : { 'stripe-signature': signature };
      const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString('utf8')));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
        });
      });
      for (const piece of pieces) sent.write(piece);
      sent.end();
    });
  }

  const hook = '/v1/stripe/webhook';

  it('reaches payments byte for byte, with its signature', async () => {
    // No JSON, not even text: nobody here reads it.
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
    const answer = await say(hook, [bytes.subarray(0, 40_000), bytes.subarray(40_000)], 't=1,v1=a');
    expect([answer.status, answer.text]).toEqual([200, '{"received":true}']);
    expect(Buffer.from(heard[0].body).equals(bytes)).toBe(true);
    expect(heard[0].signature).toBe('t=1,v1=a');
    await say(hook, []);
    expect([heard[1].body.length, heard[1].signature]).toEqual([0, '']);
  });

  it.each<[WebhookReply, number, string]>([
    [{ kind: 'bad_signature' }, 400, 'invalid_signature'],
    [{ kind: 'unreadable' }, 400, 'invalid_request'],
    [{ kind: 'unavailable', retryAfterMs: 2_000 }, 503, 'unavailable'],
  ])('is no 2xx after %j', async (said, status, code) => {
    reply = said;
    const answer = await say(hook, [Buffer.from('{}')], 't=1,v1=a');
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`"code":"${code}"`);
  });

  it('has a bound of its own', async () => {
    const most = Buffer.alloc(limits.webhookBytesMax, 'a');
    expect((await say(hook, [most])).status).toBe(200);
    const more = await say(hook, [most, Buffer.from('a')]).catch(() => null);
    expect(more?.status ?? 413).toBe(413);
    expect(heard).toHaveLength(1);
  });

  it('waits outside when there is too much of it (G8)', async () => {
    reply = null;
    const crowd = Array.from({ length: limits.webhooksInFlightMax }, () => say(hook, []));
    while (waiting.length < limits.webhooksInFlightMax) await new Promise(setImmediate);
    expect((await say(hook, [])).status).toBe(503);
    for (const go of waiting.splice(0)) go();
    reply = { kind: 'recorded' };
    expect((await Promise.all(crowd)).every(({ status }) => status === 200)).toBe(true);
    expect((await say(hook, [])).status).toBe(200);
  });

  it('shows the page of the simulated bank, and the way back', async () => {
    const path = '/v1/stripe/3d-secure/pi_1';
    const page = await fetch(`http://127.0.0.1:${harness.gateway.port}${path}?client_secret=s`);
    expect(await page.text()).toBe('<p>pi_1 client_secret=s</p>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; frame-ancestors 'none'; /,
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    const back = await say(path, [Buffer.from('outcome=complete')]);
    expect([back.status, back.headers.location]).toEqual([
      303,
      'https://tickets.example/?outcome=complete',
    ]);
    expect((await say(path.replace('pi_1', 'pi_none'), [])).status).toBe(404);
    expect((await say(path.replace('pi_1', 'x'), [])).status).toBe(400);
  });
});
