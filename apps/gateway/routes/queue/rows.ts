import Type from 'typebox';

import type { Rows } from '../area.js';
import { eventPath } from '../shared/paths.js';
import { JoinBody, PartyBody, QueuePlace, QueueProof, QueueServing } from './schemas.js';

const headers = { 'Cache-Control': 'How long a cache may keep it.' };

/** The waiting room: the way in, the own place, and what is the same for everybody. */
export const queueRows = {
  joinQueue: {
    method: 'POST',
    path: '/v1/events/{event_id}/queue',
    summary: 'Take a place in the waiting room, or the turn that has come',
    description:
      'As often as one likes: a person has one place in a room. When `state` is `called` it ' +
      'admits; when the turn was missed it takes a new place behind all others.',
    auth: 'user',
    object: 'none',
    params: eventPath,
    body: JoinBody,
    responses: { 200: { description: 'The place.', schema: QueuePlace } },
    errors: [
      'event_not_found',
      'room_not_found',
      'room_not_open',
      'room_closed',
      'verified_buyers_only',
      'too_many_places',
      'overloaded',
      'unavailable',
    ],
  },
  showQueuePlace: {
    method: 'GET',
    path: '/v1/events/{event_id}/queue',
    summary: 'Your place in the waiting room',
    auth: 'user',
    object: 'none',
    params: eventPath,
    responses: { 200: { description: 'The place.', schema: QueuePlace } },
    errors: ['event_not_found', 'room_not_found', 'not_in_room', 'unavailable'],
  },
  lowerParty: {
    method: 'POST',
    path: '/v1/events/{event_id}/queue/party',
    summary: 'Go on for fewer: the place is kept',
    description:
      'For who hears that his party cannot sit together any more. A party is never raised: that ' +
      'is `party_limit`. Who is admitted already keeps what he was admitted for.',
    auth: 'user',
    object: 'none',
    params: eventPath,
    body: PartyBody,
    responses: { 200: { description: 'The place.', schema: QueuePlace } },
    errors: [
      'event_not_found',
      'room_not_found',
      'room_closed',
      'not_in_room',
      'party_limit',
      'unavailable',
    ],
  },
  leaveQueue: {
    method: 'DELETE',
    path: '/v1/events/{event_id}/queue',
    summary: 'Give your admission back: the next one is called in your stead',
    description:
      'What is held stays held until its own time is up, and can be paid for. Who is not ' +
      'admitted has nothing to give back, and is told how he stands.',
    auth: 'user',
    object: 'none',
    params: eventPath,
    responses: { 200: { description: 'The place.', schema: QueuePlace } },
    errors: ['event_not_found', 'room_not_found', 'not_in_room', 'unavailable'],
  },
  showQueueProof: {
    method: 'GET',
    path: '/v1/events/{event_id}/queue/proof',
    summary: 'What shows that your place in the draw is the one you got',
    auth: 'user',
    object: 'none',
    params: eventPath,
    query: Type.Object({
      since: Type.Optional(
        Type.Integer({ minimum: 1, description: 'Size of a head that was seen before.' }),
      ),
    }),
    responses: { 200: { description: 'The proof.', schema: QueueProof } },
    errors: [
      'event_not_found',
      'room_not_found',
      'not_in_room',
      'not_in_draw',
      'proof_not_ready',
      'unavailable',
    ],
  },
  showQueueServing: {
    method: 'GET',
    path: '/v1/events/{event_id}/queue/serving',
    summary: 'How the waiting room goes on, the same for everybody',
    auth: 'none',
    object: 'none',
    params: eventPath,
    responses: {
      200: { description: 'The room.', schema: QueueServing, headers },
      204: { description: 'The event has none.', headers },
    },
    errors: ['event_not_found', 'unavailable'],
  },
} satisfies Rows;
