import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact } from './redact.js';

/** What a secret may be made of; quotes and blanks end a word wherever one is shown. */
const secret = fc.stringMatching(/^[A-Za-z0-9!$%*+,.:;=?@^_~/#&|-]{8,40}$/);
const plain = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const alphaNumeric = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/);

/** The spellings in which each kind of secret is met. */
const spelt = fc.oneof(
  fc
    .tuple(fc.constantFrom('postgres', 'postgresql', 'nats', 'tls', 'https'), plain, secret, plain)
    .map(([scheme, user, word, host]) => [`${scheme}://${user}:${word}@${host}:1/db`, word]),
  fc.tuple(alphaNumeric, plain).map(([word, host]) => [`nats://${word}@${host}:4222`, word]),
  fc
    .tuple(fc.constantFrom('password', 'sslpassword', 'token', 'client_secret'), alphaNumeric)
    .map(([name, word]) => [`postgres://host/db?x=1&${name}=${word}&y=2`, word]),
  alphaNumeric.map((word) => [`host=db password=${word} user=me`, word]),
  alphaNumeric.map((word) => [`host=db password='${word} ${word}' user=me`, word]),
  alphaNumeric.map((word) => [`PGPASSWORD=${word} psql`, word]),
  alphaNumeric.map((word) => [`--password ${word}`, word]),
  alphaNumeric.map((word) => [`Authorization: Bearer ${word}`, word]),
  alphaNumeric.map((word) => [`sk_live_${word}`, word]),
  alphaNumeric.map((word) => [`whsec_${word}`, word]),
  fc.stringMatching(/^[A-Z2-7]{56}$/).map((word) => [`seed SU${word}`, word]),
  alphaNumeric.map((word) => [`eyJhbGci.${word}.${word}`, word]),
);

describe('text that is shown', () => {
  it('has no secret in any spelling, with any text around', () => {
    fc.assert(
      fc.property(spelt, plain, plain, ([text, word], before, behind) => {
        expect(redact(`${before} ${text} ${behind}`)).not.toContain(word);
      }),
    );
  });

  it('has none as a line of JSON either, which stays JSON and keeps the rest', () => {
    fc.assert(
      fc.property(spelt, plain, ([text, word], kept) => {
        const line = JSON.stringify({ msg: 'failed', err: { message: text }, kept });
        const shown = redact(line);
        expect(shown).not.toContain(word);
        expect(JSON.parse(shown)).toMatchObject({ msg: 'failed', kept });
      }),
    );
  });

  it.each([
    ['postgres://app:hunter2@db:5432/x?a=1', 'postgres://app:***@db:5432/x?a=1'],
    ['nats://hunter2@a:1,nats://u:hunter2@b:2', 'nats://***@a:1,nats://u:***@b:2'],
    ['nats://127.0.0.1:4222 was refused', 'nats://127.0.0.1:4222 was refused'],
    ['GET /v1/events?keyword=hamlet&page=2', 'GET /v1/events?keyword=hamlet&page=2'],
    ['write to help@example.org', 'write to help@example.org'],
  ])('%s is shown as %s', (text, wanted) => {
    expect(redact(text)).toBe(wanted);
  });

  it('is read in time that grows with its length, whatever is in it', () => {
    const cpuMs = (length: number): number => {
      const text = `postgres://${'a:'.repeat(length / 2)} password${'='.repeat(length)}`;
      const before = process.cpuUsage();
      redact(text);
      return process.cpuUsage(before).user / 1_000;
    };
    cpuMs(10_000);
    expect(cpuMs(100_000)).toBeLessThan(500);
  });
});
