import type { Pool, PoolClient } from 'pg';
import type { EventId } from '#libs/inventory/ids.js';
import { isForSale, type EventRules } from '#libs/inventory/layout.js';

/** Rules of an event as its last RulesChanged has them. */
export interface ChangedRules extends EventRules {
  /** Of the fact. */
  readonly revision: number;
}

/** Where rules that changed are written for everybody who asks the catalogue. */
export interface RulesRows {
  write(eventId: EventId, changed: ChangedRules): Promise<void>;
}

export const createPostgresRulesRows = (pool: Pool): RulesRows => ({
  write: (eventId, changed) => writeRulesRow(pool, eventId, changed),
});

/**
 * Brings the row of an event up to a fact: by who asked for the change, once it is answered, and by
 * its owner, who may be the only one left. Of two changes the later one stays, in whatever order
 * they are written, and a row that has it already is not touched.
 */
export async function writeRulesRow(
  client: Pool | PoolClient,
  eventId: EventId,
  { revision, rules, capacities }: ChangedRules,
): Promise<void> {
  const prices: readonly number[] = rules.prices.filter(isForSale);
  const sold = prices.length === 0 ? [0] : prices;
  await client.query(
    `UPDATE event SET rules = $2, rules_revision = $3, area_capacities = $4, price_min_minor = $5,
                      price_max_minor = $6, on_sale_at = $7
      WHERE event_id = $1 AND rules_revision < $3`,
    [
      eventId,
      JSON.stringify(rules),
      revision,
      capacities,
      Math.min(...sold),
      Math.max(...sold),
      rules.opensAtMs === null ? null : new Date(rules.opensAtMs),
    ],
  );
}
