import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDataFolder } from './data-folder.js';

let folder: string;
const stranger = 54_321;
const me = process.getuid?.() ?? 0;
const modeOf = (name: string): string =>
  (statSync(path.join(folder, name)).mode & 0o777).toString(8);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-private-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a data folder', () => {
  it('in which others may write is refused, with the command that mends it', () => {
    for (const mode of [0o720, 0o702, 0o777]) {
      chmodSync(folder, mode);
      expect(() => openDataFolder(folder)).toThrow(
        `${folder} can be changed by other users: "chmod -R go-w ${folder}", or use another --data`,
      );
    }
    chmodSync(folder, 0o755);
    openDataFolder(folder).release();
  });

  it('with a file in it that others may change is refused likewise', () => {
    const data = openDataFolder(folder);
    data.prepare();
    data.release();
    chmodSync(path.join(folder, 'secrets.json'), 0o620);
    expect(() => openDataFolder(folder)).toThrow(
      `${folder}/secrets.json can be changed by other users: "chmod -R go-w ${folder}"`,
    );
  });

  it('with blanks in its name is named so that a shell understands', () => {
    const odd = path.join(folder, `it's mine`);
    mkdirSync(odd);
    chmodSync(odd, 0o777);
    expect(() => openDataFolder(odd)).toThrow(String.raw`"chmod -R go-w '${folder}/it'\''s mine'"`);
  });

  it('of somebody else is refused, and so is a file of his in it', () => {
    // Only root gives files away.
    if (me !== 0) return;
    chownSync(folder, stranger, stranger);
    expect(() => openDataFolder(folder)).toThrow(
      `${folder} belongs to user ${stranger}, and you are ${me}: "chown ${me} ${folder}"`,
    );
    chownSync(folder, me, me);
    writeFileSync(path.join(folder, 'lock.old'), '');
    chownSync(path.join(folder, 'lock.old'), stranger, stranger);
    expect(() => openDataFolder(folder)).toThrow(`lock.old belongs to user ${stranger}`);
  });

  it('is closed to others, with its logs and files, whatever they were before', () => {
    const data = openDataFolder(folder);
    data.prepare();
    writeFileSync(path.join(folder, 'logs', 'shard-1.log'), '', { mode: 0o644 });
    writeFileSync(path.join(folder, 'stripe-simulator.json'), '', { mode: 0o644 });
    chmodSync(path.join(folder, 'logs'), 0o755);
    chmodSync(folder, 0o755);
    data.prepare();
    data.release();
    expect(['.', 'logs'].map(modeOf)).toEqual(['700', '700']);
    const files = ['logs/shard-1.log', 'stripe-simulator.json', 'secrets.json', 'holdfast.json'];
    expect(files.map(modeOf)).toEqual(['600', '600', '600', '600']);
  });
});
