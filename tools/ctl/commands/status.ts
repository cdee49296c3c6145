import type { Command } from 'commander';
import { CommandFailed, type CommandContext } from '../context.js';

const answerTimeoutMs = 2_000;

/** `status`: which processes run, whether the gateways are ready, what the database holds. */
export function addStatusCommand(program: Command, context: () => CommandContext): void {
  program
    .command('status')
    .description('say whether the system runs and is ready')
    .action(() => showStatus(context()));
}

interface Counts {
  readonly events: number;
  readonly plans: number;
  readonly owned: number;
}

async function showStatus(context: CommandContext): Promise<void> {
  const system = context.system();
  const gateways = await Promise.all(
    system.gatewayUrls.map(async (url) => ({ url, ready: await isReady(url) })),
  );
  const counts = await context.withDatabase(async (pool) => {
    const { rows } = await pool.query<Counts>(countStatement);
    return rows[0];
  });
  const lines = [
    ...gateways.map(({ url, ready }) => `gateway   ${url}  ${ready ? 'ready' : 'NOT READY'}`),
    ...system.children.map(({ name, pid }) => `process   ${name}  pid ${pid}`),
    `events    ${counts.events} on ${counts.plans} plans, ${counts.owned} owned by a shard now`,
  ];
  context.print(lines.join('\n'), { gateways, processes: system.children, ...counts });
  const notReady = gateways.filter(({ ready }) => !ready);
  if (notReady.length > 0) {
    throw new CommandFailed(`not ready: ${notReady.map(({ url }) => url).join(', ')}`);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/readyz', url), {
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

const countStatement = `
  SELECT (SELECT count(*)::integer FROM event) AS events,
         (SELECT count(*)::integer FROM seating_plan) AS plans,
         (SELECT count(*)::integer FROM ownership WHERE shard IS NOT NULL) AS owned`;
