import type { Pool, PoolClient } from 'pg';
import { limits } from '#libs/contracts/limits.js';
import { isPlain, type PriceParts } from '#libs/contracts/money/price-parts.js';
import type { EventId } from '#libs/inventory/ids.js';
import type { EventFees, FeeTerms } from './fees.js';

/** Fees and taxes of an event in Postgres. */
export interface FeesRow {
  readonly fee_ticket_minor: number;
  readonly fee_milli: number;
  readonly tax_milli: number | null;
  /** null: none. */
  readonly price_parts: readonly PartsRow[] | null;
}

type PartsRow = readonly [price: number, fee: number, tax: number, feeTax: number];

/** The parts of the prices that an event had, the latest ones; `id`: SQL of the event's. */
const partsOf = (id: string): string => `
  (SELECT jsonb_agg(jsonb_build_array(price_minor, fee_minor, tax_minor, fee_tax_minor))
     FROM (SELECT * FROM event_price AS p WHERE p.event_id = ${id}
            ORDER BY said_at DESC LIMIT ${limits.pricesKnownMax}) AS known)`;

/** Of the alias e. */
export const feesColumns = `e.fee_ticket_minor, e.fee_milli, e.tax_milli,
  ${partsOf('e.event_id')} AS price_parts`;

export const feesOf = (row: FeesRow): EventFees => ({
  terms: {
    ticketMinor: row.fee_ticket_minor,
    feeMilli: row.fee_milli,
    taxMilli: row.tax_milli,
  },
  parts: partsMap(row.price_parts),
});

const partsMap = (rows: FeesRow['price_parts']): Map<number, PriceParts> =>
  new Map(
    (rows ?? []).map(([price, feeMinor, taxMinor, feeTaxMinor]) => [
      price,
      { feeMinor, taxMinor, feeTaxMinor },
    ]),
  );

/** As they are now, whatever a cache remembers. */
export async function readParts(
  db: Pick<Pool, 'query'>,
  eventId: EventId,
): Promise<EventFees['parts']> {
  const { rows } = await db.query<Pick<FeesRow, 'price_parts'>>({
    name: 'event-price-parts',
    text: `SELECT ${partsOf('$1')} AS price_parts`,
    values: [eventId],
  });
  return partsMap(rows[0].price_parts);
}

/**
 * Before the owner is asked to sell at them (PF3). Nothing changes of `prices`, at which it sells
 * now, nor of those that are known: it may yet say no.
 */
export const announceParts = (
  db: Pick<Pool, 'query'>,
  eventId: EventId,
  { parts }: EventFees,
  prices: readonly number[],
): Promise<unknown> => {
  const others = [...parts].filter(([price]) => !prices.includes(price));
  return insertParts(db, eventId, new Map(others), 'NOTHING');
};

/** All of `prices` as they are sold from now on, and what is said of them. */
export async function writeFees(
  client: PoolClient,
  eventId: EventId,
  { terms, parts }: EventFees,
  prices: readonly number[],
): Promise<void> {
  await client.query(
    'UPDATE event SET fee_ticket_minor = $2, fee_milli = $3, tax_milli = $4 WHERE event_id = $1',
    [eventId, ...columnsOf(terms)],
  );
  const plain = prices.filter((price) => isPlainPrice(parts, price));
  await client.query('DELETE FROM event_price WHERE event_id = $1 AND price_minor = ANY ($2)', [
    eventId,
    plain,
  ]);
  await insertParts(
    client,
    eventId,
    parts,
    `UPDATE SET fee_minor = excluded.fee_minor,
       tax_minor = excluded.tax_minor, fee_tax_minor = excluded.fee_tax_minor,
       said_at = excluded.said_at`,
  );
}

const columnsOf = ({ ticketMinor, feeMilli, taxMilli }: FeeTerms): unknown[] => [
  ticketMinor,
  feeMilli,
  taxMilli,
];

function isPlainPrice(parts: EventFees['parts'], price: number): boolean {
  const known = parts.get(price);
  return known === undefined || isPlain(known);
}

async function insertParts(
  db: Pick<Pool, 'query'>,
  eventId: EventId,
  parts: EventFees['parts'],
  otherwise: string,
): Promise<void> {
  const rows = [...parts].filter(([, one]) => !isPlain(one));
  await db.query(
    `INSERT INTO event_price (event_id, price_minor, fee_minor, tax_minor, fee_tax_minor)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
     ON CONFLICT (event_id, price_minor) DO ${otherwise}`,
    [
      eventId,
      rows.map(([price]) => price),
      rows.map(([, { feeMinor }]) => feeMinor),
      rows.map(([, { taxMinor }]) => taxMinor),
      rows.map(([, { feeTaxMinor }]) => feeTaxMinor),
    ],
  );
}
