import type { Exchange } from '../../http/exchange.js';
import type { LargeAnswers, Representation } from '../../http/large-answers.js';
import type { LayoutBook } from '../../events/layout-book.js';
import type { Handlers } from '../area.js';
import type { layoutRows } from './rows.js';

export interface LayoutParts {
  readonly layouts: LayoutBook;
  readonly answers: LargeAnswers;
}

export const layoutHandlers = (parts: LayoutParts): Handlers<typeof layoutRows> => ({
  showLayout: (exchange) => showLayout(parts, exchange),
});

/** The address is the content's hash: whoever has the answer to it never needs another. */
async function showLayout({ layouts, answers }: LayoutParts, exchange: Exchange): Promise<void> {
  const [hash] = exchange.params;
  const body = await layouts.bodyOf(hash);
  if (body === null) {
    exchange.error('layout_not_found', {}, [['Cache-Control', 'no-store']]);
    return;
  }
  const as: Representation = {
    contentType: 'application/json',
    tags: { identity: `"${hash}"`, gzip: `"${hash}-gzip"`, br: `"${hash}-br"` },
    headers: [
      ['Cache-Control', 'public, max-age=31536000, immutable'],
      ['Vary', 'Accept-Encoding'],
    ],
  };
  if (!answers.notModified(exchange, as)) await answers.send(exchange, body, as);
}
