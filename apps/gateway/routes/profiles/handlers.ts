import type { Profiles, UpcomingQuery, WithEvents } from '#libs/catalogue/profiles/profiles.js';
import {
  performerIdOf,
  venueIdOf,
  type Performer,
} from '#libs/catalogue/profiles/venues-performers.js';
import type { ErrorCode } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { ReadyPages, PageText } from '../../events/ready-pages.js';
import type { Exchange } from '../../http/exchange.js';
import type { LargeAnswers } from '../../http/large-answers.js';
import type { Handlers } from '../area.js';
import { summaryJson } from '../events/summary-json.js';
import { headersOfPage } from '../shared/page-links.js';
import { houseJson } from './house-json.js';
import type { profileRows } from './rows.js';

export interface ProfileParts {
  readonly pages: ReadyPages;
  readonly catalogue: Profiles;
  readonly answers: LargeAnswers;
  readonly clock: Clock;
}

/** Venues and performers, each with a page of its upcoming events. */
export const profileHandlers = (parts: ProfileParts): Handlers<typeof profileRows> => ({
  showVenue: (exchange) =>
    show(parts, exchange, {
      missing: 'venue_not_found',
      path: '/v1/venues',
      read: readerOf(venueIdOf(exchange.params[0]), (id, query) =>
        parts.catalogue.venueOf(id, query),
      ),
      json: houseJson,
    }),
  showPerformer: (exchange) =>
    show(parts, exchange, {
      missing: 'performer_not_found',
      path: '/v1/performers',
      read: readerOf(performerIdOf(exchange.params[0]), (id, query) =>
        parts.catalogue.performerOf(id, query),
      ),
      json: performerJson,
    }),
});

type Read<Of> = (query: UpcomingQuery) => Promise<WithEvents<Of> | null>;

interface Shown<Of> {
  readonly missing: ErrorCode;
  readonly path: string;
  /** null: no id looks like that. */
  readonly read: Read<Of> | null;
  readonly json: (of: Of) => object;
}

const readerOf = <Id, Of>(
  id: Id | null,
  read: (id: Id, query: UpcomingQuery) => Promise<WithEvents<Of> | null>,
): Read<Of> | null => (id === null ? null : (query) => read(id, query));

async function show<Of>(
  { pages, answers, clock }: ProfileParts,
  exchange: Exchange,
  { missing, path: parent, read, json }: Shown<Of>,
): Promise<void> {
  const asked = exchange.query as { readonly page?: number; readonly page_size?: number };
  const { page = 1, page_size: pageSize = limits.pageSizeDefault } = asked;
  const path = `${parent}/${exchange.params[0]}`;
  const textOf = async (readNow: Read<Of>): Promise<PageText | null> => {
    const found = await readNow({ nowMs: clock.nowMs(), page, pageSize });
    if (found === null) return null;
    const { total, events } = found.upcoming;
    return {
      text: JSON.stringify({ ...json(found.of), events: events.map(summaryJson) }),
      headers: headersOfPage({ path, query: { page_size: pageSize }, page, pageSize, total }),
    };
  };
  const key = `${path}?${page},${pageSize}`;
  const found = read === null ? null : await pages.find(key, () => textOf(read));
  if (found === null) exchange.error(missing);
  else if (!answers.notModified(exchange, found.as)) {
    await answers.send(exchange, found.body, found.as);
  }
}

const performerJson = ({ performerId, name, description, links }: Performer): object => ({
  performer_id: performerId,
  name,
  description,
  links,
});
