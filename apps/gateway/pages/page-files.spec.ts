import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { limits } from '#libs/contracts/limits.js';

import { readPageFiles } from './page-files.js';

describe('a build of pages', () => {
  it('is refused when it is more than a gateway may keep in memory (PG1)', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-pages-'));
    try {
      mkdirSync(path.join(folder, 'assets'));
      const write = (name: string, bytes: number) => {
        for (const ending of ['', '.gz', '.br']) {
          writeFileSync(path.join(folder, name + ending), Buffer.alloc(bytes, 'x'));
        }
      };
      write('index.html', 100);
      write('assets/a.js', Math.floor(limits.pageBytesMax / 3) - 4_096);
      expect(readPageFiles(folder).assets.size).toBe(1);
      write('assets/b.js', 4_096);
      expect(() => readPageFiles(folder)).toThrow('pageBytesMax');
      expect(() => readPageFiles(path.join(folder, 'assets'))).toThrow('ENOENT');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
