import { createHash } from 'node:crypto';
import type { Random } from './random.js';

/**
 * Trace ids: the one word by which the log lines of a request are found again, in every process it
 * went through. W3C Trace Context: 32 lower-case hex digits, not all zero.
 *
 * TR1  A command without a trace of its own has the one that is made of its id. Every process makes
 *      the same one, so that nothing has to be sent, and nothing made before a line needs it.
 * TR2  What a client sends is taken or ignored as a whole; it never makes a request fail.
 */
export type TraceId = string;

/** One stretch of a trace: 16 lower-case hex digits, not all zero. */
export type SpanId = string;

/** What a `traceparent` header says. */
export interface TraceParent {
  readonly trace: TraceId;
  readonly span: SpanId;
  /** Whoever asks records his part, and would like us to. */
  readonly sampled: boolean;
}

const idPattern = /^(?!0{32})[0-9a-f]{32}$/;
const spanPattern = /^(?!0{16})[0-9a-f]{16}$/;
/** Version, trace id, parent id, flags. A later version may go on behind another hyphen. */
const parentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const parentLengthMax = 512;
const sampledFlag = 1;

export const isTraceId = (value: unknown): value is TraceId =>
  typeof value === 'string' && idPattern.test(value);

export const isSpanId = (value: unknown): value is SpanId =>
  typeof value === 'string' && spanPattern.test(value);

/** Null when the header is none, or not a valid one. */
export function readTraceParent(header: string): TraceParent | null {
  if (header === '' || header.length > parentLengthMax) return null;
  const [, version, trace, span, flags, more] = parentPattern.exec(header) ?? [];
  if (version === undefined || version === 'ff' || !isTraceId(trace)) return null;
  if (version === '00' && more !== undefined) return null;
  return { trace, span, sampled: (parseInt(flags, 16) & sampledFlag) !== 0 };
}

/** The header for whom we ask in our turn. */
export const writeTraceParent = ({ trace, span, sampled }: TraceParent): string =>
  `00-${trace}-${span}-${sampled ? '01' : '00'}`;

/** TR1. Of a command id, or of whatever else all who log about the request know. */
export function derivedTrace(seed: string): TraceId {
  const id = createHash('sha256').update(seed).digest('hex').slice(0, 32);
  return isTraceId(id) ? id : smallest;
}

const smallest = `${'0'.repeat(31)}1`;

/** For requests without any command. No system call and no digest, so also for each early no. */
export class TraceIds {
  private readonly prefix: string;
  private counter = 0;

  constructor(random: Random) {
    this.prefix = derivedTrace(random.token(32)).slice(0, 16);
  }

  next(): TraceId {
    this.counter += 1;
    const high = Math.floor(this.counter / 2 ** 32);
    // An odd factor permutes the 32 bits: no id twice, and who samples by its end samples fairly.
    const low = Math.imul(this.counter, 0x9e3779b1) >>> 0;
    return this.prefix + hex8(high) + hex8(low);
  }
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');
