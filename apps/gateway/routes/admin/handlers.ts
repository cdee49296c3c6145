import { limits } from '#libs/contracts/limits.js';
import type { Role } from '#libs/contracts/roles.js';
import type { By } from '#libs/inventory/by.js';
import type { AuditId, Office } from '#libs/office/office.js';
import type { CallResult, InventoryClient } from '#libs/routing/inventory-call.js';
import { assert } from '#libs/platform/assert.js';
import type { Log } from '#libs/platform/log.js';

import type { EventEntry } from '../../events/event-book.js';
import type { Exchange } from '../../http/exchange.js';
import { areaFrame } from '../../live/frames.js';
import type { Handlers } from '../area.js';
import { answerFailure, answerRefusal } from '../reservations/failures.js';
import { entryStep, eventStep, type EventStepParts } from '../shared/event-step.js';
import { isoTime } from '../shared/iso-time.js';
import { organisersOf, powersOf } from '../shared/own-events.js';
import { historyEntries } from './history-json.js';
import { roleFor } from './role-for.js';
import { adminRows } from './rows.js';

/**
 * What those who run events ask for. That they may is checked before (endpoint.ts, own-events.ts).
 *
 * AD1  A change is on record with its reason before its owner is asked for it (OF1), and its fact
 *      names who asked.
 */
export interface AdminParts extends EventStepParts {
  readonly office: Office;
  readonly inventory: InventoryClient;
  readonly log: Log;
}

export const adminHandlers = (parts: AdminParts): Handlers<typeof adminRows> => ({
  listOfficeEvents: (exchange) => listEvents(parts, exchange),
  showSales: (exchange) => showSales(parts, exchange),
  openSale: (exchange) => setSale(parts, exchange, 'openSale'),
  closeSale: (exchange) => setSale(parts, exchange, 'closeSale'),
  showHistory: (exchange) => showHistory(parts, exchange),
  showAudit: (exchange) => showAudit(parts, exchange),
});

async function listEvents({ office }: AdminParts, exchange: Exchange): Promise<void> {
  const { after = '', page_size: limit = limits.officePageMax } = exchange.query as {
    after?: string;
    page_size?: number;
  };
  const organisers = organisersOf(powersOf(exchange), adminRows.listOfficeEvents.auth.roles);
  const found = await office.events({ organisers, after, limit: limit + 1 });
  const events = found.slice(0, limit).map(({ eventId, name, organiser, startsAtMs }) => ({
    event_id: eventId,
    name,
    organiser,
    starts_at: isoTime(startsAtMs),
  }));
  const next = found.length > limit ? found[limit - 1].eventId : null;
  exchange.json(200, JSON.stringify({ events, next }));
}

async function showSales(parts: AdminParts, exchange: Exchange): Promise<void> {
  const replica = await eventStep(parts, exchange);
  if (replica === null) return;
  const { detail } = replica.entry;
  const { bookings, totalMinor } = await parts.office.takings(detail.eventId);
  const [free, held, booked, blocked] = replica.map.counts;
  const body = {
    event_id: detail.eventId,
    name: detail.name,
    organiser: detail.organiser,
    starts_at: isoTime(detail.startsAtMs),
    sale_status: replica.map.saleStatus,
    version: replica.map.version,
    seats: { free, held, booked, blocked },
    areas: replica.map.areas.map((_counts, area) => areaFrame(replica, area)),
    bookings,
    takings: totalMinor,
    currency: detail.currency,
  };
  exchange.json(200, JSON.stringify(body));
}

const changes = { openSale: 'OpenSale', closeSale: 'CloseSale' } as const;

async function setSale(
  parts: AdminParts,
  exchange: Exchange,
  what: keyof typeof changes,
): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const role = roleFor(exchange, adminRows[what].auth.roles);
  const { name } = powersOf(exchange);
  const { eventId } = entry.detail;
  const { reason } = exchange.body as { reason: string };
  const asked = { who: name, role, what, eventId, reason, trace: exchange.trace };
  const id = await parts.office.begin(asked);
  const { inventory } = parts;
  const call = exchange.follow({
    eventId,
    commandId: inventory.nextCommandId(),
    keyed: false,
    userId: userOf(exchange),
    request: { type: changes[what] },
    by: byOf(role, name),
  });
  const result = await inventory.call(call);
  answerChange(exchange, entry, result, what);
  await settle(parts, id, exchange, result);
}

/** What was done is answered whether its row could be settled or not: the fact tells as well. */
async function settle(
  { office, log }: AdminParts,
  id: AuditId,
  { trace }: Exchange,
  result: CallResult,
): Promise<void> {
  try {
    await office.settle(id, outcomeOf(result));
  } catch (error) {
    log.error({ err: error, trace }, 'the outcome of a change is not on record');
  }
}

function outcomeOf(result: CallResult): string {
  if (result.kind !== 'answered') return result.kind;
  const { answer } = result;
  return answer.kind === 'refused' ? `refused: ${answer.refusal.code}` : 'done';
}

function answerChange(
  exchange: Exchange,
  entry: EventEntry,
  result: CallResult,
  what: keyof typeof changes,
): void {
  assert(result.kind !== 'found', 'a command is not answered as a query');
  if (result.kind !== 'answered') answerFailure(exchange, result);
  else if (result.answer.kind === 'refused') {
    answerRefusal(exchange, entry, result.answer.refusal);
  } else {
    const sale = what === 'openSale' ? 'open' : 'closed';
    const body = { event_id: entry.detail.eventId, sale_status: sale };
    exchange.json(200, JSON.stringify(body));
  }
}

async function showHistory(parts: AdminParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { before = null } = exchange.query as { before?: number };
  const batches = await parts.office.history({ eventId: entry.detail.eventId, before });
  const entries = batches.flatMap((batch) => historyEntries(batch, entry.layout));
  const oldest = batches.at(-1)?.batchNo ?? 1;
  const body = { entries, next: oldest > 1 ? oldest : null };
  exchange.json(200, JSON.stringify(body));
}

async function showAudit(parts: AdminParts, exchange: Exchange): Promise<void> {
  const entry = await entryStep(parts, exchange);
  if (entry === null) return;
  const { before } = exchange.query as { before?: number };
  const rows = await parts.office.audit({
    eventId: entry.detail.eventId,
    before: before === undefined ? null : (String(before) as AuditId),
    limit: limits.officePageMax,
  });
  const entries = rows.map(({ askedAtMs, who, role, what, reason, trace, outcome }) => ({
    at: isoTime(askedAtMs),
    ...{ who, role, what, reason, trace_id: trace, outcome },
  }));
  const full = rows.length === limits.officePageMax;
  const next = full ? Number(rows[rows.length - 1].id) : null;
  exchange.json(200, JSON.stringify({ entries, next }));
}

const byOf = (role: Role, name: string): By => ({ role: 'operator', name: `${role} ${name}` });

function userOf({ caller }: Exchange) {
  assert(caller !== null, 'the route asks for a role');
  return caller.userId;
}
