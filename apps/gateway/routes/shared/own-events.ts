import type { Role } from '#libs/contracts/roles.js';
import { assert } from '#libs/platform/assert.js';

import type { Powers } from '../../auth/powers.js';
import type { Exchange } from '../../http/exchange.js';
import type { Handle, Row } from '../area.js';
import { entryStep, type EventStepParts } from './event-step.js';

/**
 * An organiser's own events, for every route that names one and asks for a role: put around the
 * handlers by table.ts, so that no route can leave it out.
 *
 * OE1  Another organiser's event is answered as one that is not there, by every such route.
 */
export function ownEventsOnly(
  row: Pick<Row, 'auth' | 'object' | 'params'>,
  handle: Handle,
  parts: Pick<EventStepParts, 'events'>,
): Handle {
  const { auth, object, params } = row;
  if (typeof auth === 'string' || object !== 'organiser' || params === undefined) return handle;
  return async (exchange) => {
    const entry = await entryStep(parts, exchange);
    if (entry === null) return;
    const { organiser } = entry.detail;
    const theirs = organisersOf(powersOf(exchange), auth.roles);
    if (theirs !== null && (organiser === null || !theirs.includes(organiser))) {
      exchange.error('event_not_found');
      return;
    }
    await handle(exchange);
  };
}

/** Whose events he has by one of these roles; null: everybody's. */
export function organisersOf(powers: Powers, allowed: readonly Role[]): readonly string[] | null {
  const isStaff = allowed.some((role) => role !== 'organiser' && powers.roles.includes(role));
  return isStaff ? null : powers.organisers;
}

export function powersOf({ caller }: Exchange): Powers {
  assert(caller !== null, 'the route asks for a role');
  return caller.powers;
}
