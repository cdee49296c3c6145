import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { addressBytes } from '../edge/remote-address.js';
import { networksOf, TrustedProxies, type ForwardedHeader } from './trusted-proxies.js';

const house = '10.0.0.0/8, 192.0.2.7, fd00::/8, ::1';

function proxies(networks = house, header: ForwardedHeader = 'x-forwarded-for'): TrustedProxies {
  return new TrustedProxies(networksOf(networks) ?? [], header);
}

const bytesOf = (address: string): number[] => [...new Uint8Array(addressBytes(address))];

const clientOf = (trusted: TrustedProxies, peer: string, said: string): number[] => [
  ...new Uint8Array(trusted.clientOf(addressBytes(peer), said)),
];

describe('the client behind trusted proxies', () => {
  it.each([
    [
      'is the connection’s own where the peer is not trusted (XF1)',
      '9.9.9.9',
      '1.2.3.4',
      '9.9.9.9',
    ],
    ['is what the proxy says', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['is the same for a proxy of IPv6', 'fd12::1', '2001:db8::5', '2001:db8::5'],
    ['is the rightmost that is no proxy (XF2)', '10.0.0.1', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['passes over proxies of the house', '10.0.0.1', '1.2.3.4,10.9.9.9 , 192.0.2.7', '1.2.3.4'],
    ['is not looked for left of it', '10.0.0.1', 'what, "ever, 1.2.3.4', '1.2.3.4'],
    ['is the furthest proxy when all are', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is the proxy that says nothing', '10.0.0.1', '', '10.0.0.1'],
    ['is the proxy that does not know (XF3)', '10.0.0.1', '1.2.3.4, unknown', '10.0.0.1'],
    ['is the last one reached before that', '10.0.0.1', '1.2.3.4, ?, 10.0.0.2', '10.0.0.2'],
    ['is the proxy behind an empty place', '10.0.0.1', '1.2.3.4, ', '10.0.0.1'],
    ['has no number over 255', '10.0.0.1', '1.2.3.456', '10.0.0.1'],
    ['has no zone', '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
    ['has a port or none', '10.0.0.1', '1.2.3.4:5678', '1.2.3.4'],
    ['has a port in IPv6 too', '10.0.0.1', '[2001:db8::5]:5678', '2001:db8::5'],
    ['has no brackets in IPv4', '10.0.0.1', '[1.2.3.4]:5678', '10.0.0.1'],
    ['is IPv4 where IPv6 holds it', '10.0.0.1', '::ffff:1.2.3.4', '1.2.3.4'],
    ['is IPv4 where IPv6 holds it in hex', '10.0.0.1', '::ffff:102:304', '1.2.3.4'],
  ])('%s', (_what, peer, said, client) => {
    expect(clientOf(proxies(), peer, said)).toEqual(bytesOf(client));
  });

  it('is found behind a proxy whose IPv4 came through an IPv6 socket', () => {
    const mapped = Uint8Array.of(...Array<number>(10).fill(0), 255, 255, 10, 0, 0, 1).buffer;
    expect([...new Uint8Array(proxies().clientOf(mapped, '1.2.3.4'))]).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['for=1.2.3.4', '1.2.3.4'],
    ['for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.1', '1.2.3.4'],
    ['proto=http; For="[2001:db8::5]:4711"', '2001:db8::5'],
    ['for="1.2.3.4:80"', '1.2.3.4'],
    ['for="6.6.6.6, for=1.2.3.4', '1.2.3.4'],
    ['for=6.6.6.6, for=_hidden', '10.0.0.1'],
    ['for=6.6.6.6, for=unknown', '10.0.0.1'],
    ['for=6.6.6.6;for=1.2.3.4', '10.0.0.1'],
    ['host="a,b";for=1.2.3.4;ext="x,y"', '10.0.0.1'],
    ['1.2.3.4', '10.0.0.1'],
  ])('is read from Forwarded: %s', (said, client) => {
    const trusted = proxies(house, 'forwarded');
    expect(clientOf(trusted, '10.0.0.1', said)).toEqual(bytesOf(client));
  });

  it('is looked for in a bounded number of places (XF4)', () => {
    const long = `1.2.3.4${', 10.0.0.2'.repeat(limits.proxyHopsMax)}`;
    expect(clientOf(proxies(), '10.0.0.1', long)).toEqual([10, 0, 0, 2]);
  });

  it('counts what could not be read', () => {
    const trusted = proxies();
    clientOf(trusted, '10.0.0.1', 'unknown');
    clientOf(trusted, '10.0.0.1', '');
    clientOf(trusted, '9.9.9.9', 'unknown');
    expect(trusted.unreadable).toBe(1);
  });
});

describe('a list of trusted networks', () => {
  it.each(['10.0.0.1', '10.0.0.0/8,::1', '2001:db8::/32', '::ffff:10.0.0.0/104'])(
    'is %s',
    (text) => {
      expect(networksOf(text)).not.toBeNull();
    },
  );

  it.each([
    '',
    'proxy',
    '10.0.0.0/8,',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    '0.0.0.0/0',
    '::/0',
    '::ffff:0.0.0.0/96',
    '10.0.0.0/8/8',
    '10.0.0.0/8x',
    'fe80::1%eth0',
  ])('is not %j', (text) => {
    expect(networksOf(text)).toBeNull();
  });

  it.each([
    ['10.64.0.0/10', '10.127.255.255', '10.128.0.0'],
    ['192.0.2.8/31', '192.0.2.9', '192.0.2.10'],
    ['2001:db8::/33', '2001:db8:7fff::', '2001:db8:8000::'],
    ['::ffff:10.0.0.0/104', '10.1.1.1', '11.1.1.1'],
  ])('holds of %s what begins with its bits', (network, inside, outside) => {
    const trusted = proxies(network);
    expect(clientOf(trusted, inside, '1.2.3.4')).toEqual([1, 2, 3, 4]);
    expect(clientOf(trusted, outside, '1.2.3.4')).toEqual(bytesOf(outside));
  });
});
