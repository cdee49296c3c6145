import type { Bus } from '#libs/bus/bus.js';
import { decodeBody, encodeAnswer } from '#libs/bus/control-call.js';
import type { WatchersCall, WatchersReply } from '#libs/contracts/control.js';
import { subjects } from '#libs/contracts/subjects.js';

import type { Audiences } from './audiences.js';

/**
 * Tells operators how many watch an event on this gateway; they ask all gateways at once and add
 * up. Returns what ends it.
 */
export function answerWatchers(bus: Bus, audiences: Pick<Audiences, 'watchersOf'>): () => void {
  const subscription = bus.subscribe(subjects.watchers, (message) => {
    if (message.replyTo === undefined) return;
    const { eventId } = decodeBody(message.payload) as WatchersCall;
    const answer: WatchersReply = { watchers: audiences.watchersOf(eventId) };
    bus.publish(message.replyTo, encodeAnswer(answer));
  });
  return () => subscription.unsubscribe();
}
