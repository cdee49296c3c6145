import { afterEach, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '#libs/testing/until.js';
import { Balancer } from './balancer.js';

const servers: http.Server[] = [];
let balancer: Balancer;

afterEach(() => {
  balancer.stop();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A gateway that says on /readyz what it is told to say. */
async function gateway(answer: { status: number }): Promise<string> {
  const server = http.createServer((_, response) => {
    response.writeHead(answer.status).end('{}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ports = (count: number): Set<string> =>
  new Set(Array.from({ length: count }, () => balancer.next().port));

describe('the balancer', () => {
  it('takes a gateway out while it is not ready, or not there', async () => {
    const [one, two] = [{ status: 200 }, { status: 200 }];
    const urls = [await gateway(one), await gateway(two)];
    balancer = new Balancer(urls);
    expect(ports(4).size).toBe(2);
    one.status = 503;
    await until(() => balancer.ready === 1, 'the first is out');
    expect([...ports(4)]).toEqual([new URL(urls[1]).port]);
    one.status = 200;
    await until(() => balancer.ready === 2, 'the first is back');
    servers[1].close().closeAllConnections();
    await until(() => balancer.ready === 1, 'the second is out');
    expect([...ports(4)]).toEqual([new URL(urls[0]).port]);
  });

  it('gives all of them when none is ready: an answer is better than none', async () => {
    const answer = { status: 503 };
    balancer = new Balancer([await gateway(answer), await gateway(answer)]);
    await until(() => balancer.ready === 0, 'both are out');
    expect(ports(4).size).toBe(2);
  });
});
