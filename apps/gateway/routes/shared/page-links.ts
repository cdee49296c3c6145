import { limits } from '#libs/contracts/limits.js';

import type { ExtraHeaders } from '../../http/exchange.js';

/** One page of a list, and how it was asked for. */
export interface AskedPage {
  readonly path: string;
  /** Names and values as they were checked; all that say something are kept. */
  readonly query: Readonly<Record<string, string | number>>;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  /** Of the whole list. */
  readonly total: number;
}

/** How many there are, and where the other pages stand. */
export const headersOfPage = (asked: AskedPage): ExtraHeaders => [
  ['X-Total-Count', String(asked.total)],
  ['Link', pageLinks(asked)],
];

/** The same for the document. */
export const pageHeaders = {
  'X-Total-Count':
    `How many events match, on all pages: at most ${limits.eventsListedMax}, which means ` +
    'so many or more. Pages reach as far.',
  Link: 'RFC 8288: the pages first, prev, next and last.',
} as const;

/** In the order in which they are given up where a long query leaves no room for all. */
type Rel = 'next' | 'prev' | 'first' | 'last';

/**
 * The Link header of a page (RFC 8288): first, prev, next, last. Targets begin at the root of the
 * server, so that they hold behind any proxy, and are within the bounds of `page`.
 *
 * PL1  Never more than limits.linkBytesMax, or proxies and clients would drop the whole answer. One
 *      link always fits.
 */
export function pageLinks({ path, query, page, pageSize, total }: AskedPage): string {
  const last = Math.min(limits.pageMax, Math.max(1, Math.ceil(total / pageSize)));
  const targets: [Rel, number][] = [
    ...(page < last ? [['next', page + 1] as [Rel, number]] : []),
    ...(page > 1 ? [['prev', Math.min(page - 1, last)] as [Rel, number]] : []),
    ['first', 1],
    ['last', last],
  ];
  let links = '';
  for (const [rel, target] of targets) {
    const link = `<${path}?${queryText({ ...query, page: target })}>; rel="${rel}"`;
    const longer = links === '' ? link : `${links}, ${link}`;
    if (longer.length <= limits.linkBytesMax) links = longer;
  }
  return links;
}

function queryText(query: AskedPage['query']): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== '') text.set(name, String(value));
  }
  return text.toString();
}
