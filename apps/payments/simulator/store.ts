import { mkdir, open, readFile, rename, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { EventObject } from './events.js';
import type { CardBehaviour } from './test-cards.js';
import type { ChargeObject, DisputeObject, IntentObject, RefundObject } from './objects.js';

/**
 * The simulator's memory: objects in maps, every change one line of an append-only file that is
 * on disk before the request is answered, so that a kill at any moment loses nothing that a
 * client was told. A line is atomic: objects and the idempotent answer of one request.
 *
 * - Changes that arrive during an fsync share the next one.
 * - A torn last line (killed while writing) is cut off at start: nobody was answered for it.
 * - Idempotent answers are kept for 24 hours, as Stripe keeps them, and for the newest
 *   `answersMax` keys.
 * - Events are kept until they are told, the newest `untoldMax` of them.
 */
export interface Change {
  readonly intents?: readonly IntentObject[];
  readonly charges?: readonly ChargeObject[];
  readonly refunds?: readonly RefundObject[];
  readonly disputes?: readonly DisputeObject[];
  readonly pending?: readonly PendingCharge[];
  readonly pendingRefunds?: readonly PendingRefund[];
  /** To be told by webhook. */
  readonly events?: readonly EventObject[];
  /** Ids of events that nobody need be told of any more. */
  readonly told?: readonly string[];
  readonly answer?: SavedAnswer;
}

/** A charge that the bank is still deciding; over when its intent is no longer `processing`. */
export interface PendingCharge {
  readonly intent: string;
  readonly settlesAtMs: number;
  readonly then: CardBehaviour;
}

/** A refund that the bank is still deciding; over when it is told of again. */
export interface PendingRefund {
  readonly refund: string;
  readonly settlesAtMs: number;
  readonly to: 'succeeded' | 'failed';
}

export interface SavedAnswer {
  readonly key: string;
  readonly fingerprint: string;
  readonly requestId: string;
  readonly status: number;
  readonly body: string;
  readonly atSeconds: number;
}

const answersMax = 100_000;
const untoldMax = 20_000;
const answerSeconds = 24 * 3600;
const compactAboveBytes = 64 * 1024 * 1024;

export class Store {
  readonly intents = new Map<string, IntentObject>();
  readonly charges = new Map<string, ChargeObject>();
  readonly refunds = new Map<string, RefundObject>();
  readonly disputes = new Map<string, DisputeObject>();
  readonly pending = new Map<string, PendingCharge>();
  readonly pendingRefunds = new Map<string, PendingRefund>();
  readonly untold = new Map<string, EventObject>();
  private readonly answers = new Map<string, SavedAnswer>();
  /** Intent ids, oldest first. */
  readonly intentIds: string[] = [];

  private waiting: { readonly line: string; readonly done: (error: Error | null) => void }[] = [];
  private writing: Promise<void> | null = null;
  private failed: Error | null = null;

  private constructor(private file: FileHandle) {}

  static async open(path: string): Promise<Store> {
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) await truncate(path, Buffer.byteLength(whole));
    const changes = whole
      .split('\n')
      .slice(0, -1)
      .map((line, index) => parse(line, path, index + 1));
    const store = new Store(await open(path, 'a'));
    for (const change of changes) store.apply(change);
    return text.length > compactAboveBytes ? store.compacted(path) : store;
  }

  /** What the key was answered, as long as that is remembered. */
  answerOf(key: string, nowSeconds: number): SavedAnswer | null {
    const saved = this.answers.get(key);
    return saved === undefined || nowSeconds - saved.atSeconds > answerSeconds ? null : saved;
  }

  /** Takes effect in memory at once; resolves when it is on disk. */
  commit(change: Change): Promise<void> {
    this.apply(change);
    return new Promise((resolve, reject) => {
      this.waiting.push({
        line: `${JSON.stringify(change)}\n`,
        done: (error) => (error === null ? resolve() : reject(error)),
      });
      this.writing ??= this.drain();
    });
  }

  /** Resolves when everything committed so far is on disk; rejects when it cannot be. */
  async written(): Promise<void> {
    await this.writing;
    if (this.failed !== null) throw this.failed;
  }

  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  private apply(change: Change): void {
    for (const intent of change.intents ?? []) {
      if (!this.intents.has(intent.id)) this.intentIds.push(intent.id);
      this.intents.set(intent.id, intent);
      if (intent.status !== 'processing') this.pending.delete(intent.id);
    }
    for (const charge of change.charges ?? []) this.charges.set(charge.id, charge);
    for (const refund of change.refunds ?? []) {
      this.pendingRefunds.delete(refund.id);
      this.refunds.set(refund.id, refund);
    }
    for (const dispute of change.disputes ?? []) this.disputes.set(dispute.id, dispute);
    for (const one of change.pendingRefunds ?? []) this.pendingRefunds.set(one.refund, one);
    for (const pending of change.pending ?? []) this.pending.set(pending.intent, pending);
    for (const event of change.events ?? []) keepNewest(this.untold, event.id, event, untoldMax);
    for (const id of change.told ?? []) this.untold.delete(id);
    if (change.answer === undefined) return;
    // A key that is used anew is a new one, also in the order of their ages.
    this.answers.delete(change.answer.key);
    keepNewest(this.answers, change.answer.key, change.answer, answersMax);
  }

  /** After a failed write the file's end is unknown: every later change is refused too. */
  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      if (this.failed === null) {
        try {
          await this.file.appendFile(group.map((item) => item.line).join(''));
          await this.file.datasync();
        } catch (error) {
          this.failed = error instanceof Error ? error : new Error(String(error));
        }
      }
      for (const item of group) item.done(this.failed);
    }
    this.writing = null;
  }

  /** The same state with one line an object, put in place by a rename. */
  private async compacted(path: string): Promise<Store> {
    const next = `${path}.next`;
    const file = await open(next, 'w');
    for (const intent of this.intents.values()) await append(file, { intents: [intent] });
    for (const charge of this.charges.values()) await append(file, { charges: [charge] });
    for (const refund of this.refunds.values()) await append(file, { refunds: [refund] });
    for (const dispute of this.disputes.values()) await append(file, { disputes: [dispute] });
    for (const pending of this.pending.values()) await append(file, { pending: [pending] });
    for (const pending of this.pendingRefunds.values()) {
      await append(file, { pendingRefunds: [pending] });
    }
    for (const event of this.untold.values()) await append(file, { events: [event] });
    for (const answer of this.answers.values()) await append(file, { answer });
    await file.sync();
    await file.close();
    await rename(next, path);
    await this.file.close();
    this.file = await open(path, 'a');
    return this;
  }
}

function keepNewest<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  map.delete(oldest);
}

const append = (file: FileHandle, change: Change): Promise<void> =>
  file.appendFile(`${JSON.stringify(change)}\n`);

function parse(line: string, path: string, number: number): Change {
  try {
    return JSON.parse(line) as Change;
  } catch (error) {
    throw new Error(`${path} is damaged at line ${number}`, { cause: error });
  }
}
