import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { UserId } from '#libs/inventory/ids.js';
import { commitmentOf, positionOf, seedOf } from './draw.js';
import { isConsistent, leafHash, rootOfInclusion } from './merkle.js';
import { entryOf, RoomVerifier, type SignedHead } from './signed.js';

/**
 * What an entrant has in hand after the draw, and whether it adds up: pure, offline, from this file
 * alone. `GET /v1/events/{id}/queue/proof` gives all of it but the heads that he saw himself
 * (`seen`), which are the point: nobody but those who stood outside can have kept them.
 *
 * EV1  Each promise of the room has a check of its own, and the answer names all that are broken.
 */
const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${2 * bytes}}$` });
const Path = Type.Array(Hex(32), { maxItems: 64 });
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 40 });

export const HeadDoc = Type.Object({
  size: Count,
  root: Hex(32),
  at: Type.Integer({ description: 'Milliseconds since 1970.' }),
  final: Type.Boolean({ description: 'Nobody is added to the draw after it.' }),
  signature: Hex(64),
});

export const EvidenceDoc = Type.Object({
  room: Type.String({ maxLength: 100 }),
  commitment: Hex(32),
  verify_key: Hex(32),
  user_id: Type.String({ maxLength: 300 }),
  nonce: Type.String({ maxLength: 100 }),
  index: Count,
  receipt: Hex(64),
  head: HeadDoc,
  path: Path,
  /** null: it is not drawn yet. */
  secret: Type.Union([Hex(32), Type.Null()]),
  position: Type.Union([Count, Type.Null()]),
  seen: Type.Optional(
    Type.Array(Type.Object({ head: HeadDoc, path: Path }), {
      maxItems: 10_000,
      description: 'Heads seen before, each with what shows that `head` continues it.',
    }),
  ),
});

export type Evidence = Static<typeof EvidenceDoc>;
type HeadJson = Static<typeof HeadDoc>;

export const evidenceOf = (value: unknown): Evidence | null =>
  Value.Check(EvidenceDoc, value) ? value : null;

/** What is wrong with it, in words; none: all that it has adds up. */
export function problemsOf(evidence: Evidence): string[] {
  const { room, index, nonce, user_id: userId, secret, commitment, position } = evidence;
  const verifier = new RoomVerifier(room, bytes(evidence.verify_key));
  const head = headOf(evidence.head);
  const entry = entryOf(room, userId as UserId, nonce);
  const path = evidence.path.map(bytes);
  const broken = (holds: boolean, problem: string): string[] => (holds ? [] : [problem]);
  const { seen = [] } = evidence;
  const root = rootOfInclusion(leafHash(entry), index, head.size, path);
  return [
    ...broken(verifier.isHead(head), 'the head is not signed by the room'),
    ...broken(
      verifier.isReceipt({ index, entry }, bytes(evidence.receipt)),
      'the receipt is not signed by the room for this entrant',
    ),
    ...broken(root?.equals(head.root) === true, 'the entrant is not in the tree at this index'),
    ...seen.flatMap(({ head: earlier, path: steps }) => {
      const before = headOf(earlier);
      return [
        ...broken(verifier.isHead(before), `the head of ${before.size} is not signed by the room`),
        ...broken(
          isConsistent(before, head, steps.map(bytes)),
          `entrants were changed after the head of ${before.size}`,
        ),
        ...broken(
          !before.final || before.size === head.size,
          `entrants were added after the final head of ${before.size}`,
        ),
      ];
    }),
    ...(secret === null
      ? broken(position === null, 'there is a position and no secret')
      : [
          ...broken(
            commitmentOf(bytes(secret)).equals(bytes(commitment)),
            'the secret is not the one that was committed',
          ),
          ...broken(head.final, 'the draw is not from a final head'),
          ...broken(
            index < head.size &&
              positionOf(seedOf(bytes(secret), head.root), head.size, index) === position,
            'the position is not the one that was drawn',
          ),
        ]),
  ];
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const headOf = ({ size, root, at, final, signature }: HeadJson): SignedHead => ({
  ...{ size, root: bytes(root), atMs: at, final, signature: bytes(signature) },
});

export const headJson = ({ size, root, atMs, final, signature }: SignedHead): HeadJson => ({
  ...{ size, root: root.toString('hex'), at: atMs, final, signature: signature.toString('hex') },
});
