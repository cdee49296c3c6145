import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { limits } from '#libs/contracts/limits.js';
import { assert } from '#libs/platform/assert.js';

import { CodedBody, type BodySource } from '../http/coded-body.js';
import type { Coding } from '../http/content-coding.js';

/**
 * What the build of apps/gateway/web left for browsers: one shell, which is the answer at every
 * page's address, and the files that it names, each under a name that has its content's hash in it.
 * Read once, at the start: no request touches the disk, and what a build is, it stays.
 *
 * PG1  All of it is in memory, within `limits.pageBytesMax`: a gateway does not start with more.
 */
export interface PageFiles {
  readonly shell: PageFile;
  /** By the name under `/assets/`. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

export interface PageFile {
  readonly contentType: string;
  readonly body: CodedBody;
  readonly tags: Readonly<Record<Coding, string>>;
  /** As it is, for an answer that is not 200. */
  readonly plain: Uint8Array;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Endings of the same file as the build has compressed it. */
const endings: Readonly<Record<Coding, string>> = { identity: '', gzip: '.gz', br: '.br' };

/** Beside this module in a build: dist/apps/gateway/web. */
export const builtPages = (): PageFiles => readPageFiles(path.join(import.meta.dirname, '../web'));

/** Throws when the folder has no build, or more than the bounds allow. */
export function readPageFiles(folder: string): PageFiles {
  const names = readdirSync(path.join(folder, 'assets'));
  assert(names.length <= limits.pageFilesMax, `${folder} has at most pageFilesMax files`);
  const assets = new Map(
    names
      .filter((name) => path.extname(name) in contentTypes)
      .map((name) => [name, readPage(path.join(folder, 'assets', name))]),
  );
  const shell = readPage(path.join(folder, 'index.html'));
  const bytes = [shell, ...assets.values()].reduce((sum, { body }) => sum + body.bytes, 0);
  assert(bytes <= limits.pageBytesMax, `${folder} has at most pageBytesMax bytes`);
  return { shell, assets };
}

function readPage(file: string): PageFile {
  const read = (coding: Coding): Uint8Array => readFileSync(file + endings[coding]);
  const coded = { identity: read('identity'), gzip: read('gzip'), br: read('br') };
  const hash = createHash('sha256').update(coded.identity).digest('base64url').slice(0, 22);
  return {
    contentType: contentTypes[path.extname(file)],
    body: new CodedBody(readySource(coded)),
    tags: { identity: `"${hash}"`, gzip: `"${hash}-gzip"`, br: `"${hash}-br"` },
    plain: coded.identity,
  };
}

const readySource = (coded: Readonly<Record<Coding, Uint8Array>>): BodySource => ({
  weight: coded.identity.byteLength + coded.gzip.byteLength + coded.br.byteLength,
  compressible: true,
  make: (coding) => Promise.resolve(coded[coding]),
});
