import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { noPowers, powersOf, type RoleClaims } from './powers.js';

const of = (claims: Record<string, unknown>, config: RoleClaims) => {
  const { roles, organisers } = powersOf(claims, config, 'ext_1');
  return [roles, organisers];
};

describe('what claims let their bearer do', () => {
  it.each<[string, Record<string, unknown>, RoleClaims]>([
    [
      'Keycloak: inside a claim',
      { realm_access: { roles: ['offline_access', 'box-office'] }, organiser: 'acme' },
      { claim: 'realm_access.roles', map: { 'box-office': 'organiser' } },
    ],
    [
      'Auth0: a claim with the name of an address',
      { 'https://tickets.example/roles': ['organiser'], 'https://tickets.example/for': ['acme'] },
      { claim: 'https://tickets.example/roles', organiser_claim: 'https://tickets.example/for' },
    ],
    [
      'Entra: a list of app roles',
      { roles: ['Tickets.Organise'], extension_organiser: 'acme' },
      {
        claim: 'roles',
        map: { 'Tickets.Organise': 'organiser' },
        organiser_claim: 'extension_organiser',
      },
    ],
    [
      'a scope, with spaces between',
      { scope: 'openid organiser', organiser: 'acme' },
      { claim: 'scope' },
    ],
  ])('are found: %s', (_who, claims, config) => {
    expect(of(claims, config)).toEqual([['organiser'], ['acme']]);
  });

  it('are several where several are mapped, and several words may mean one', () => {
    const map = { a: 'support', b: 'sre', c: 'sre' } as const;
    const config = { claim: 'roles', map };
    expect(of({ roles: ['c', 'b', 'a'] }, config)).toEqual([['support', 'sre'], []]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no claim', {}],
    ['a word that is not mapped', { roles: ['admin', 'SRE', 'buyer'] }],
    ['the name of what every object has', { roles: ['constructor', '__proto__', 'toString'] }],
    ['another shape', { roles: { sre: true } }],
    ['a number', { roles: 7 }],
    ['words that are none', { roles: [['sre'], { sre: 1 }, null, 7] }],
  ])('are nothing for %s (PO1)', (_what, claims) => {
    expect(powersOf(claims, { claim: 'roles' }, 'ext_1')).toBe(noPowers);
    expect(powersOf({ roles: claims }, { claim: 'roles.roles.x' }, 'ext_1')).toBe(noPowers);
  });

  it('are nothing where its issuer was not said to give any', () => {
    expect(powersOf({ roles: ['sre'] }, undefined, 'ext_1')).toBe(noPowers);
  });

  it('are not inherited, neither along the way', () => {
    const claims = Object.create({ roles: ['sre'] }) as Record<string, unknown>;
    expect(powersOf(claims, { claim: 'roles' }, 'ext_1')).toBe(noPowers);
    expect(powersOf({ a: claims }, { claim: 'a.roles' }, 'ext_1')).toBe(noPowers);
  });

  it('are for organisers that can be some', () => {
    const organiser = ['acme', 'Acme', '', '../acme', 'a'.repeat(49), 7, 'b-2'];
    const claims = { roles: ['organiser'], organiser };
    expect(of(claims, { claim: 'roles' })).toEqual([['organiser'], ['acme', 'b-2']]);
  });

  it('are looked for among so many words and no more (G8)', () => {
    const words = [...new Array<string>(limits.claimWordsMax).fill('x'), 'sre'];
    expect(powersOf({ roles: words }, { claim: 'roles' }, 'ext_1')).toBe(noPowers);
    expect(of({ roles: words.slice(1) }, { claim: 'roles' })).toEqual([['sre'], []]);
  });
});
