import { controlCall } from '#libs/bus/control-call.js';
import type { TakeCall, TakeReply, WarmCall, WarmReply } from '#libs/contracts/control.js';
import { limits } from '#libs/contracts/limits.js';
import { subjects } from '#libs/contracts/subjects.js';
import type { EventId } from '#libs/inventory/ids.js';
import { ownerIfAlive, type TakeoverPorts } from './takeover.js';

/** Who has the event now; null = not known, ask again. */
export interface Heir {
  readonly owner: string | null;
  readonly epoch: number;
}

/**
 * Finds a shard for an event that this one cannot read, because a newer program wrote to it. Each
 * live shard is asked to load it first, which only a program that can read it does; that one takes
 * it, as in a move. Throws when nobody could: the caller comes back later, a growing time apart.
 */
export async function giveAway(ports: TakeoverPorts, eventId: EventId): Promise<Heir> {
  const { bus, incarnation, journal, log, membership } = ports;
  const row = await journal.ownership(eventId);
  if (row === null) throw new Error(`${eventId} is gone`);
  if (row.owner !== null && row.owner !== incarnation) {
    const owner = await ownerIfAlive(ports, row);
    if (owner !== 'dead') return { owner, epoch: row.epoch };
  }
  const call = <Body>(to: string, pattern: string, body: unknown, timeoutMs: number) =>
    controlCall<Body>(bus, subjects.control(to, pattern), body, timeoutMs);
  for (const { incarnation: to } of membership.placeable) {
    if (to === incarnation) continue;
    const warm: WarmCall = { eventId };
    const warmed = await call<WarmReply>(to, 'warm', warm, limits.moveWarmMs);
    if (warmed.kind !== 'ok') continue;
    const { batchNo } = warmed.body;
    const take: TakeCall = { eventId, fromEpoch: row.epoch, batchNo };
    const taken = await call<TakeReply>(to, 'take', take, limits.moveTakeMs);
    if (taken.kind !== 'ok' || taken.body.kind !== 'taken') continue;
    log.warn({ event: eventId, to, epoch: taken.body.epoch }, 'event given to a newer program');
    return { owner: to, epoch: taken.body.epoch };
  }
  throw new Error(`no shard can read ${eventId}: start one of the version that wrote it last`);
}
