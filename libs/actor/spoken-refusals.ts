import type { CommandId, Refusal } from '#libs/inventory/inventory.js';
import { limits } from '#libs/contracts/limits.js';

interface Spoken {
  readonly fingerprint: number;
  readonly refusal: Refusal;
  /** Until when the call may be sent again, milliseconds of the event's clock. */
  readonly untilMs: number;
}

/**
 * What an owner refused without a fact that would remember it: at the door (too_many_places,
 * not_finalized), or in words that facts of the level written cannot say. Rules and level may
 * change at any time, and one call may be sent twice while its answer is on its way (C6 of the
 * client): without this the first sending could be told "no" and the second be carried out (G4).
 * An entry lives until the deadline of the call, behind which every sending of it is too late.
 * Whoever asks again after that, under the same id, is judged anew.
 *
 * In memory: a client that has gone to another owner hears no late answer of this one (C3).
 * At most limits.spokenRefusalsMax entries; over it the oldest go.
 */
export class SpokenRefusals {
  private readonly entries = new Map<CommandId, Spoken>();

  get size(): number {
    return this.entries.size;
  }

  note(commandId: CommandId, spoken: Spoken): void {
    this.entries.delete(commandId);
    this.entries.set(commandId, spoken);
    if (this.entries.size <= limits.spokenRefusalsMax) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      break;
    }
  }

  /** Null: nothing was refused to this command, or its time is over. */
  find(commandId: CommandId, fingerprint: number, nowMs: number): Refusal | null {
    const spoken = this.entries.get(commandId);
    if (spoken === undefined || spoken.fingerprint !== fingerprint) return null;
    if (spoken.untilMs >= nowMs) return spoken.refusal;
    this.entries.delete(commandId);
    return null;
  }
}
