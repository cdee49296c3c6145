import type { Static } from 'typebox';

import { limits } from '#libs/contracts/limits.js';
import { commitmentOf } from '#libs/room/draw.js';
import { headJson } from '#libs/room/evidence.js';
import { fitOf, phaseOf } from '#libs/room/room.js';

import type { AdmissionTokens } from '../../room/admission-tokens.js';
import type { KnownRoom } from '../../room/room-book.js';
import { placesLeft } from '../../room/places-left.js';
import type { Standing } from '../../room/standing.js';
import { isoTime } from '../shared/iso-time.js';
import type { QueuePlace, QueueServing } from './schemas.js';

/** How wrong the pace of the last minute is taken to be, to either side. */
const sooner = 0.7;
const later = 1.5;

export function placeJson(
  { room, name, signer, calledPerMinute }: KnownRoom,
  standing: Standing,
  tokens: AdmissionTokens,
): Static<typeof QueuePlace> {
  const { place, position, state } = standing;
  const { index, nonce, party, userId, entry } = place;
  const before = state === 'waiting' && position !== null ? position - room.serving : null;
  return {
    ...{ room: name, state, index, nonce, party, position, before },
    estimate_seconds: before === null ? null : estimate(before, calledPerMinute),
    claim_until: standing.state === 'called' ? isoTime(standing.claimUntilMs) : null,
    admission:
      standing.state === 'admitted'
        ? {
            token: tokens.sign(name, userId, standing.admission),
            until: isoTime(standing.admission.untilMs),
          }
        : null,
    fits: fitOf(room, party),
    receipt: signer.receipt({ index, entry }).toString('hex'),
    ask_again_ms: state === 'called' ? 1_000 : limits.roomAskMs,
  };
}

function estimate(before: number, perMinute: number): [number, number] | null {
  if (perMinute < 1) return null;
  const seconds = (before * 60) / perMinute;
  return [Math.floor(seconds * sooner), Math.ceil(seconds * later)];
}

export function servingJson(
  { room, name, calledPerMinute }: KnownRoom,
  nowMs: number,
): Static<typeof QueueServing> {
  const { head, secret } = room;
  return {
    room: name,
    phase: phaseOf(room, nowMs),
    scope: room.scope,
    opens_at: isoTime(room.opensAtMs),
    draws_at: isoTime(room.drawsAtMs),
    party_max: room.partyMax,
    claim_seconds: Math.round(room.claimMs / 1_000),
    admission_seconds: Math.round(room.admissionMs / 1_000),
    joined: room.nextIndex,
    serving: room.serving,
    called_per_minute: Math.round(calledPerMinute * 10) / 10,
    paused: room.paused,
    sold_out: room.soldOut,
    ...placesLeft(room),
    message: room.message,
    commitment: commitmentOf(secret).toString('hex'),
    verify_key: room.verifyKey.toString('hex'),
    head: head === null ? null : headJson(head),
    secret: head?.final === true ? secret.toString('hex') : null,
  };
}
