import { forgetSession, guestToken, knownToken } from '../holds/guest-session.js';
import { randomKey } from '../kit/random-key.js';
import { api, type Place, type Proof, type Serving } from '../shop.js';
import { guestOf, keep, keepHead, keptOf, receiptOf } from './kept-places.js';
import type { RoomCalls } from './waiting-room.js';

const queue = '/v1/events/{event_id}/queue';

/** What a page asks a waiting room, in the name of this browser's guest; see WaitingRoom. */
export function callsOf(eventId: string): RoomCalls {
  const path = { event_id: eventId };
  let room = '';
  const askPlace = async (): Promise<Place | null | undefined> => {
    const token = knownToken();
    if (token === null) return null;
    const answer = await api.get(queue, { path, token });
    if (answer === null) return undefined;
    return answer.status === 200 ? kept(eventId, token, answer.body) : null;
  };
  const askToJoin = async (party: number) => {
    const token = await guestToken();
    if (token === null) return null;
    // Before it is sent: whoever reloads meanwhile comes with the same one.
    const nonce = keptOf(eventId, room).nonce ?? randomKey();
    keep(eventId, room, { nonce });
    return api.post(queue, { path, token, body: { nonce, party } });
  };
  return {
    async serving() {
      const serving = await askServing(eventId);
      if (serving == null) return serving;
      room = serving.room;
      keepHead(eventId, serving);
      return serving;
    },
    place: askPlace,
    async join(party) {
      let answer = await askToJoin(party);
      // A guest of a shop that was set up anew: this one does not know it.
      if (answer?.status === 401) {
        forgetSession();
        answer = await askToJoin(party);
      }
      if (answer === null) return undefined;
      if (answer.status !== 200) return answer.body.error;
      return kept(eventId, knownToken() ?? '', answer.body);
    },
    async lower(party) {
      const token = knownToken() ?? '';
      const answer = await api.post(`${queue}/party`, { path, token, body: { party } });
      if (answer === null) return undefined;
      return answer.status === 200 ? kept(eventId, token, answer.body) : answer.body.error;
    },
    async leave() {
      const token = knownToken() ?? '';
      const answer = await api.delete(queue, { path, token });
      if (answer === null) return undefined;
      return answer.status === 200 ? kept(eventId, token, answer.body) : answer.body.error;
    },
  };
}

/** null: there is no room. undefined: no answer. */
async function askServing(eventId: string): Promise<Serving | null | undefined> {
  const path = { event_id: eventId };
  const answer = await api.get('/v1/events/{event_id}/queue/serving', { path });
  if (answer === null) return undefined;
  return answer.status === 200 ? answer.body : null;
}

function kept(eventId: string, token: string, place: Place): Place {
  const { room, nonce, admission } = place;
  const receipt = receiptOf(eventId, room, token) ?? place.receipt;
  keep(eventId, room, { nonce, receipt, guest: guestOf(token), admission });
  return place;
}

export interface Shown {
  /** With what shows that the head which was kept is continued. */
  readonly proof: Proof;
  /** The receipt of then; null: this browser has none. */
  readonly given: string | null;
}

/** null: it cannot be had now. */
export async function fetchProof(eventId: string, room: string): Promise<Shown | null> {
  const token = knownToken();
  if (token === null) return null;
  const { head } = keptOf(eventId, room);
  const answer = await api.get('/v1/events/{event_id}/queue/proof', {
    ...{ path: { event_id: eventId }, token },
    query: head === null ? {} : { since: head.size },
  });
  if (answer?.status !== 200) return null;
  const { since_path: steps, ...proof } = answer.body;
  const seen = head !== null && steps !== undefined ? [{ head, path: steps }] : [];
  return { proof: { ...proof, seen }, given: receiptOf(eventId, room, token) };
}
