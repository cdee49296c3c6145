import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../system/paths.js';

it('holdfastctl says that it is not built, and builds nothing', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-shipped-'));
  const program = path.join(folder, 'holdfastctl.mjs');
  copyFileSync(path.join(projectRoot, 'ops/holdfastctl.mjs'), program);
  const { status, stderr } = spawnSync(process.execPath, [program, 'status'], { encoding: 'utf8' });
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  expect({ status, stderr, left }).toEqual({
    status: 1,
    stderr: 'holdfastctl: not built yet: run "npm run build" once\n',
    left: ['holdfastctl.mjs'],
  });
});
