import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLog } from './log.js';
import { startMetricsServer, type MetricsServer } from './metrics-server.js';
import { Metrics } from './metrics.js';

const bare = (): Metrics => new Metrics({ labels: { role: 'shard' }, processMetrics: false });

describe('metrics', () => {
  it('show counters, also by label', async () => {
    const metrics = bare();
    const batches = metrics.counter('holdfast_batches_total', 'Batches');
    const replies = metrics.counters('holdfast_replies_total', 'Replies', 'kind', ['yes', 'no']);
    batches.value += 3;
    replies.yes.value += 1;
    const text = await metrics.text();
    expect(text).toContain('# TYPE holdfast_batches_total counter\n');
    expect(text).toContain('holdfast_batches_total{role="shard"} 3\n');
    expect(text).toContain('holdfast_replies_total{kind="yes",role="shard"} 1\n');
    expect(text).toContain('holdfast_replies_total{kind="no",role="shard"} 0\n');
  });

  it('read gauges and foreign counters when they are scraped', async () => {
    const metrics = bare();
    let depth = 1;
    metrics.gauge('holdfast_mailbox_depth', 'Commands waiting', () => depth);
    metrics.counterFrom('holdfast_foreign_total', 'Kept elsewhere', () => depth * 10);
    metrics.gauges('holdfast_saga_state', 'Sagas', 'state', () => [['pending', depth]]);
    depth = 7;
    const text = await metrics.text();
    expect(text).toContain('holdfast_mailbox_depth{role="shard"} 7\n');
    expect(text).toContain('holdfast_foreign_total{role="shard"} 70\n');
    expect(text).toContain('holdfast_saga_state{state="pending",role="shard"} 7\n');
  });

  it('count observations in buckets whose upper bounds belong to them', async () => {
    const metrics = bare();
    const seconds = metrics.histogram('holdfast_append_seconds', 'Appends', [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) seconds.observe(value);
    const text = await metrics.text();
    expect(text).toContain('holdfast_append_seconds_bucket{le="0.1",role="shard"} 2\n');
    expect(text).toContain('holdfast_append_seconds_bucket{le="1",role="shard"} 3\n');
    expect(text).toContain('holdfast_append_seconds_bucket{le="+Inf",role="shard"} 4\n');
    expect(text).toContain('holdfast_append_seconds_sum{role="shard"} 7.65\n');
    expect(text).toContain('holdfast_append_seconds_count{role="shard"} 4\n');
  });

  it('refuse a name twice, a foreign prefix, and a counter without _total', () => {
    const metrics = bare();
    metrics.counter('holdfast_once_total', 'Once');
    expect(() => metrics.counter('holdfast_once_total', 'Twice')).toThrow(/already/);
    expect(() => metrics.gauge('depth', 'No prefix', () => 0)).toThrow(/holdfast_/);
    expect(() => metrics.counter('holdfast_things', 'No unit')).toThrow(/_total/);
    expect(() => metrics.histogram('holdfast_h', 'Not ascending', [1, 1])).toThrow(/ascend/);
  });

  it('list their own names for the documentation, sorted', () => {
    const metrics = new Metrics();
    metrics.gauge('holdfast_b', 'B', () => 0);
    metrics.counters('holdfast_a_total', 'A', 'kind', ['x']);
    expect(metrics.names()).toEqual([
      { name: 'holdfast_a_total', type: 'counter', help: 'A', labels: ['kind'] },
      { name: 'holdfast_b', type: 'gauge', help: 'B', labels: [] },
    ]);
  });

  it('show the parts of one process together, each with its own labels', async () => {
    const whole = new Metrics({ labels: { role: 'gateway' }, processMetrics: false });
    const part = new Metrics({ labels: { role: 'shard' }, processMetrics: false });
    whole.counter('holdfast_requests_total', 'Requests').value = 2;
    whole.include(part);
    part.counter('holdfast_commands_total', 'Commands').value = 3;
    const lines = (await whole.text()).split('\n');
    expect(lines).toContain('holdfast_requests_total{role="gateway"} 2');
    expect(lines).toContain('holdfast_commands_total{role="shard"} 3');
    const same = new Metrics({ processMetrics: false });
    same.counter('holdfast_commands_total', 'Commands');
    expect(() => whole.include(same)).toThrow('holdfast_commands_total');
  });

  it('tell about the process, with the delay of its event loop', async () => {
    const text = await new Metrics().text();
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds \d/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
  });
});

describe('the metrics server', () => {
  let server: MetricsServer | null = null;

  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  it('answers scrapes and probes, and nothing else', async () => {
    const metrics = bare();
    metrics.counter('holdfast_batches_total', 'Batches').value = 2;
    let ready = false;
    server = await startMetricsServer({
      port: 0,
      metrics,
      alive: () => true,
      ready: () => ready,
      log: silentLog(),
    });
    const get = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${server?.port}${path}`, { method });
    const scrape = await get('/metrics?x=1');
    expect(scrape.headers.get('content-type')).toContain('text/plain');
    expect(await scrape.text()).toContain('holdfast_batches_total{role="shard"} 2');
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    ready = true;
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/other')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
  });

  it('with a token, shows numbers to those who bring it, and one word to others', async () => {
    const token = 't'.repeat(32);
    const options = { metrics: bare(), alive: () => true, ready: () => true, log: silentLog() };
    server = await startMetricsServer({ ...options, port: 0, token });
    const get = (path: string, authorization?: string) =>
      fetch(`http://127.0.0.1:${server?.port}${path}`, {
        headers: authorization === undefined ? {} : { authorization },
      });
    for (const shown of [undefined, '', token, 'Bearer ', `Bearer ${token}t`, `Basic ${token}`]) {
      const answer = await get('/metrics', shown);
      expect([shown, answer.status, await answer.text()]).toEqual([
        shown,
        401,
        'a token is needed\n',
      ]);
    }
    expect((await get('/metrics', `Bearer ${token}`)).status).toBe(200);
    expect(await (await get('/livez')).text()).toBe('ok\n');
    expect(await (await get('/readyz')).text()).toBe('ok\n');
  });

  it('cuts a scrape that fails instead of keeping the scraper waiting', async () => {
    const metrics = bare();
    metrics.gauge('holdfast_broken', 'Throws', () => {
      throw new Error('a bug in a gauge');
    });
    const options = { port: 0, metrics, alive: () => true, ready: () => true, log: silentLog() };
    server = await startMetricsServer(options);
    await expect(fetch(`http://127.0.0.1:${server.port}/metrics`)).rejects.toThrow();
    expect((await fetch(`http://127.0.0.1:${server.port}/livez`)).status).toBe(200);
  });
});
