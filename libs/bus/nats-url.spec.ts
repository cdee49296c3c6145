import { describe, expect, it } from '@jest/globals';
import { readNatsUrl, spreadServers } from './nats-url.js';

describe('the url of NATS', () => {
  it('names one server or several, with the usual port when none is given', () => {
    expect(readNatsUrl('nats://127.0.0.1:4333')).toEqual({ servers: ['127.0.0.1:4333'] });
    expect(readNatsUrl('a, nats://b:5000 ,c:6000,')).toEqual({
      servers: ['a:4222', 'b:5000', 'c:6000'],
    });
    expect(readNatsUrl('nats://[::1]:4222')).toEqual({ servers: ['[::1]:4222'] });
  });

  it('is begun at another server by each shard, and by chance without a number', () => {
    const servers = ['a', 'b', 'c'];
    const random = { token: () => '', fraction: () => 0.99 };
    const firsts = [1, 2, 3].map((n) => spreadServers(servers, `shard-${n}`, random)[0]);
    expect(firsts).toEqual(['b', 'c', 'a']);
    expect(spreadServers(servers, 'gateway', random)).toEqual(['c', 'a', 'b']);
    expect(spreadServers(['a'], 'shard-7', random)).toEqual(['a']);
  });

  it('carries a user and password, or a token', () => {
    expect(readNatsUrl('nats://app:p%40ss@a:4222,nats://b')).toEqual({
      servers: ['a:4222', 'b:4222'],
      user: 'app',
      pass: 'p@ss',
    });
    expect(readNatsUrl('nats://s3cret@a')).toEqual({ servers: ['a:4222'], token: 's3cret' });
  });

  it('asks for an encrypted link', () => {
    expect(readNatsUrl('tls://a:4222')).toEqual({ servers: ['a:4222'], tls: {} });
  });

  it('is refused without being repeated when it is none', () => {
    const wrong = ['', ' , ', 'http://x:hunter2@a', 'nats://', 'nats://a:port', '100%@a'];
    for (const text of wrong) {
      expect(() => readNatsUrl(text)).toThrow(/NATS url/);
    }
    expect(() => readNatsUrl('http://x:hunter2@a')).not.toThrow(/hunter2/);
  });
});
