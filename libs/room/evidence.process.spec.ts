import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { UserId } from '#libs/inventory/ids.js';
import { shuffledMax } from './draw.js';
import { evidenceOf, problemsOf, type Evidence } from './evidence.js';
import { createRoomKeys, entryOf } from './signed.js';
import { House, room } from './testing/house.js';

const page = new URL('../../docs/reference/waiting-room.md', import.meta.url);
let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-draw-'));
  script = path.join(folder, 'verify.mjs');
  const [, code] = /```js\n([\s\S]+?)```/.exec(readFileSync(page, 'utf8')) ?? [];
  writeFileSync(script, code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the script in the docs says of it. */
function published(evidence: Evidence): string {
  const file = path.join(folder, 'proof.json');
  writeFileSync(file, JSON.stringify(evidence));
  try {
    return execFileSync(process.execPath, [script, file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stderr } = error as { readonly stderr: string };
    return /^AssertionError \[ERR_ASSERTION\]: (.+)/m.exec(stderr)?.[1] ?? stderr;
  }
}

describe('what an entrant has in hand', () => {
  it.each([7, shuffledMax + 900])('adds up after a fair draw of %i, to both', async (entrants) => {
    const house = new House(entrants);
    const seen = [3, 4, 6].map((size) => house.head(size, false));
    const evidence = await house.evidence(seen);
    expect(problemsOf(evidenceOf(evidence)!)).toEqual([]);
    expect(published(evidence)).toContain('all of it adds up');
  });

  it('shows a secret that was swapped', async () => {
    const house = new House(50);
    const evidence = await house.evidence([], createRoomKeys().secret);
    expect(problemsOf(evidence)).toEqual(['the secret is not the one that was committed']);
    expect(published(evidence)).toBe('secret or final head');
  });

  it('shows an entrant who was put in behind a head that others saw', async () => {
    const house = new House(50);
    const seen = [house.head(20, false)];
    house.entries.splice(10, 1, entryOf(room, 'usr_friend' as UserId, 'late'));
    const evidence = await house.evidence(seen);
    expect(problemsOf(evidence)).toEqual(['entrants were changed after the head of 20']);
    expect(published(evidence)).toBe('entrants changed after head 20');
  });

  it('shows an entrant who was added after the final head', async () => {
    const house = new House(50);
    const seen = [house.head(50, true)];
    house.entries.push(entryOf(room, 'usr_friend' as UserId, 'late'));
    const evidence = await house.evidence(seen);
    expect(problemsOf(evidence)).toEqual(['entrants were added after the final head of 50']);
    expect(published(evidence)).toBe('entrants added after final head 50');
  });

  it('shows a position that was changed', async () => {
    const fair = await new House(50).evidence([]);
    const evidence = { ...fair, position: (fair.position! + 1) % 50 };
    expect(problemsOf(evidence)).toEqual(['the position is not the one that was drawn']);
    expect(published(evidence)).toBe('position');
  });

  it('shows what the room did not sign, and who is not the entrant', async () => {
    const fair = await new House(50).evidence([]);
    const signature = '00'.repeat(64);
    expect(problemsOf({ ...fair, receipt: signature })).toEqual([
      'the receipt is not signed by the room for this entrant',
    ]);
    expect(problemsOf({ ...fair, head: { ...fair.head, signature } })).toEqual([
      'the head is not signed by the room',
    ]);
    expect(problemsOf({ ...fair, user_id: 'usr_other' })).toEqual([
      'the receipt is not signed by the room for this entrant',
      'the entrant is not in the tree at this index',
    ]);
  });

  it('is not read where it is something else', () => {
    for (const value of [null, {}, [], 'x', { room }]) expect(evidenceOf(value)).toBeNull();
  });
});
