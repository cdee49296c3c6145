import { hostname } from 'node:os';

import type { ControlServer } from '#libs/bus/control-server.js';
import type { GatewayCall, GatewayView } from '#libs/contracts/control.js';
import { subjects } from '#libs/contracts/subjects.js';

import type { EdgeKind } from '../edge/open-edge.js';
import type { Audiences } from '../live/audiences.js';
import type { LameDuck } from './lame-duck.js';

export interface OperatedGateway {
  readonly audiences: Pick<Audiences, 'sockets' | 'streams'>;
  readonly lameDuck: LameDuck;
  readonly traffic: { readonly inFlight: number };
  readonly edge: EdgeKind;
}

/** Host and port: two gateways of one system never have both. */
export const gatewayName = (host: string, port: number): string => `${host}:${port}`;

/**
 * Operators ask all gateways at once, and name the one they mean; everybody says how it is, so that
 * who asked knows also which ones there are.
 */
export function answerOperators(
  control: ControlServer,
  { audiences, lameDuck, traffic, edge }: OperatedGateway,
  port: number,
): void {
  const host = hostname();
  const name = gatewayName(host, port);
  control.serve(subjects.gateways, (call: GatewayCall): GatewayView => {
    const meant = call.name === null || call.name === name;
    const changed = meant && carryOut(lameDuck, call.action);
    return {
      name,
      host,
      pid: process.pid,
      port,
      edge,
      rooms: true,
      state: lameDuck.state,
      stateMs: lameDuck.stateMs,
      sockets: audiences.sockets,
      streams: audiences.streams,
      requestsInFlight: traffic.inFlight,
      changed,
    };
  });
}

function carryOut(lameDuck: LameDuck, action: GatewayCall['action']): boolean {
  if (action === 'lame_duck') return lameDuck.enter();
  return action === 'cancel' && lameDuck.cancel();
}
