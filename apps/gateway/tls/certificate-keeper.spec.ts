import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { systemClock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import { makeCertificate, type CertificateFiles } from '#libs/testing/certificates.js';

import { CertificateRefused, readCertificate } from './certificate.js';
import { CertificateKeeper } from './certificate-keeper.js';

let folder: string;
let first: CertificateFiles;
let second: CertificateFiles;
let ended: CertificateFiles;
let soon: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-tls-'));
  first = await makeCertificate(folder, 'first.test');
  second = await makeCertificate(folder, 'second.test', { days: 90 });
  ended = await makeCertificate(folder, 'ended.test', { days: -3 });
  soon = await makeCertificate(folder, 'soon.test', { days: 5 });
});

afterAll(() => rm(folder, { recursive: true }));

const read = (files: CertificateFiles) => () => readCertificate(files, Date.now());

describe('a certificate', () => {
  it('says for whom it is and until when', () => {
    const { names, notAfterMs } = read(first)();
    expect(names).toContain('DNS:first.test');
    expect(notAfterMs - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it('is refused with another one’s key', () => {
    expect(read({ cert: first.cert, key: second.key })).toThrow(/is not that of/);
  });

  it('is refused when it has ended, or has not begun', () => {
    expect(read(ended)).toThrow(/ended on/);
    expect(() => readCertificate(first, Date.now() - 86_400_000)).toThrow(/begins on/);
  });

  it.each<[string, () => CertificateFiles, RegExp]>([
    ['is not there', () => ({ ...first, cert: `${folder}/none` }), /cannot be read \(ENOENT\)/],
    ['is a key', () => ({ ...first, cert: first.key }), /holds no certificate/],
    ['has a key that is none', () => ({ ...first, key: first.cert }), /holds no key/],
  ])('is refused when it %s', (_what, files, message) => {
    expect(read(files())).toThrow(CertificateRefused);
    expect(read(files())).toThrow(message);
  });
});

describe('the keeper of a certificate', () => {
  let live: CertificateFiles;
  let said: string[];
  let renewed: number;
  let fails: boolean;
  let keeper: CertificateKeeper;

  const swap = async (from: Partial<CertificateFiles>): Promise<void> => {
    if (from.cert !== undefined) await copyFile(from.cert, live.cert);
    if (from.key !== undefined) await copyFile(from.key, live.key);
  };

  const open = async (pair: CertificateFiles): Promise<CertificateKeeper> => {
    await swap(pair);
    const note = (level: string) => (_details: unknown, text: string) =>
      void said.push(`${level} ${text}`);
    const log = { info: note('info'), warn: note('warn'), error: note('error') } as unknown as Log;
    const renew = (): Promise<void> => {
      if (fails) return Promise.reject(new Error('no'));
      renewed += 1;
      return Promise.resolve();
    };
    return new CertificateKeeper({ files: live, app: { renew }, clock: systemClock, log });
  };

  beforeEach(async () => {
    live = { cert: path.join(folder, 'live.pem'), key: path.join(folder, 'live.key') };
    said = [];
    renewed = 0;
    fails = false;
    keeper = await open(first);
    keeper.close();
  });

  it('changes nothing while the files are as they were', async () => {
    await keeper.look();
    expect([renewed, said]).toEqual([0, []]);
  });

  it('takes a new pair, and says so', async () => {
    await swap(second);
    await keeper.look();
    await keeper.look();
    expect([renewed, keeper.renewals, said]).toEqual([1, 1, ['info the certificate is renewed']]);
    expect(keeper.daysLeft).toBeGreaterThan(89);
  });

  it('waits for the second of two files without a word (CK2)', async () => {
    await swap({ cert: second.cert });
    await keeper.look();
    await swap({ key: second.key });
    await keeper.look();
    expect([renewed, keeper.refusals]).toEqual([1, 0]);
  });

  it('keeps the old one where the new one is no pair, and says it once, loudly (CK1)', async () => {
    await swap({ cert: second.cert });
    for (let i = 0; i < 4; i++) await keeper.look();
    expect([renewed, keeper.refusals]).toEqual([0, 1]);
    expect(said).toEqual(['error THE NEW CERTIFICATE IS REFUSED, the old one is served on']);
    expect(keeper.daysLeft).toBeLessThan(31);
    await swap(second);
    await keeper.look();
    expect(renewed).toBe(1);
  });

  it.each<[string, () => Promise<void>]>([
    ['has ended', () => swap(ended)],
    ['is no certificate', () => writeFile(live.cert, 'nothing')],
    ['is gone', () => rm(live.cert)],
  ])('keeps the old one where the new one %s', async (_what, change) => {
    await change();
    await keeper.look();
    await keeper.look();
    expect([renewed, keeper.refusals]).toEqual([0, 1]);
  });

  it('keeps the old one where the edge cannot take the new one', async () => {
    fails = true;
    await swap(second);
    await keeper.look();
    await keeper.look();
    expect([keeper.renewals, keeper.refusals]).toEqual([0, 1]);
    expect(keeper.daysLeft).toBeLessThan(31);
  });

  it('says beforehand that it ends, once a day', async () => {
    const ending = await open(soon);
    await ending.look();
    ending.close();
    expect(said).toEqual(['warn the certificate ends soon']);
  });
});
