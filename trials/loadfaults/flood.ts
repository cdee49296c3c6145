import { setTimeout as pause } from 'node:timers/promises';
import type { EventId } from '#libs/inventory/ids.js';
import { quantile } from './quantile.js';
import { Lines, type LineAnswer } from './lines.js';

/**
 * Requests on a schedule that does not wait for answers, over as many connections as a crowd has:
 * the HTTP server takes one request at a time on each. Latency counts from when a request was due.
 * Decided: held, or refused by the owner because somebody else has the seat.
 */
export interface FloodPlan {
  readonly gateway: URL;
  readonly eventId: EventId;
  readonly users: readonly (readonly string[])[];
  readonly seatIds: readonly string[];
  readonly perSecond: number;
  readonly connections: number;
  readonly ms: number;
}

export interface FloodResult {
  readonly sent: number;
  /** Were due and not sent: everybody in the crowd was waiting for an answer. */
  readonly unsent: number;
  readonly decided: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Refusals with 429 or 503 that did not say when to come back. */
  readonly withoutRetryAfter: number;
  readonly unanswered: number;
  /** From the last request to the last answer. */
  readonly drainedMs: number;
  readonly decidedPerSecond: number;
  /** Of decided work, from its due time. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const tickMs = 2;
const drainMs = 10_000;

export async function flood(plan: FloodPlan): Promise<FloodResult> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let withoutRetryAfter = 0;
  const answered = ({ status, retryAfter }: LineAnswer, dueMs: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 201 || status === 409) latencies.push(performance.now() - dueMs);
    else if ((status === 429 || status === 503) && !retryAfter) withoutRetryAfter += 1;
  };
  const { hostname, port } = plan.gateway;
  const lines = await Lines.open(
    { host: hostname, port: Number(port) },
    plan.connections,
    answered,
  );
  const startMs = performance.now();
  let due = 0;
  let sent = 0;
  let unsent = 0;
  for (let nowMs = startMs; nowMs - startMs < plan.ms; nowMs = performance.now()) {
    const wanted = Math.floor(((nowMs - startMs) * plan.perSecond) / 1_000);
    for (; due < wanted; due += 1) {
      const dueMs = startMs + (due * 1_000) / plan.perSecond;
      if (lines.send(requestOf(plan, due), dueMs)) sent += 1;
      else unsent += 1;
    }
    await pause(tickMs);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  const giveUpMs = performance.now() + drainMs;
  while (lines.inFlight > 0 && performance.now() < giveUpMs) await pause(tickMs);
  const drainedMs = performance.now() - startMs - seconds * 1_000;
  const unanswered = lines.inFlight + lines.lost;
  lines.close();
  return {
    sent,
    unsent,
    decided: latencies.length,
    statuses,
    withoutRetryAfter,
    unanswered,
    drainedMs,
    decidedPerSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

function requestOf({ users, seatIds, eventId, gateway }: FloodPlan, index: number): string {
  const [authorization] = users[index % users.length];
  const body = `{"event_id":"${eventId}","seat_ids":["${seatIds[index % seatIds.length]}"]}`;
  return (
    `POST /v1/reservations HTTP/1.1\r\nHost: ${gateway.host}\r\n${authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}
