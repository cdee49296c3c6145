import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { build } from 'esbuild';

const folder = path.join(import.meta.dirname, '.');
const sources = readdirSync(folder).filter((name) => /(?<!\.spec)\.ts$/.test(name));

describe('the seat map', () => {
  it('is bundled for a browser without anything but itself', async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: sources.map((name) => path.join(folder, name)),
      absWorkingDir: folder,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      outdir: 'out',
      write: false,
      metafile: true,
    });
    expect(Object.keys(metafile.inputs).sort()).toEqual(sources.sort());
    expect(sources).toContain('overview-raster.ts');
    expect(outputFiles.length).toBe(sources.length);
  });
});
