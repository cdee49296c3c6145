import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { uwsBinaries, uwsSourceCommit } from '#apps/gateway/edge/uws-binaries.js';
import { parse } from 'yaml';
import { imagesIn, pinImages } from './image-pins.js';
import { allows, licenceLines, licenceProblem } from './licences.js';
import { lockedPackages, type LockedPackage } from './locked-packages.js';
import { sbom, shippedPurls } from './sbom.js';
import { installedUws } from './uws-pins.js';

const packages = lockedPackages();
const digest = `sha256:${'ab'.repeat(32)}`;

describe('what a release is made of', () => {
  it('is pinned by a digest, package for package', () => {
    expect(packages.length).toBeGreaterThan(100);
    const loose = packages.filter(({ integrity }) => !/^sha(256|384|512)-/.test(integrity));
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it('has licences of the list only', () => {
    expect(packages.flatMap((one) => licenceProblem(one) ?? [])).toEqual([]);
  });

  it('is told in CycloneDX with the digest of each package, without a registry', async () => {
    const { bomFormat, components, dependencies } = await sbom();
    expect(bomFormat).toBe('CycloneDX');
    expect(components.map(({ purl }) => purl).sort()).toEqual(shippedPurls().sort());
    expect(components.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([]);
    const refs = new Set(components.map((component) => component['bom-ref']));
    const loose = dependencies.flatMap(({ dependsOn }) => dependsOn.filter((to) => !refs.has(to)));
    expect([dependencies.length, loose]).toEqual([components.length + 1, []]);
  });

  it('has the hashes of uWebSockets.js as it is installed', () => {
    expect({ commit: uwsSourceCommit, binaries: uwsBinaries }).toEqual(installedUws());
  });

  it('is listed by licence', () => {
    const lines = licenceLines(packages.filter(({ shipped }) => shipped));
    expect(lines.find((line) => line.startsWith('MIT ('))).toBeDefined();
    expect(lines.some((line) => /^ {2}pg \d/.test(line))).toBe(true);
  });
});

describe('a licence', () => {
  const of = (licence: string, more: Partial<LockedPackage> = {}): string | null =>
    licenceProblem({
      ...{ path: 'node_modules/x', name: 'x', version: '1.0.0', integrity: '' },
      ...{ shipped: true, licence, ...more },
    });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only OR (ISC AND LGPL-3.0-or-later)', false],
    ['MIT OR', false],
    ['(MIT', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('%s is %s', (licence, fine) => {
    expect(of(licence) === null).toBe(fine);
  });

  it('of development is not one of a release', () => {
    expect(of('CC-BY-4.0')).toBe('x 1.0.0: CC-BY-4.0');
    expect(of('CC-BY-4.0', { shipped: false })).toBeNull();
  });

  it('of libvips is libvips’ alone', () => {
    expect(of('LGPL-3.0-or-later')).not.toBeNull();
    expect(of('LGPL-3.0-or-later', { name: '@img/sharp-libvips-linux-x64' })).toBeNull();
    expect(of('LGPL-3.0-or-later', { name: '@img/sharp-linux-x64' })).not.toBeNull();
  });

  it('is read as SPDX says: AND binds more', () => {
    expect(allows('A OR B AND C', ['A'])).toBe(true);
    expect(allows('(A OR B) AND C', ['A'])).toBe(false);
  });
});

describe('images', () => {
  const text = 'FROM node:24-trixie-slim AS build\n  image: nats:2.11-alpine\n  image: holdfast\n';

  it('are those of others, once each', () => {
    const found = ['Dockerfile', 'docker-compose.yml'].map((file) => imagesIn(textOf(file)).length);
    expect(found).toEqual([1, 2]);
  });

  it('are pinned by what the registry says, and again when they are pinned', async () => {
    const pinned = await pinImages(text, () => Promise.resolve(digest));
    expect(pinned.split('\n')).toEqual([
      `FROM node:24-trixie-slim@${digest} AS build`,
      `  image: nats:2.11-alpine@${digest}`,
      '  image: holdfast',
      '',
    ]);
    const next = digest.replaceAll('ab', 'cd');
    expect(await pinImages(pinned, () => Promise.resolve(next))).toBe(
      pinned.replaceAll(digest, next),
    );
    expect(imagesIn(pinned).map((one) => one.pinned)).toEqual([true, true]);
  });

  it('are left as they are when a digest cannot be had', async () => {
    const ask = (image: string): Promise<string | null> =>
      Promise.resolve(image.startsWith('nats') ? 'latest' : digest);
    await expect(pinImages(text, ask)).rejects.toThrow('no digest of nats:2.11-alpine');
  });
});

describe('the compose file', () => {
  it('has text for every word that an engine runs', () => {
    const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as ComposeFile;
    const run = Object.values(services).flatMap(({ command = [], entrypoint = [], healthcheck }) =>
      [command, entrypoint, healthcheck?.test ?? []].flat(),
    );
    expect(run.length).toBeGreaterThan(10);
    expect(run.filter((word) => typeof word !== 'string')).toEqual([]);
  });
});

type Words = string | readonly unknown[];

interface ComposeFile {
  readonly services: Readonly<
    Record<string, { command?: Words; entrypoint?: Words; healthcheck?: { test: Words } }>
  >;
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}
