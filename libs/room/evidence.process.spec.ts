import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { UserId } from '#libs/inventory/ids.js';
import { commitmentOf, positionOf, seedOf, shuffledMax } from './draw.js';
import { evidenceOf, headJson, problemsOf, type Evidence } from './evidence.js';
import { consistencyPath, Frontier, inclusionPath, leafHash, type Hash } from './merkle.js';
import { createRoomKeys, entryOf, RoomSigner, type SignedHead } from './signed.js';
import { growTiles, pathFromTiles, type TileName } from './tiles.js';

const room = 'evt_draw/1';
const me = 'usr_me' as UserId;
const nonce = 'a-nonce-of-my-own';
const mine = 2;

/** A lottery as a house holds it that may cheat. */
class House {
  readonly keys = createRoomKeys();
  readonly signer = new RoomSigner(room, this.keys.signKey);
  readonly entries: Buffer[];

  constructor(readonly entrants: number) {
    this.entries = Array.from({ length: entrants }, (_, i) =>
      i === mine ? entryOf(room, me, nonce) : entryOf(room, `usr_${i}` as UserId, `nonce ${i}`),
    );
  }

  head(size: number, final: boolean): SignedHead {
    const frontier = this.tree(size).frontier;
    return this.signer.head({ size, root: frontier.root(), atMs: 1_700_000_000_000 + size, final });
  }

  async evidence(seen: readonly SignedHead[], secret = this.keys.secret): Promise<Evidence> {
    const size = this.entries.length;
    const head = this.head(size, true);
    const { read } = this.tree(size);
    const hex = (hashes: readonly Hash[]) => hashes.map((hash) => hash.toString('hex'));
    const receipt = this.signer.receipt({ index: mine, entry: this.entries[mine] });
    return {
      ...{ room, user_id: me, nonce, index: mine, receipt: receipt.toString('hex') },
      commitment: commitmentOf(this.keys.secret).toString('hex'),
      verify_key: this.keys.verifyKey.toString('hex'),
      head: headJson(head),
      path: hex(await pathFromTiles(read, (source) => inclusionPath(mine, size, source))),
      secret: secret.toString('hex'),
      position: positionOf(seedOf(secret, head.root), size, mine),
      seen: await Promise.all(
        seen.map(async (earlier) => ({
          head: headJson(earlier),
          path: hex(
            await pathFromTiles(read, (source) => consistencyPath(earlier.size, size, source)),
          ),
        })),
      ),
    };
  }

  private tree(size: number) {
    const frontier = Frontier.of(0, Buffer.alloc(0));
    const grown = growTiles(frontier, this.entries.slice(0, size).map(leafHash));
    const tiles = new Map(
      grown.map(({ level, tile, hashes }) => [`${level}/${tile}`, Buffer.concat([...hashes])]),
    );
    const read = (names: readonly TileName[]) =>
      Promise.resolve(names.map(({ level, tile }) => tiles.get(`${level}/${tile}`)!));
    return { frontier, read };
  }
}

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
    return execFileSync(process.execPath, [script, file], { encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
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
    expect(published(evidence)).toBe('BROKEN: secret or final head\n');
  });

  it('shows an entrant who was put in behind a head that others saw', async () => {
    const house = new House(50);
    const seen = [house.head(20, false)];
    house.entries.splice(10, 1, entryOf(room, 'usr_friend' as UserId, 'late'));
    const evidence = await house.evidence(seen);
    expect(problemsOf(evidence)).toEqual(['entrants were changed after the head of 20']);
    expect(published(evidence)).toBe('BROKEN: entrants changed after head 20\n');
  });

  it('shows an entrant who was added after the final head', async () => {
    const house = new House(50);
    const seen = [house.head(50, true)];
    house.entries.push(entryOf(room, 'usr_friend' as UserId, 'late'));
    const evidence = await house.evidence(seen);
    expect(problemsOf(evidence)).toEqual(['entrants were added after the final head of 50']);
    expect(published(evidence)).toContain('BROKEN: entrants added after final head 50');
  });

  it('shows a position that was changed', async () => {
    const fair = await new House(50).evidence([]);
    const evidence = { ...fair, position: (fair.position! + 1) % 50 };
    expect(problemsOf(evidence)).toEqual(['the position is not the one that was drawn']);
    expect(published(evidence)).toContain('BROKEN: position');
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
