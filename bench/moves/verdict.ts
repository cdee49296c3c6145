import { verifyEvent } from '#ops/verify/verify.js';
import type { ClusterLink } from '#ops/holdfastctl/link.js';
import { pooled } from './pooled.js';

export interface OracleVerdict {
  readonly events: number;
  readonly wrong: readonly string[];
}

/** What the oracle says to the journals of these events. */
export async function verdictOn(
  link: ClusterLink,
  eventIds: readonly string[],
): Promise<OracleVerdict> {
  const wrong: string[] = [];
  await pooled(2, eventIds, async (eventId) => {
    const verified = await verifyEvent(link.pool, eventId);
    if (verified === null) wrong.push(`${eventId}: it is gone`);
    for (const { name, wrong: count, examples } of verified?.verdict.checks ?? []) {
      if (count > 0) wrong.push(`${eventId}: ${name}: ${examples[0]}`);
    }
  });
  return { events: eventIds.length, wrong };
}

export const verdictLines = ({ events, wrong }: OracleVerdict): string[] => [
  `oracle: ${events} events, ${wrong.length === 0 ? 'clean' : 'NOT CLEAN'}`,
  ...wrong.slice(0, 10).map((problem) => `  ${problem}`),
];
