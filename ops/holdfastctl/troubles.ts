import type { ControlReply } from '#libs/bus/control-call.js';
import type { GatewayView } from '#libs/contracts/control.js';
import type { ShardBeat } from '#libs/contracts/wire.js';
import { plural } from './numbers.js';

/**
 * What a buyer needs and does not have now, one line each. Only judges: what it judges is gathered
 * by the commands. A buyer needs a gateway that is ready, a shard for the event, a journal that
 * takes a write, and payments that answer.
 *
 * WL1  What could not be asked is a trouble, not a pass.
 */
export interface Health {
  /** Of the database, as schemaProblem() and writeProblem() say it. */
  readonly schema: string | null;
  readonly write: string | null;
  readonly gateways: readonly GatewayStatus[];
  /** How the bus is there: `none` is a --single system, which has its own. */
  readonly bus: 'asked' | 'none' | 'unknown';
  /** Of every gateway, shard and payments process on the bus; null without one. */
  readonly gatewayViews: readonly GatewayView[] | null;
  readonly shards: readonly ShardBeat[] | null;
  readonly payments: ControlReply<unknown>['kind'] | null;
  readonly owners: readonly { readonly shard: string; readonly events: number }[];
  readonly quarantined: readonly Quarantined[];
}

export interface GatewayStatus {
  readonly url: string;
  readonly ready: boolean;
  /** It said so itself: nothing is wrong with it. */
  readonly lame_duck: boolean;
  /** What it says that it lacks. */
  readonly missing: readonly string[];
}

export interface Quarantined {
  readonly event_id: string;
  readonly reason: string;
}

export function troublesOf(health: Health): string[] {
  return [
    ...(health.schema === null ? [] : [health.schema]),
    ...(health.write === null ? [] : [health.write]),
    ...gatewayTroubles(health),
    ...(health.bus === 'unknown'
      ? ['NATS_URL is not set: shards and payments were not asked']
      : []),
    ...(health.shards === null ? [] : shardTroubles(health.shards, health.owners)),
    ...paymentsTroubles(health.payments),
    ...health.quarantined.map(quarantineLine),
  ];
}

export const quarantineLine = ({ event_id, reason }: Quarantined): string =>
  `${event_id} is in quarantine: ${reason}`;

function gatewayTroubles({ gateways, gatewayViews }: Health): string[] {
  const ready = gateways.some((gateway) => gateway.ready);
  const bad = gateways.filter((gateway) => !gateway.ready && !(gateway.lame_duck && ready));
  const lines = bad.map(({ url, missing }) =>
    missing.length === 0 ? `not ready: ${url}` : `not ready: ${url} (${missing.join(', ')})`,
  );
  const unseen = gateways.length === 0 && gatewayViews?.length === 0;
  return unseen ? ['no gateway answers'] : lines;
}

function shardTroubles(shards: readonly ShardBeat[], owners: Health['owners']): string[] {
  const live = new Set(shards.map(({ incarnation }) => incarnation));
  const gone = owners.filter(({ shard }) => !live.has(shard));
  const taking = shards.some(({ state }) => state === 'active');
  return [
    ...(shards.length === 0 ? ['no shard is alive'] : []),
    ...(shards.length > 0 && !taking ? ['no shard takes events: all are cordoned'] : []),
    ...gone.map(({ shard, events }) => `${plural(events, 'event')} of ${shard}, which is gone`),
  ];
}

function paymentsTroubles(payments: Health['payments']): string[] {
  if (payments === null || payments === 'ok') return [];
  if (payments === 'no_responders') return ['no payments process is there'];
  return [`payments do not answer (${payments.replace('_', ' ')})`];
}
