import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { UserId } from '#libs/inventory/ids.js';

/**
 * What a room says under its own key, made when it is opened (Ed25519, RFC 8032): heads of its tree
 * and receipts of its entrants. Others can show these to each other without asking us.
 */
export interface RoomKeys {
  /** 32 bytes each, as RFC 8032 has them. */
  readonly signKey: Buffer;
  readonly verifyKey: Buffer;
  /** Of the draw; its hash is published when the room is opened. */
  readonly secret: Buffer;
}

export interface Head {
  readonly size: number;
  readonly root: Buffer;
  readonly atMs: number;
  /** Nobody is added to the draw after it. */
  readonly final: boolean;
}

export interface SignedHead extends Head {
  readonly signature: Buffer;
}

export interface Receipt {
  readonly index: number;
  readonly entry: Buffer;
}

/**
 * What stands for a person in the tree. Who knows the nonce, which is the entrant alone, can tell
 * whom it means; others cannot.
 */
export const entryOf = (room: string, userId: UserId, nonce: string): Buffer =>
  createHash('sha256').update(`holdfast entry\n${room}\n${userId}\n${nonce}`).digest();

const headText = (room: string, { size, root, atMs, final }: Head): Buffer =>
  Buffer.from(
    `holdfast head\n${room}\n${size}\n${root.toString('hex')}\n${atMs}\n` +
      (final ? 'final' : 'open'),
  );

const receiptText = (room: string, { index, entry }: Receipt): Buffer =>
  Buffer.from(`holdfast receipt\n${room}\n${index}\n${entry.toString('hex')}`);

export function createRoomKeys(): RoomKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    signKey: rawOf(privateKey.export({ format: 'der', type: 'pkcs8' })),
    verifyKey: rawOf(publicKey.export({ format: 'der', type: 'spki' })),
    secret: randomBytes(32),
  };
}

/** Signs for one room; making the key of bytes costs more than a signature. */
export class RoomSigner {
  private readonly key: KeyObject;

  constructor(
    private readonly room: string,
    signKey: Uint8Array,
  ) {
    const der = Buffer.concat([privatePrefix, signKey]);
    this.key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  }

  head(head: Head): SignedHead {
    return { ...head, signature: sign(null, headText(this.room, head), this.key) };
  }

  receipt(receipt: Receipt): Buffer {
    return sign(null, receiptText(this.room, receipt), this.key);
  }
}

/** The other side. `verifyKey` has 32 bytes. */
export class RoomVerifier {
  private readonly key: KeyObject;

  constructor(
    private readonly room: string,
    verifyKey: Uint8Array,
  ) {
    const der = Buffer.concat([publicPrefix, verifyKey]);
    this.key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  }

  isHead(head: SignedHead): boolean {
    return verify(null, headText(this.room, head), this.key, head.signature);
  }

  isReceipt(receipt: Receipt, signature: Uint8Array): boolean {
    return verify(null, receiptText(this.room, receipt), this.key, signature);
  }
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in DER. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

const rawOf = (der: Buffer): Buffer => der.subarray(-32);
