import type { MediaBook } from '../../events/media-book.js';
import type { Exchange } from '../../http/exchange.js';
import type { LargeAnswers, Representation } from '../../http/large-answers.js';
import type { Handlers } from '../area.js';
import type { mediaRows } from './rows.js';

export interface MediaParts {
  readonly media: MediaBook;
  readonly answers: LargeAnswers;
}

export const mediaHandlers = (parts: MediaParts): Handlers<typeof mediaRows> => ({
  showMedia: (exchange) => showMedia(parts, exchange),
});

/** The address is the content's hash: whoever has the answer to it never needs another. */
async function showMedia({ media, answers }: MediaParts, exchange: Exchange): Promise<void> {
  const [hash] = exchange.params;
  const body = await media.bodyOf(hash);
  if (body === null) {
    exchange.error('media_not_found', {}, [['Cache-Control', 'no-store']]);
    return;
  }
  const tag = `"${hash}"`;
  const as: Representation = {
    contentType: 'image/webp',
    tags: { identity: tag, gzip: tag, br: tag },
    headers: [['Cache-Control', 'public, max-age=31536000, immutable']],
  };
  if (!answers.notModified(exchange, as)) await answers.send(exchange, body, as);
}
