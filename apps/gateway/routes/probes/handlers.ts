import type { Bus } from '#libs/bus/bus.js';
import type { DatabaseAnswers } from '#libs/database/database-answers.js';
import type { InventoryClient } from '#libs/routing/inventory-call.js';

import type { Exchange } from '../../http/exchange.js';
import type { LameDuck } from '../../lame-duck/lame-duck.js';
import type { Handlers } from '../area.js';
import type { probeRows } from './rows.js';

/** For orchestrators; never limited, never refused while the process lives. */
export interface ProbeParts {
  readonly lameDuck: Pick<LameDuck, 'state'>;
  readonly bus: Pick<Bus, 'connected'>;
  readonly database: Pick<DatabaseAnswers, 'away'>;
  readonly inventory: Pick<InventoryClient, 'ready'>;
}

export const probeHandlers = (parts: ProbeParts): Handlers<typeof probeRows> => ({
  livez: live,
  readyz: (exchange) => ready(parts, exchange),
});

function live(exchange: Exchange): void {
  exchange.json(200, '{"status":"ok"}');
}

/** Ready: buyers can search and hold. Says what is missing. */
function ready(parts: ProbeParts, exchange: Exchange): void {
  const missing = missingOf(parts);
  if (missing.length === 0) exchange.json(200, '{"status":"ready"}');
  else {
    const body = JSON.stringify({ status: 'not_ready', missing });
    exchange.json(503, body, [['Retry-After', '1']]);
  }
}

export const missingOf = ({
  lameDuck,
  bus,
  inventory,
  database,
}: ProbeParts): readonly string[] => [
  ...(lameDuck.state === 'serving' ? [] : [lameDuck.state]),
  ...(bus.connected ? [] : ['bus']),
  ...(inventory.ready ? [] : ['inventory']),
  ...(database.away ? ['database'] : []),
];
