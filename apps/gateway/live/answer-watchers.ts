import type { ControlServer } from '#libs/bus/control-server.js';
import type { WatchersCall, WatchersReply } from '#libs/contracts/control.js';
import { subjects } from '#libs/contracts/subjects.js';

import type { Audiences } from './audiences.js';

/**
 * Tells operators how many watch an event on this gateway; they ask all gateways at once and add
 * up.
 */
export function answerWatchers(
  control: ControlServer,
  audiences: Pick<Audiences, 'watchersOf'>,
): void {
  control.serve(subjects.watchers, ({ eventId }: WatchersCall): WatchersReply => {
    return { watchers: audiences.watchersOf(eventId) };
  });
}
