import type { Answer, Outcome } from './decision.js';
import { FifoMap } from './fifo-map.js';
import type { CommandId } from './ids.js';
import type { Refusal } from './refusals.js';

/**
 * The answers of the last commands by id (G4), rebuilt by `evolve` from facts alone. One entry is
 * one object that lives long: the bare outcome or refusal, with its fingerprint in a column.
 */
export class CommandWindow {
  private readonly answers: FifoMap<CommandId, Outcome | Refusal>;
  private fingerprints = new Int32Array(16);

  constructor(limit: number) {
    this.answers = new FifoMap(limit);
  }

  get size(): number {
    return this.answers.size;
  }

  get limit(): number {
    return this.answers.limit;
  }

  /** 0 when the command is not remembered. */
  find(commandId: CommandId): number {
    return this.answers.find(commandId);
  }

  fingerprintAt(slot: number): number {
    return this.fingerprints[slot];
  }

  answerAt(slot: number): Answer {
    const answer = this.answers.valueAt(slot);
    if ('code' in answer) return { kind: 'refused', refusal: answer };
    return { kind: 'accepted', outcome: answer };
  }

  insert(commandId: CommandId, fingerprint: number, answer: Outcome | Refusal): void {
    const slot = this.answers.insert(commandId, answer);
    if (slot >= this.fingerprints.length) {
      const smaller = this.fingerprints;
      this.fingerprints = new Int32Array(smaller.length * 2);
      this.fingerprints.set(smaller);
    }
    this.fingerprints[slot] = fingerprint;
  }

  /** Oldest first. */
  forEach(visit: (commandId: CommandId, fingerprint: number, answer: Answer) => void): void {
    this.answers.forEach((commandId, _, slot) => {
      visit(commandId, this.fingerprints[slot], this.answerAt(slot));
    });
  }
}
