import type { Office } from '#libs/office/office.js';
import { saleSteps, type SaleStep } from '#libs/office/sale-steps.js';

import type { Exchange } from '../../http/exchange.js';
import type { Handlers } from '../area.js';
import { entryStep, type EventStepParts } from '../shared/event-step.js';
import type { replayRows } from './rows.js';

/**
 * The course of a sale, page by page, from the journal alone: an event at rest stays at rest, and
 * one that sells does not notice.
 */
export interface ReplayParts extends Pick<EventStepParts, 'events'> {
  readonly office: Office;
}

export const replayHandlers = (parts: ReplayParts): Handlers<typeof replayRows> => ({
  showReplay: (exchange) => showReplay(parts, exchange),
});

async function showReplay(parts: ReplayParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { after = 0 } = exchange.query as { after?: number };
  const batches = await parts.office.course({ eventId: entry.detail.eventId, after });
  const next = batches.at(-1)?.batchNo ?? after;
  const steps = batches.flatMap(saleSteps).map(stepJson);
  // Whoever has read to the end asks again, and is told of nothing new.
  exchange.json(200, JSON.stringify({ steps, next, more: batches.length > 0 }));
}

const stepJson = ({ atMs, offSale, ...rest }: SaleStep): object => ({
  at: atMs,
  ...rest,
  ...(offSale === undefined ? {} : { off_sale: offSale }),
});
