import Type from 'typebox';

import { limits } from '#libs/contracts/limits.js';
import { EvidenceDoc, HeadDoc } from '#libs/room/evidence.js';

import { Time } from '../shared/schemas.js';

/** What is said to a waiting room, and by it. The proof is a document of its own (evidence.ts). */
const strict = { additionalProperties: false } as const;
const orNull = <Of extends Type.TSchema>(schema: Of, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const JoinBody = Type.Object(
  {
    nonce: Type.String({
      minLength: limits.roomNonceLengthMin,
      maxLength: limits.roomNonceLengthMax,
      pattern: '^[A-Za-z0-9_-]+$',
      description:
        'Chosen at random by the client and kept by it: hides who stands behind an entry of the ' +
        'draw, and shows its owner that it is his.',
    }),
    party: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.roomPartyMax,
        default: 1,
        description: 'For how many places.',
      }),
    ),
  },
  strict,
);

export const PartyBody = Type.Object(
  {
    party: Type.Integer({
      minimum: 1,
      maximum: limits.roomPartyMax,
      description: 'No more than it was.',
    }),
  },
  strict,
);

export const QueuePlace = Type.Object({
  room: Type.String(),
  state: Type.Enum(['waiting', 'called', 'admitted', 'lapsed', 'over'], {
    description:
      'called: ask again by POST before `claim_until`, which admits. lapsed, over: POST takes a ' +
      'new place behind all others.',
  }),
  index: Type.Integer({ description: 'In the order in which people came.' }),
  nonce: Type.String({ description: 'That of the first request, which the place was made with.' }),
  party: Type.Integer(),
  position: orNull(Type.Integer(), 'How many stand before in all. null: not drawn yet.'),
  before: orNull(Type.Integer(), 'How many are still to be called before.'),
  estimate_seconds: orNull(
    Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }),
    'From and to, by the pace of the last minute. null: not known.',
  ),
  claim_until: orNull(Time, 'When a called place lapses.'),
  admission: orNull(
    Type.Object({ token: Type.String(), until: Time }),
    'To be sent as `admission` with each hold.',
  ),
  fits: orNull(
    Type.Enum(['now', 'held', 'no']),
    'Whether the party could sit together: now; not now, but what is held may come back; not any ' +
      'more. A smaller party keeps the place. null: not known.',
  ),
  receipt: Type.String({ description: 'Signature of the room over index and entry, hex.' }),
  ask_again_ms: Type.Integer(),
});

export const QueueServing = Type.Object({
  room: Type.String(),
  phase: Type.Enum(['scheduled', 'lobby', 'drawing', 'serving', 'closed']),
  scope: Type.Enum(['hold', 'map'], {
    description: 'Before what it stands: holds alone, or the map as well.',
  }),
  opens_at: Time,
  draws_at: Time,
  party_max: Type.Integer({ description: 'Places for one, at most.' }),
  claim_seconds: Type.Integer({ description: 'In which who is called must come.' }),
  admission_seconds: Type.Integer({ description: 'In which who came may hold.' }),
  joined: Type.Integer(),
  serving: Type.Integer({ description: 'Positions below it were called.' }),
  called_per_minute: Type.Number(),
  paused: Type.Boolean(),
  sold_out: Type.Boolean({ description: 'Nothing is free or held.' }),
  places_free: orNull(Type.Integer(), 'null: not known.'),
  places_held: orNull(Type.Integer(), 'By people who have not begun to pay; may come back.'),
  places_paying: orNull(Type.Integer(), 'Being paid for; few of them come back.'),
  together: orNull(
    Type.Array(Type.Integer()),
    'How many parties of one, of two, … up to `party_max` could sit together now.',
  ),
  message: Type.String({ description: 'Of the organiser; empty: none.' }),
  commitment: Type.String({ description: 'SHA-256 of the secret, hex; from the start.' }),
  verify_key: Type.String({ description: 'Ed25519, hex.' }),
  head: orNull(HeadDoc, 'The newest of the tree of entrants.'),
  secret: orNull(Type.String(), 'After the draw.'),
});

export const QueueProof = Type.Object({
  ...EvidenceDoc.properties,
  since_path: Type.Optional(
    Type.Array(Type.String(), { description: 'That `head` continues the tree of `since`.' }),
  ),
});
