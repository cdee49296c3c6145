import type { LiveStreams } from '../../live/streams.js';
import type { Handlers } from '../area.js';
import type { liveRows } from './rows.js';

/** The frames of the live map: as events here, by WebSocket in live/sockets.ts. */
export interface LiveParts {
  readonly streams: Pick<LiveStreams, 'serve'>;
}

export const liveHandlers = ({ streams }: LiveParts): Handlers<typeof liveRows> => ({
  watchEvent: streams.serve,
});
