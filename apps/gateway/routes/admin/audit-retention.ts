import { limits } from '#libs/contracts/limits.js';
import type { Office } from '#libs/office/office.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';

export interface RetentionPorts {
  readonly office: Pick<Office, 'forgetAudit'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const dayMs = 86_400_000;

/**
 * Removes what is older than `days` from the record of who asked for what; 0 removes nothing.
 * Every gateway does so, auditSweptMax rows each auditSweepMs (G8), and none waits for another.
 * Returns what ends it.
 */
export function keepAudit({ office, clock, log }: RetentionPorts, days: number): () => void {
  if (days === 0) return () => undefined;
  const sweep = async (): Promise<void> => {
    try {
      const removed = await office.forgetAudit(days * dayMs, limits.auditSweptMax);
      if (removed > 0) log.info({ removed, days }, 'old rows of the audit were removed');
    } catch (error) {
      log.warn({ err: error }, 'old rows of the audit could not be removed');
    }
  };
  return clock.every(limits.auditSweepMs, () => void sweep());
}
