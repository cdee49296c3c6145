import type { Bus } from '#libs/bus/bus.js';
import type { CommandBatch } from '#libs/contracts/wire.js';
import {
  decodeCommandBatch,
  encodeUnreadable,
  frameVersions,
  UnknownFrameVersion,
} from '#libs/contracts/wire-codec.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardMetrics } from './shard-metrics.js';

export interface BatchReaderPorts {
  readonly bus: Bus;
  readonly metrics: Pick<ShardMetrics, 'malformed' | 'unknownVersion' | 'unsent'>;
  readonly log: Log;
}

/**
 * Null: the batch was not understood, nothing of it is executed, and its sender was told so at once
 * with the versions that are read here (H4). It would wait for its deadline otherwise.
 */
export function readBatch(
  { bus, metrics, log }: BatchReaderPorts,
  payload: Uint8Array,
  replyTo: string,
): CommandBatch | null {
  try {
    return decodeCommandBatch(payload);
  } catch (error) {
    const counter = error instanceof UnknownFrameVersion ? 'unknownVersion' : 'malformed';
    metrics[counter].value += 1;
    log.warn({ err: error, replyTo }, 'command batch unreadable');
    const answer = encodeUnreadable({ found: payload[0] ?? 0, reads: frameVersions });
    if (!bus.publish(replyTo, answer)) metrics.unsent.value += 1;
    return null;
  }
}
