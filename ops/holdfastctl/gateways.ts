import { encodeBody, readAnswer } from '#libs/bus/control-call.js';
import type { GatewayCall, GatewayView } from '#libs/contracts/control.js';
import { subjects } from '#libs/contracts/subjects.js';
import { systemRandom } from '#libs/platform/random.js';
import type { CommandContext } from './context.js';
import { CommandRefused } from './failures.js';
import type { Cluster } from './link.js';

const gatewaysAnswerMs = 250;

/** Asks all gateways at once; the answers of those that gave one in time. */
export function askGateways<Answer>(
  { bus }: Cluster,
  subject: string,
  body: unknown,
): Promise<Answer[]> {
  return new Promise((resolve) => {
    const answers: Answer[] = [];
    const inbox = subjects.replies(bus.role, `ctl-${systemRandom.token(8)}`, 'gateways');
    const subscription = bus.subscribe(inbox, (message) => {
      if (message.noResponders) return;
      const reply = readAnswer<Answer>(message.payload);
      if (reply.kind === 'ok') answers.push(reply.body);
    });
    bus.publish(subject, encodeBody(body), inbox);
    setTimeout(() => {
      subscription.unsubscribe();
      resolve(answers);
    }, gatewaysAnswerMs);
  });
}

export async function callGateways(
  cluster: Cluster,
  call: GatewayCall,
): Promise<readonly GatewayView[]> {
  const views = await askGateways<GatewayView>(cluster, subjects.gateways, call);
  return views.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One gateway by its name; its host is enough where that is unique. */
export function gatewayNamed(views: readonly GatewayView[], name: string): GatewayView {
  const exact = views.find((view) => view.name === name);
  const named = views.filter((view) => view.host === name);
  if (exact !== undefined) return exact;
  if (named.length === 1) return named[0];
  const known = views.map((view) => view.name).join(', ');
  throw new CommandRefused(
    named.length > 1
      ? `${named.length} gateways run on ${name}; name one of: ${known}`
      : `no gateway ${name}; alive: ${known === '' ? 'none' : known}`,
  );
}

export function gatewayTable(context: CommandContext, views: readonly GatewayView[]): string {
  const header = ['gateway', 'pid', 'edge', 'state', 'for s', 'sockets', 'streams', 'requests'];
  const rows = views.map((view) => [
    view.name,
    view.pid,
    view.edge ?? '?',
    wordOf[view.state],
    Math.round(view.stateMs / 1_000),
    view.sockets,
    view.streams,
    view.requestsInFlight,
  ]);
  return context.table(header, rows);
}

const wordOf = { serving: 'serving', lame_duck: 'LAME DUCK', stopping: 'STOPPING' } as const;

export const shownGateway = (view: GatewayView): Record<string, unknown> => ({
  name: view.name,
  host: view.host,
  pid: view.pid,
  port: view.port,
  edge: view.edge ?? null,
  state: view.state,
  state_ms: Math.round(view.stateMs),
  sockets: view.sockets,
  streams: view.streams,
  requests_in_flight: view.requestsInFlight,
});
