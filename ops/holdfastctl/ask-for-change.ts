import type { Pool } from 'pg';
import { errorTable, refusalErrors } from '#libs/contracts/errors.js';
import { limits } from '#libs/contracts/limits.js';
import type { EventDifference } from '#libs/catalogue/event-difference.js';
import { levelWithRules } from '#libs/inventory/inventory.js';
import type { EventId, UserId } from '#libs/inventory/ids.js';
import type { Refusal } from '#libs/inventory/refusal-codes.js';
import type { RulesOutcome } from '#libs/inventory/rules/decision.js';
import { createPostgresFactFormat } from '#libs/journal/fact-format.js';
import type { CommandContext } from './context.js';
import { CommandRefused, NotReachable } from './failures.js';
import type { ClusterLink } from './link.js';

export interface ChangeRequest {
  readonly eventId: EventId;
  /** Of its areas, by index. */
  readonly areas: readonly string[];
  /** Who asks for it, as history will have it. */
  readonly name: string;
  readonly difference: EventDifference;
}

/**
 * Asks an event's owner for other rules. Null: nobody was asked, where only what is shown changes
 * and there is no owner to ask, or the journal cannot say it yet; then history does not have it.
 */
export async function askForChange(
  context: CommandContext,
  pool: Pool,
  request: ChangeRequest,
): Promise<RulesOutcome | null> {
  const { ofRules } = request.difference;
  const level = await createPostgresFactFormat(pool).level();
  if (level < levelWithRules) {
    if (!ofRules) return null;
    throw new CommandRefused(
      'what it sells is fixed until the upgrade is finalized (holdfastctl upgrade finalize); ' +
        `differs in: ${request.difference.lines.join('; ')}`,
      request.difference.lines,
    );
  }
  try {
    return await context.withCluster((link) => ask(link, request));
  } catch (error) {
    if (ofRules || !(error instanceof NotReachable)) throw error;
    return null;
  }
}

async function ask(
  { cluster }: ClusterLink,
  { eventId, areas, name, difference }: ChangeRequest,
): Promise<RulesOutcome> {
  const { inventory } = cluster;
  const result = await inventory.call({
    eventId,
    commandId: inventory.nextCommandId(),
    keyed: false,
    userId: 'operator' as UserId,
    request: difference.change,
    by: { role: 'operator', name },
    withinMs: limits.commandDeadlineMsMax,
  });
  if (result.kind !== 'answered') {
    throw new NotReachable(
      `the owner of ${eventId} did not say whether it was changed (${result.kind}): import again`,
    );
  }
  if (result.answer.kind === 'refused') throw refused(areas, result.answer.refusal, difference);
  const { outcome } = result.answer;
  if (outcome.type !== 'rules_changed') throw new Error(`not the answer: ${outcome.type}`);
  return outcome;
}

function refused(
  areas: readonly string[],
  { code, areas: full = [], limit, field }: Refusal,
  { lines }: EventDifference,
): CommandRefused {
  const [area] = full;
  if (code === 'area_full' && area !== undefined) {
    return new CommandRefused(
      `area ${areas[area]}: ${limit} places are sold, held or blocked, and it cannot have fewer`,
      lines,
    );
  }
  const { message } = errorTable[refusalErrors[code]];
  return new CommandRefused(
    `refused: ${code}${field === undefined ? '' : ` (${field})`}: ${message}`,
    lines,
  );
}
