import type { Command } from 'commander';
import type { GatewayCall, GatewayView } from '#libs/contracts/control.js';
import type { CommandContext } from '../context.js';
import { CommandRefused, NotReachable } from '../failures.js';
import { callGateways, gatewayNamed, gatewayTable, shownGateway } from '../gateways.js';

interface LameDuckOptions {
  readonly all?: boolean;
  readonly cancel?: boolean;
  readonly dryRun?: boolean;
}

/** `gateways`, and `gateway lame-duck`: taking gateways out of service without an error. */
export function addGatewayCommands(program: Command, context: () => CommandContext): void {
  program
    .command('gateways')
    .description('list the gateways and how many clients they have')
    .action(() => listGateways(context()));
  program
    .command('gateway')
    .description('take a gateway out of service, and back')
    .command('lame-duck [name]')
    .description('let its clients go to the others: not ready, then no live maps; it serves on')
    .option('--all', 'all gateways; their clients have nowhere to go')
    .option('--cancel', 'back into service')
    .option('--dry-run', 'only say what would be done')
    .action((name: string | undefined, options: LameDuckOptions, command: Command) => {
      if ((name === undefined) !== (options.all === true)) {
        command.error('error: name one gateway, or say --all');
      }
      return lameDuck(context(), name ?? null, options);
    });
}

async function listGateways(context: CommandContext): Promise<void> {
  await context.withCluster(async ({ cluster }) => {
    const views = await callGateways(cluster, { action: 'describe', name: null });
    const text = views.length === 0 ? 'no gateway answers' : gatewayTable(context, views);
    context.print(text, views.map(shownGateway));
  });
}

async function lameDuck(
  context: CommandContext,
  name: string | null,
  options: LameDuckOptions,
): Promise<void> {
  await context.withCluster(async ({ cluster }) => {
    const known = await callGateways(cluster, { action: 'describe', name: null });
    if (known.length === 0) throw new NotReachable('no gateway answers');
    const meant = name === null ? known : [gatewayNamed(known, name)];
    const action = options.cancel === true ? 'cancel' : 'lame_duck';
    const clients = meant.reduce((sum, view) => sum + view.sockets + view.streams, 0);
    const names = meant.map((view) => view.name);
    if (options.dryRun === true) {
      const what = action === 'cancel' ? 'take back into service' : 'put into lame duck';
      const text = `would ${what}: ${names.join(', ')}; open live maps: ${clients}`;
      context.print(text, { result: 'dry_run', action, gateways: meant.map(shownGateway) });
      return;
    }
    const call: GatewayCall = { action, name: name === null ? null : names[0] };
    const after = await callGateways(cluster, call);
    const changed = after.filter((view) => view.changed);
    const now = after.filter((view) => names.includes(view.name));
    if (changed.length === 0) throw new CommandRefused(unchanged(now, action));
    context.print(gatewayTable(context, now), {
      result: 'done',
      action,
      changed: changed.map((view) => view.name),
      gateways: now.map(shownGateway),
    });
  });
}

function unchanged(views: readonly GatewayView[], action: GatewayCall['action']): string {
  const states = views.map((view) => `${view.name} is ${view.state.replace('_', ' ')}`).join(', ');
  const wanted = action === 'cancel' ? 'no lame duck to call back' : 'nothing to do';
  return `${wanted}: ${states === '' ? 'no gateway answers any more' : states}`;
}
