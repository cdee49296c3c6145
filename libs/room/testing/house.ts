import type { UserId } from '#libs/inventory/ids.js';
import { commitmentOf, positionOf, seedOf } from '../draw.js';
import { headJson, type Evidence } from '../evidence.js';
import { consistencyPath, Frontier, inclusionPath, leafHash, type Hash } from '../merkle.js';
import { createRoomKeys, entryOf, RoomSigner, type SignedHead } from '../signed.js';
import { growTiles, pathFromTiles, type TileName } from '../tiles.js';

export const room = 'evt_draw/1';
const me = 'usr_me' as UserId;
const nonce = 'a-nonce-of-my-own';

/** A lottery as a house holds it that may cheat; `mine` is the index of who looks closely. */
export class House {
  readonly keys = createRoomKeys();
  readonly signer = new RoomSigner(room, this.keys.signKey);
  readonly entries: Buffer[];

  constructor(
    readonly entrants: number,
    private readonly mine = 2,
  ) {
    this.entries = Array.from({ length: entrants }, (_, i) =>
      i === this.mine
        ? entryOf(room, me, nonce)
        : entryOf(room, `usr_${i}` as UserId, `nonce ${i}`),
    );
  }

  head(size: number, final: boolean): SignedHead {
    const frontier = this.tree(size).frontier;
    return this.signer.head({ size, root: frontier.root(), atMs: 1_700_000_000_000 + size, final });
  }

  async evidence(seen: readonly SignedHead[], secret = this.keys.secret): Promise<Evidence> {
    const { mine } = this;
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
