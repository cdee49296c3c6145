import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';

import type { Admission } from '../admission/admission.js';
import type { EdgeResponse } from '../edge/edge.js';
import { isCompressible, type CodedBody } from './coded-body.js';
import type { Compression } from './compression.js';
import { codingFor, type Coding } from './content-coding.js';
import { matchesTag } from './entity-tag.js';
import type { Exchange, ExtraHeaders } from './exchange.js';
import type { UnreadAnswers } from './unread-answers.js';

/** What is sent beside the body. `headers` without the tag. */
export interface Representation {
  readonly contentType: string;
  /** A tag for each coding: a cache must not take one for the other. */
  readonly tags: Readonly<Record<Coding, string>>;
  readonly headers: ExtraHeaders;
  /** Left out of a 304, which a client gets many of: what it has tells it already. */
  readonly withBody?: ExtraHeaders;
}

export interface LargeAnswerPorts {
  readonly admission: Pick<Admission, 'ofAddress' | 'keyOf'>;
  readonly compression: Compression;
  readonly unread: UnreadAnswers;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Answers that are worth a thought before they are sent: in the coding that the client takes, paid
 * for by their bytes, and not to somebody who leaves others unread.
 *
 * LA1  The request has paid for itself when it came, the answer pays for what it is above that, as
 *      it travels: 304 costs one token, a list of 4 MB sixty-four, the same compressed four.
 * LA2  What is dear to begin is paid for before it is begun, by who asks first: else an address
 *      that can pay for no more answers has others made, of one event after the other.
 */
export class LargeAnswers {
  constructor(private readonly ports: LargeAnswerPorts) {}

  /** True: the client has it, and was told so. */
  notModified(exchange: Exchange, { tags, headers }: Representation): boolean {
    const { ifNoneMatch, acceptEncoding } = exchange.headers;
    if (ifNoneMatch === '') return false;
    const tag = tags[codingFor(acceptEncoding)];
    if (ifNoneMatch === tag || matchesTag(ifNoneMatch, tag)) exchange.notModified(tag, headers);
    // What is small, or could not be compressed, was sent as it is to whoever takes codings too.
    else if (matchesTag(ifNoneMatch, tags.identity)) exchange.notModified(tags.identity, headers);
    else return false;
    return true;
  }

  send(exchange: Exchange, body: CodedBody, as: Representation): void | Promise<void> {
    const coding = body.sentAs(codingFor(exchange.headers.acceptEncoding));
    if (!this.paid(exchange, body.bytesBefore(coding))) return;
    const bytes = body.in(coding);
    if (bytes instanceof Promise) return this.sendMade(exchange, body, coding, as);
    this.hand(exchange, bytes, coding, as);
  }

  /** Where too much is being compressed, the body goes as it is. */
  private async sendMade(
    exchange: Exchange,
    body: CodedBody,
    coding: Coding,
    as: Representation,
  ): Promise<void> {
    const coded = await body.in(coding);
    if (coded !== null) this.hand(exchange, coded, coding, as);
    else {
      const asItIs = coding === 'identity' ? null : await body.in('identity');
      if (asItIs !== null) this.hand(exchange, asItIs, 'identity', as);
      else exchange.error('overloaded', { retry_after_ms: 1_000 });
    }
  }

  /** JSON made for this one answer: compressed where that is worth it, and without a tag. */
  json(exchange: Exchange, text: string, headers: ExtraHeaders): void | Promise<void> {
    const all = [...headers, ['Vary', 'Accept-Encoding']] as const;
    const coding = codingFor(exchange.headers.acceptEncoding);
    if (coding === 'identity' || !isCompressible(text.length)) {
      exchange.json(200, text, all);
      return;
    }
    return this.ports.compression.compress(Buffer.from(text), coding, 'fast').then((coded) => {
      if (coded === null) exchange.json(200, text, all);
      else exchange.send(200, 'application/json', coded, [...all, ['Content-Encoding', coding]]);
    });
  }

  private hand(exchange: Exchange, body: Uint8Array, coding: Coding, as: Representation): void {
    if (exchange.finished || !this.paid(exchange, body.byteLength)) return;
    const { admission, unread } = this.ports;
    const addressKey = admission.keyOf(exchange);
    if (!unread.admits(addressKey, body.byteLength)) {
      exchange.error('rate_limited', { retry_after_ms: 1_000, detail: 'read what was sent first' });
      return;
    }
    const headers: ExtraHeaders = [
      ['ETag', as.tags[coding]],
      ...(coding === 'identity' ? [] : ([['Content-Encoding', coding]] as const)),
      ...as.headers,
      ...(as.withBody ?? []),
    ];
    const hand = (res: EdgeResponse): void => unread.hand(res, body, addressKey);
    exchange.sendLarge(as.contentType, headers, body.byteLength, hand);
  }

  private paid(exchange: Exchange, bytes: number): boolean {
    const cost = answerCost(bytes) - 1;
    if (cost <= 0) return true;
    const { admission, clock } = this.ports;
    const waitMs = admission.ofAddress(exchange, cost, clock.monotonicMs());
    if (waitMs > 0) exchange.error('rate_limited', { retry_after_ms: waitMs });
    return waitMs === 0;
  }
}

/** Tokens for an answer of so many bytes, the one of its request among them. */
export const answerCost = (bytes: number): number =>
  Math.min(limits.answerTokensMax, Math.max(1, Math.ceil(bytes / limits.answerBytesPerToken)));
