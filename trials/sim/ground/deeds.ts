import type { Answer, Command, CommandId, EventId, UserId } from '#libs/inventory/inventory.js';
import type { CallResult } from '#libs/routing/inventory-call.js';

/**
 * One command of one client, however often it was sent: when it began, when its first answer came,
 * and whether answers disagreed. Times are true ones, not those of any process.
 */
export interface Deed {
  readonly no: number;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly commandId: CommandId;
  readonly keyed: boolean;
  readonly command: Command;
  readonly invokedAtMs: number;
  answeredAtMs: number | null;
  answer: Answer | null;
  /** A try ended without saying whether it ran. */
  maybe: boolean;
  tries: number;
  /** Tries that ended, in whatever way. */
  ended: number;
}

/** A map read from its owner, for the order of real time. */
export interface Look {
  readonly eventId: EventId;
  readonly invokedAtMs: number;
  readonly answeredAtMs: number;
  readonly statuses: Uint8Array;
}

/** Everything clients did and heard, the only witness that does not trust the journal. */
export class Deeds {
  readonly all: Deed[] = [];
  readonly looks: Look[] = [];
  /** Answers that may not be, found while the run goes on. */
  readonly contradictions: string[] = [];

  begin(deed: Pick<Deed, 'eventId' | 'userId' | 'commandId' | 'keyed' | 'command'>, atMs: number) {
    const made: Deed = {
      no: this.all.length + 1,
      invokedAtMs: atMs,
      answeredAtMs: null,
      answer: null,
      maybe: false,
      tries: 0,
      ended: 0,
      ...deed,
    };
    this.all.push(made);
    return made;
  }

  /**
   * One try, sent at `sentAtMs`, ended. `unavailable` that was not executed leaves no trace and
   * says nothing.
   */
  heard(deed: Deed, result: CallResult, sentAtMs: number, atMs: number): void {
    deed.ended += 1;
    if (result.kind === 'unknown') deed.maybe = true;
    if (result.kind === 'unavailable' && result.executed !== 'no') deed.maybe = true;
    if (result.kind !== 'answered') return;
    if (deed.answer === null || isJudgedAnew(deed, sentAtMs)) {
      deed.answer = result.answer;
      deed.answeredAtMs = atMs;
      return;
    }
    if (mayDiffer(deed) || sameAnswer(deed.answer, result.answer)) return;
    this.contradictions.push(
      `G4: ${deed.commandId} was answered ${brief(deed.answer)} and then ${brief(result.answer)}`,
    );
  }
}

/** A refusal without a caller's id is not remembered: asked again, it may be accepted. */
const mayDiffer = ({ keyed, answer }: Deed): boolean => !keyed && answer?.kind === 'refused';

/**
 * What the journal could not say yet left nothing in it: who asks again, once he has heard so, may
 * find the upgrade finalized meanwhile. A try that was under way when he heard it may not.
 */
const isJudgedAnew = ({ answer, answeredAtMs }: Deed, sentAtMs: number): boolean =>
  answer?.kind === 'refused' &&
  answer.refusal.code === 'not_finalized' &&
  answeredAtMs !== null &&
  sentAtMs >= answeredAtMs;

const sameAnswer = (a: Answer, b: Answer): boolean => JSON.stringify(a) === JSON.stringify(b);

export function brief(answer: Answer | null): string {
  if (answer === null) return 'nothing';
  return answer.kind === 'refused' ? answer.refusal.code : answer.outcome.type;
}

/** A deed as a gateway passes it on. */
export const callOf = ({ eventId, commandId, keyed, userId, command }: Deed) => ({
  eventId,
  commandId,
  keyed,
  userId,
  request: command,
});
