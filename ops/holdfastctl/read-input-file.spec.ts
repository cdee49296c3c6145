import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readInputFile } from './read-input-file.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-input-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is imported', () => {
  it('is read whole, also by a link', async () => {
    const file = path.join(folder, 'event.json');
    writeFileSync(file, '{"a":1}');
    symlinkSync(file, path.join(folder, 'link.json'));
    for (const name of ['event.json', 'link.json']) {
      const { bytes } = (await readInputFile(path.join(folder, name), 7)) as { bytes: Uint8Array };
      expect(Buffer.from(bytes).toString()).toBe('{"a":1}');
    }
  });

  it('is none when it is a pipe, a device, a folder or nothing, and nobody waits', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const whyOf = async (file: string): Promise<unknown> => (await readInputFile(file, 100)).why;
    expect(await whyOf(pipe)).toBe('is not a regular file');
    expect(await whyOf('/dev/zero')).toBe('is not a regular file');
    expect(await whyOf(folder)).toBe('is a folder');
    expect(await whyOf(path.join(folder, 'none'))).toBe('does not exist');
  });

  it('is not read beyond the bound, whatever its size says', async () => {
    const file = path.join(folder, 'large.json');
    writeFileSync(file, 'x'.repeat(101));
    expect(await readInputFile(file, 100)).toEqual({ why: 'is larger than 100 bytes' });
    // Says that it has no bytes at all.
    expect(await readInputFile('/proc/self/status', 100)).toEqual({
      why: 'is larger than 100 bytes',
    });
  });
});
