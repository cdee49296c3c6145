import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { checkUwsBinary, UnknownBinary } from './uws-binary.js';

const { platform, arch, versions } = process;
const file = `uws_${platform}_${arch}_${versions.modules}.node`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-uws-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the binary of uWebSockets.js', () => {
  it('that is installed is the one that is pinned', () => {
    expect(() => checkUwsBinary()).not.toThrow();
  });

  it('is not loaded when it is another', () => {
    writeFileSync(path.join(folder, file), 'not what was looked at');
    expect(() => checkUwsBinary(folder)).toThrow(UnknownBinary);
  });

  it('that is not there is for the loader to tell of', () => {
    expect(() => checkUwsBinary(folder)).not.toThrow();
  });
});
